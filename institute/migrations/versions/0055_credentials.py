"""Open Badges as they were issued."""

import sqlalchemy as sa
from alembic import op

from institute.db import append_only_ddl, append_only_removal

revision, down_revision = "0055", "0054"


def upgrade() -> None:
    """Keep each badge as it was signed, for ever."""
    op.create_table(
        "award_credential",
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("jwt", sa.Text(), nullable=False),
        sa.Column("badge_key_id", sa.Integer(), nullable=False),
        sa.Column("jwt_key_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institute_id", "award_id"],
            ["award.institute_id", "award.id"],
            name=op.f("fk_award_credential_institute_id_award_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "badge_key_id"],
            ["institute_key.institute_id", "institute_key.id"],
            name=op.f("fk_award_credential_institute_id_badge_key_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "jwt_key_id"],
            ["institute_key.institute_id", "institute_key.id"],
            name=op.f("fk_award_credential_institute_id_jwt_key_id"),
        ),
        sa.PrimaryKeyConstraint("award_id", name=op.f("pk_award_credential")),
    )
    for verb in ("update", "delete"):
        for statement in append_only_ddl("award_credential", verb)[op.get_bind().dialect.name]:
            op.execute(statement)


def downgrade() -> None:
    """Forget the badges; those in certificates stay what they are."""
    for verb in ("update", "delete"):
        for statement in append_only_removal("award_credential", verb)[op.get_bind().dialect.name]:
            op.execute(statement)
    op.drop_table("award_credential")
