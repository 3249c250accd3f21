"""Files that were brought in."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0039", "0038"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column(
            "subject",
            sa.Enum(
                "sessions", "attendance", name="subject", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("formats", sa.JSON(), nullable=False),
        sa.Column("uploaded_by", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("already", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "finished_at IS NULL OR file_id IS NULL", name=op.f("ck_import_batch_finished_without_file")
        ),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_import_batch_digest_whole")),
        sa.ForeignKeyConstraint(
            ["institute_id", "file_id"],
            ["stored_file.institute_id", "stored_file.id"],
            name=op.f("fk_import_batch_institute_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "uploaded_by"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_import_batch_institute_id_uploaded_by"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_import_batch_tenant")),
    )
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.create_index("ix_import_batch_institute_id", ["institute_id", "finished_at"], unique=False)

    op.create_table(
        "imported_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column(
            "subject",
            sa.Enum(
                "sessions", "attendance", name="subject", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("external_id", sa.String(length=120), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("log_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(subject = 'sessions') = (log_id IS NOT NULL)", name=op.f("ck_imported_row_session_has_log")
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "batch_id"],
            ["import_batch.institute_id", "import_batch.id"],
            name=op.f("fk_imported_row_institute_id_batch_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "log_id"],
            ["session_log.institute_id", "session_log.id"],
            name=op.f("fk_imported_row_institute_id_log_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_row")),
        sa.UniqueConstraint(
            "institute_id", "subject", "external_id", name=op.f("uq_imported_row_external_id")
        ),
    )
    with op.batch_alter_table("imported_row", schema=None) as batch_op:
        batch_op.create_index("ix_imported_row_batch_id", ["batch_id"], unique=False)
        batch_op.create_index("ix_imported_row_log_id", ["log_id"], unique=False)


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("imported_row", schema=None) as batch_op:
        batch_op.drop_index("ix_imported_row_log_id")
        batch_op.drop_index("ix_imported_row_batch_id")

    op.drop_table("imported_row")
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.drop_index("ix_import_batch_institute_id")

    op.drop_table("import_batch")
