"""The guides of a module as documents."""

revision, down_revision = "0029", "0028"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
