"""Rosters of courses."""

revision, down_revision = "0020", "0019"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
