"""Make the tables of scoring: rubrics, tasks, score sheets."""

revision, down_revision = "0010", "0009"


def upgrade() -> None:
    """Make them, parents first."""


def downgrade() -> None:
    """Drop them, children first."""
