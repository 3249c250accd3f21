"""The grade that each link shows, and scores that wait for a column."""

revision, down_revision = "0021", "0020"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
