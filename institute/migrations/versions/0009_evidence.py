"""Make the tables of evidence: requirements, submissions, their files."""

revision, down_revision = "0009", "0008"


def upgrade() -> None:
    """Make them, parents first."""


def downgrade() -> None:
    """Drop them, children first."""
