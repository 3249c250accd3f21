"""The versions of a programme."""

revision, down_revision = "0024", "0023"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
