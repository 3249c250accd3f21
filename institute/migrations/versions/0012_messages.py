"""Let a mailed link open one thing: it remembers roles, place and target, so that a new one can be sent for it."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0012", "0011"


def upgrade() -> None:
    """Add them; a link that is there opens the start page, as it did."""
    with op.batch_alter_table("sign_in_link", schema=None) as batch_op:
        batch_op.add_column(sa.Column("roles", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("place", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("target", sa.String(length=500), nullable=False, server_default="/"))
    with op.batch_alter_table("sign_in_link", schema=None) as batch_op:
        batch_op.alter_column("roles", existing_type=sa.JSON(), existing_nullable=False, server_default=None)
        batch_op.alter_column(
            "target", existing_type=sa.String(length=500), existing_nullable=False, server_default=None
        )
        batch_op.create_index("ix_sign_in_link_expires_at", ["expires_at"], unique=False)


def downgrade() -> None:
    """Take them back."""
    with op.batch_alter_table("sign_in_link", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_link_expires_at")
        batch_op.drop_column("target")
        batch_op.drop_column("place")
        batch_op.drop_column("roles")
