"""The library of resources."""

revision, down_revision = "0026", "0025"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
