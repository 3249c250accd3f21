"""The grade that each link shows, and scores that wait for a column."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0021", "0020"

_KINDS = "grade IN ('progress', 'hours', 'evidence', 'level', 'none')"


def upgrade() -> None:
    """Let a link say what it sends. Links to the hours sent nothing so far: an upgrade alone begins nothing."""
    with op.batch_alter_table("lti_resource_link") as table:
        table.add_column(sa.Column("grade", sa.String(20), nullable=True))
        table.create_check_constraint(op.f("ck_lti_resource_link_grade_known"), _KINDS)
    op.create_index("ix_lti_score_line_item", "lti_score", ["line_item_id", "state", "reason"])
    op.execute("UPDATE lti_resource_link SET grade = 'none' WHERE target LIKE 'hours:%'")


def downgrade() -> None:
    """Forget the choices."""
    op.drop_index("ix_lti_score_line_item", "lti_score")
    with op.batch_alter_table("lti_resource_link") as table:
        table.drop_constraint(op.f("ck_lti_resource_link_grade_known"), type_="check")
        table.drop_column("grade")
