"""The name that somebody asks for when they apply, until the office answers."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0059", "0058"


def upgrade() -> None:
    """Add the name that is asked for, and why, or why not."""
    op.add_column("application", sa.Column("wished_name", sa.String(length=300), nullable=True))
    op.add_column("application", sa.Column("wish_note", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Take them away again: what was asked for stands in the steps of the application."""
    op.drop_column("application", "wish_note")
    op.drop_column("application", "wished_name")
