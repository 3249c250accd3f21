"""The guides of a module as documents: wished for once, made by the worker, kept for everybody who reads the same."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0029", "0028"


def upgrade() -> None:
    """Make the table of documents."""
    op.create_table(
        "guide_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("module_id", sa.Integer(), nullable=False),
        sa.Column(
            "rendering",
            sa.Enum(
                "participant",
                "coach",
                "quick",
                name="rendering",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column(
            "paper",
            sa.Enum("a4", "letter", name="paper", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("closed", sa.Text(), nullable=False),
        sa.Column("edition", sa.String(length=16), nullable=False),
        sa.Column("wished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(file_id IS NULL) = (made_at IS NULL)", name=op.f("ck_guide_document_made_whole")
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "file_id"],
            ["stored_file.institute_id", "stored_file.id"],
            name=op.f("fk_guide_document_institute_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_guide_document_institute_id")
        ),
        sa.ForeignKeyConstraint(
            ["module_id"], ["module.id"], name=op.f("fk_guide_document_module_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide_document")),
        sa.UniqueConstraint(
            "module_id", "rendering", "locale", "paper", "closed", name=op.f("uq_guide_document_once")
        ),
    )
    with op.batch_alter_table("guide_document") as table:
        table.create_index(op.f("ix_guide_document_institute_id"), ["institute_id"], unique=False)


def downgrade() -> None:
    """Take the table away; the bytes of its documents are swept."""
    with op.batch_alter_table("guide_document") as table:
        table.drop_index(op.f("ix_guide_document_institute_id"))
    op.drop_table("guide_document")
