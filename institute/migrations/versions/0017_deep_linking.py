"""What deep linking keeps."""

revision, down_revision = "0017", "0016"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
