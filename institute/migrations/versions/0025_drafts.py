"""What authors write before it is published."""

revision, down_revision = "0025", "0024"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
