"""Make the tables of coaching: policies, session logs, what the two sides said."""

revision, down_revision = "0007", "0006"


def upgrade() -> None:
    """Make them, parents first."""


def downgrade() -> None:
    """Drop them, children first."""
