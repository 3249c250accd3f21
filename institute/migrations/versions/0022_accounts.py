"""Accounts at two platforms that are one person."""

revision, down_revision = "0022", "0021"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
