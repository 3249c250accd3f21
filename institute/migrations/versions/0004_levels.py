"""Make the table of levels."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0004", "0003"


def upgrade() -> None:
    """Make them, parents first."""
    op.create_table(
        "level",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("name", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("summary", sa.JSON(none_as_null=True), nullable=False),
        sa.CheckConstraint("position >= 1", name=op.f("ck_level_position_counts_from_one")),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_level_institute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_level")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_level_tenant")),
        sa.UniqueConstraint("institute_id", "key", name=op.f("uq_level_key")),
        sa.UniqueConstraint("institute_id", "position", name=op.f("uq_level_position")),
    )


def downgrade() -> None:
    """Drop them, children first."""
    op.drop_table("level")
