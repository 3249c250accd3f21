"""Frameworks of competencies, and the vocabularies of an institute."""

revision, down_revision = "0027", "0026"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
