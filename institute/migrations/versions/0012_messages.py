"""Make the tables of messages."""

revision, down_revision = "0012", "0011"


def upgrade() -> None:
    """Make them, parents first."""


def downgrade() -> None:
    """Drop them, children first."""
