"""What participants do, and their plans."""

revision, down_revision = "0028", "0027"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
