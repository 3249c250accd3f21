"""Institutes that are samples, and those that were removed."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0030", "0029"


def upgrade() -> None:
    """No institute is a sample but one that is loaded as one: what there is holds people's work."""
    with op.batch_alter_table("institute", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sample", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(sa.text("UPDATE institute SET sample = :no").bindparams(no=False))
    with op.batch_alter_table("institute", schema=None) as batch_op:
        batch_op.alter_column("sample", existing_type=sa.Boolean(), nullable=False)


def downgrade() -> None:
    """Forget which were samples. A removed one stays as an empty institute."""
    with op.batch_alter_table("institute", schema=None) as batch_op:
        batch_op.drop_column("removed_at")
        batch_op.drop_column("sample")
