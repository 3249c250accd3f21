"""Institutes that are samples."""

revision, down_revision = "0030", "0029"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
