"""Make the table of the levels' rules, and let a level say what its holder may be called."""

import sqlalchemy as sa
from alembic import op

from institute.db import append_only_ddl, append_only_removal

revision, down_revision = "0013", "0012"


def upgrade() -> None:
    """Make it, and let nothing in it change."""
    with op.batch_alter_table("level", schema=None) as batch_op:
        batch_op.add_column(sa.Column("title", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "rule_set",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_rule_set_version_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["institute_id", "level_id"],
            ["level.institute_id", "level.id"],
            name=op.f("fk_rule_set_institute_id_level_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_rule_set_institute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_set")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_rule_set_tenant")),
        sa.UniqueConstraint("level_id", "version", name=op.f("uq_rule_set_version")),
    )
    for verb in ("update", "delete"):
        for statement in append_only_ddl("rule_set", verb)[op.get_bind().dialect.name]:
            op.execute(statement)


def downgrade() -> None:
    """Drop it with its triggers."""
    for verb in ("update", "delete"):
        for statement in append_only_removal("rule_set", verb)[op.get_bind().dialect.name]:
            op.execute(statement)
    op.drop_table("rule_set")
    with op.batch_alter_table("level", schema=None) as batch_op:
        batch_op.drop_column("title")
