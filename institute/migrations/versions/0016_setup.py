"""What administrators decide about a registration, and its latest check."""

revision, down_revision = "0016", "0015"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
