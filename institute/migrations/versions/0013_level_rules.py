"""Make the table of the levels' rules."""

revision, down_revision = "0013", "0012"


def upgrade() -> None:
    """Make them, parents first."""


def downgrade() -> None:
    """Drop them, children first."""
