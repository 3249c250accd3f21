"""Make the first tables."""

from alembic import op

from institute.db import Base

revision, down_revision = "0001", None


def upgrade() -> None:
    """Make them."""
    Base.metadata.create_all(op.get_bind())


def downgrade() -> None:
    """Drop them."""
    Base.metadata.drop_all(op.get_bind())
