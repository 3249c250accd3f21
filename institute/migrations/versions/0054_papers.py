"""More documents of an award."""

import sqlalchemy as sa
from alembic import op

from institute.db import append_only_ddl, append_only_removal

revision, down_revision = "0054", "0053"


def upgrade() -> None:
    """Keep transcripts and forms beside certificates, each once and for ever."""
    op.create_table(
        "award_paper",
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "transcript",
                "completion_form",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institute_id", "award_id"],
            ["award.institute_id", "award.id"],
            name=op.f("fk_award_paper_institute_id_award_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "file_id"],
            ["stored_file.institute_id", "stored_file.id"],
            name=op.f("fk_award_paper_institute_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "key_id"],
            ["institute_key.institute_id", "institute_key.id"],
            name=op.f("fk_award_paper_institute_id_key_id"),
        ),
        sa.PrimaryKeyConstraint("award_id", "kind", name=op.f("pk_award_paper")),
    )
    for verb in ("update", "delete"):
        for statement in append_only_ddl("award_paper", verb)[op.get_bind().dialect.name]:
            op.execute(statement)


def downgrade() -> None:
    """Forget the transcripts and forms."""
    for verb in ("update", "delete"):
        for statement in append_only_removal("award_paper", verb)[op.get_bind().dialect.name]:
            op.execute(statement)
    op.drop_table("award_paper")
