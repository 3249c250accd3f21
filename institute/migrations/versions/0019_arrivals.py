"""Message types, mentors, copies, and deployments given to an institute."""

revision, down_revision = "0019", "0018"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
