"""Make the tables of awards: applications, awards, what became of them."""

revision, down_revision = "0014", "0013"


def upgrade() -> None:
    """Make them, parents first."""


def downgrade() -> None:
    """Drop them, children first."""
