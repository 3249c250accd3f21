"""Make the tables of files that arrive in pieces, and of clean copies for readers who must not learn whose they are."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0044", "0043"


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "clean_copy",
        sa.Column("file_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "wished", "made", "failed", name="state", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("clean_id", sa.Integer(), nullable=True),
        sa.Column("wished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'made') = (clean_id IS NOT NULL)", name=op.f("ck_clean_copy_made_with_file")
        ),
        sa.CheckConstraint("clean_id IS NULL OR clean_id <> file_id", name=op.f("ck_clean_copy_not_itself")),
        sa.ForeignKeyConstraint(
            ["institute_id", "clean_id"],
            ["stored_file.institute_id", "stored_file.id"],
            name=op.f("fk_clean_copy_institute_id_clean_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "file_id"],
            ["stored_file.institute_id", "stored_file.id"],
            name=op.f("fk_clean_copy_institute_id_file_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_clean_copy_institute_id")),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_clean_copy")),
        sa.UniqueConstraint("clean_id", name=op.f("uq_clean_copy_clean")),
    )
    op.create_table(
        "upload",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("about", sa.String(length=120), nullable=False),
        sa.Column("kinds", sa.String(length=200), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "arriving",
                "whole",
                "ready",
                "refused",
                "claimed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("refusal", sa.String(length=40), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("holder", sa.String(length=22), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'arriving') = (received < length)", name=op.f("ck_upload_arriving_until_whole")
        ),
        sa.CheckConstraint(
            "(state = 'ready') = (file_id IS NOT NULL)", name=op.f("ck_upload_ready_with_file")
        ),
        sa.CheckConstraint(
            "(state = 'refused') = (refusal <> '')", name=op.f("ck_upload_refused_with_reason")
        ),
        sa.CheckConstraint("length > 0", name=op.f("ck_upload_not_empty")),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_upload_named")),
        sa.CheckConstraint("received BETWEEN 0 AND length", name=op.f("ck_upload_received_of_length")),
        sa.ForeignKeyConstraint(
            ["institute_id", "file_id"],
            ["stored_file.institute_id", "stored_file.id"],
            name=op.f("fk_upload_institute_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "person_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_upload_institute_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_upload_institute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
        sa.UniqueConstraint("file_id", name=op.f("uq_upload_file")),
    )
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.create_index("ix_upload_expires_at", ["expires_at"], unique=False)
        batch_op.create_index("ix_upload_person_id", ["institute_id", "person_id"], unique=False)


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.drop_index("ix_upload_person_id")
        batch_op.drop_index("ix_upload_expires_at")

    op.drop_table("upload")
    op.drop_table("clean_copy")
