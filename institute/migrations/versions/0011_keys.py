"""Make the table of an institute's keys."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0011", "0010"


def upgrade() -> None:
    """Make them, parents first."""
    op.create_table(
        "institute_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "document",
                "badge",
                "badge_jwt",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leaked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed_private", sa.LargeBinary(), nullable=True),
        sa.Column("public_jwk", sa.JSON(), nullable=False),
        sa.Column("certificate_der", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(purpose = 'document') = (certificate_der IS NOT NULL)",
            name=op.f("ck_institute_key_documents_have_certificate"),
        ),
        sa.CheckConstraint(
            "(retired_at IS NULL) = (sealed_private IS NOT NULL)",
            name=op.f("ck_institute_key_private_while_in_use"),
        ),
        sa.CheckConstraint(
            "leaked_at IS NULL OR retired_at IS NOT NULL", name=op.f("ck_institute_key_leaked_is_retired")
        ),
        sa.CheckConstraint(
            "retired_at IS NULL OR retired_at >= created_at", name=op.f("ck_institute_key_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_institute_key_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institute_key")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_institute_key_tenant")),
    )
    with op.batch_alter_table("institute_key", schema=None) as batch_op:
        batch_op.create_index(
            "uq_institute_key_in_use",
            ["institute_id", "purpose"],
            unique=True,
            sqlite_where=sa.text("retired_at IS NULL"),
            postgresql_where=sa.text("retired_at IS NULL"),
        )


def downgrade() -> None:
    """Drop them, children first."""
    with op.batch_alter_table("institute_key", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_institute_key_in_use",
            sqlite_where=sa.text("retired_at IS NULL"),
            postgresql_where=sa.text("retired_at IS NULL"),
        )

    op.drop_table("institute_key")
