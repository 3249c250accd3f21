"""Make the table of stored files."""

import sqlalchemy as sa
from alembic import op

from institute.db import append_only_ddl, append_only_removal

revision, down_revision = "0008", "0007"


def upgrade() -> None:
    """Make them, parents first."""
    op.create_table(
        "stored_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_stored_file_named")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_stored_file_digest_whole")),
        sa.CheckConstraint("size > 0", name=op.f("ck_stored_file_not_empty")),
        sa.ForeignKeyConstraint(
            ["institute_id", "owner_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_stored_file_institute_id_owner_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_stored_file_institute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_stored_file_tenant")),
    )
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.create_index("ix_stored_file_sha256", ["sha256"], unique=False)
    for statement in append_only_ddl("stored_file", "update")[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """Drop them, children first."""
    for statement in append_only_removal("stored_file", "update")[op.get_bind().dialect.name]:
        op.execute(statement)
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.drop_index("ix_stored_file_sha256")

    op.drop_table("stored_file")
