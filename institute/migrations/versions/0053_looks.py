"""How an institute's documents look, each saving by itself, and pages made to look at."""

import sqlalchemy as sa
from alembic import op

from institute.db import append_only_ddl, append_only_removal

revision, down_revision = "0053", "0052"

LOOK = "document_look"


def upgrade() -> None:
    """Make both tables; what was saved never changes."""
    op.create_table(
        LOOK,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_document_look_version_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["institute_id", "created_by"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_document_look_institute_id_created_by"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_document_look_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_look")),
        sa.UniqueConstraint("institute_id", "version", name=op.f("uq_document_look_version")),
    )
    for verb in ("update", "delete"):
        for statement in append_only_ddl(LOOK, verb)[op.get_bind().dialect.name]:
            op.execute(statement)
    op.create_table(
        "look_preview",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("wished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("picture_id", sa.Integer(), nullable=True),
        sa.Column("problem", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["institute_id", "file_id"],
            ["stored_file.institute_id", "stored_file.id"],
            name=op.f("fk_look_preview_institute_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "picture_id"],
            ["stored_file.institute_id", "stored_file.id"],
            name=op.f("fk_look_preview_institute_id_picture_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "person_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_look_preview_institute_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_look_preview_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look_preview")),
        sa.UniqueConstraint("person_id", "locale", name=op.f("uq_look_preview_person_locale")),
    )


def downgrade() -> None:
    """Take both away again; awards keep what they froze."""
    op.drop_table("look_preview")
    for verb in ("update", "delete"):
        for statement in append_only_removal(LOOK, verb)[op.get_bind().dialect.name]:
            op.execute(statement)
    op.drop_table(LOOK)
