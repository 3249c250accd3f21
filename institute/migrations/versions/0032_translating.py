"""What translators do."""

revision, down_revision = "0032", "0031"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
