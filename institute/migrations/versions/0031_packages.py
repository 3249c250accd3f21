"""Packages that were handed in and wait for somebody's word."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0031", "0030"


def upgrade() -> None:
    """Make room for packages that wait."""
    op.create_table(
        "package_upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_by", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institute_id", "file_id"],
            ["stored_file.institute_id", "stored_file.id"],
            name=op.f("fk_package_upload_institute_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "uploaded_by"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_package_upload_institute_id_uploaded_by"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package_upload")),
        sa.UniqueConstraint("file_id", name=op.f("uq_package_upload_file")),
    )
    op.create_index("ix_package_upload_uploaded_at", "package_upload", ["uploaded_at"])


def downgrade() -> None:
    """Forget the packages that wait; their files stay for a sweep."""
    op.drop_index("ix_package_upload_uploaded_at", table_name="package_upload")
    op.drop_table("package_upload")
