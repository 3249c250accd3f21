"""Rubrics are written in the browser: what is being written of them, and every text that was saved."""

import sqlalchemy as sa
from alembic import op

from institute.db import append_only_ddl, append_only_removal

revision, down_revision = "0050", "0049"

SAVES = "rubric_save"


def upgrade() -> None:
    """Make both tables; what was saved never changes."""
    op.create_table(
        "rubric_writing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("base_version >= 0", name=op.f("ck_rubric_writing_base_version_counts")),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_rubric_writing_revision_positive")),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_rubric_writing_institute_id")
        ),
        sa.ForeignKeyConstraint(["updated_by"], ["person.id"], name=op.f("fk_rubric_writing_updated_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rubric_writing")),
        sa.UniqueConstraint("institute_id", "key", name=op.f("uq_rubric_writing_key")),
    )
    op.create_index(op.f("ix_rubric_writing_updated_by"), "rubric_writing", ["updated_by"])
    op.create_table(
        SAVES,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("kept", "clashed", name="outcome", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_rubric_save_author_id")),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_rubric_save_institute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rubric_save")),
    )
    op.create_index(op.f("ix_rubric_save_author_id"), SAVES, ["author_id"])
    op.create_index("ix_rubric_save_key", SAVES, ["institute_id", "key", "id"])
    for verb in ("update", "delete"):
        for statement in append_only_ddl(SAVES, verb)[op.get_bind().dialect.name]:
            op.execute(statement)


def downgrade() -> None:
    """Take both away again."""
    for verb in ("update", "delete"):
        for statement in append_only_removal(SAVES, verb)[op.get_bind().dialect.name]:
            op.execute(statement)
    op.drop_table(SAVES)
    op.drop_table("rubric_writing")
