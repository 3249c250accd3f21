"""What was answered to a platform's request for content."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0017", "0016"


def upgrade() -> None:
    """Make the answers' table."""
    op.create_table(
        "lti_deep_linking_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.String(length=24), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sendings", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(nonce) > 0", name=op.f("ck_lti_deep_linking_answer_nonce_not_empty")),
        sa.CheckConstraint("sendings >= 1", name=op.f("ck_lti_deep_linking_answer_sent_once_at_least")),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_lti_deep_linking_answer_institute_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["launch_session.id"], name=op.f("fk_lti_deep_linking_answer_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_deep_linking_answer")),
        sa.UniqueConstraint("session_id", name=op.f("uq_lti_deep_linking_answer_session")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("lti_deep_linking_answer")
