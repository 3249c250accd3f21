"""Notices of platforms, and what the door keeps of them."""

revision, down_revision = "0018", "0017"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
