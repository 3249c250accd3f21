"""Registrations by address: invitations, and those that wait for approval."""

revision, down_revision = "0015", "0014"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
