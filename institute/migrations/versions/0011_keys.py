"""Make the table of an institute's keys."""

revision, down_revision = "0011", "0010"


def upgrade() -> None:
    """Make them, parents first."""


def downgrade() -> None:
    """Drop them, children first."""
