"""How tasks find their raters: after how many days they are given out, and when a rater first saw the evidence."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0049", "0048"


def upgrade() -> None:
    """Let institutes say when tasks are given out; whoever held one before had taken it themselves."""
    op.create_table(
        "scoring_setting",
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("days_open", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "days_open IS NULL OR days_open BETWEEN 0 AND 30", name=op.f("ck_scoring_setting_few_days")
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_scoring_setting_institute_id")
        ),
        sa.PrimaryKeyConstraint("institute_id", name=op.f("pk_scoring_setting")),
    )
    op.add_column("score_sheet", sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE score_sheet SET opened_at = begun_at")


def downgrade() -> None:
    """Forget both."""
    with op.batch_alter_table("score_sheet") as batch:
        batch.drop_column("opened_at")
    op.drop_table("scoring_setting")
