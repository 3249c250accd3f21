"""Make the table of stored files."""

revision, down_revision = "0008", "0007"


def upgrade() -> None:
    """Make them, parents first."""


def downgrade() -> None:
    """Drop them, children first."""
