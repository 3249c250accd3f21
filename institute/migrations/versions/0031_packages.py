"""Packages that were read."""

revision, down_revision = "0031", "0030"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
