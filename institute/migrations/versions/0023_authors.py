"""Authors and translators; activities that are files to hand over."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0023", "0022"

BEFORE = (
    "participant",
    "coach",
    "mentor",
    "facilitator",
    "trainer",
    "coordinator",
    "administrator",
    "platform_administrator",
)
GRANTED_BEFORE = ("trainer", "coordinator", "administrator")
NEW = ("author", "translator")
KINDS_BEFORE = (
    "acknowledgement",
    "reading",
    "watching",
    "reflection",
    "assessment",
    "document",
    "practice",
    "attend",
    "preparation",
)


def upgrade() -> None:
    """Let an institute grant both roles, and ask for files."""
    _let_grants_name(roles=(*BEFORE[:6], *NEW, *BEFORE[6:]), granted=(*GRANTED_BEFORE, *NEW))
    _let_activities_be((*KINDS_BEFORE[:6], "upload", *KINDS_BEFORE[6:]))


def downgrade() -> None:
    """Forget who wrote and who translated, which nobody could before; a file to hand over is a document."""
    op.execute(
        sa.text("UPDATE activity SET kind = :document WHERE kind = :upload").bindparams(
            document="document", upload="upload"
        )
    )
    _let_activities_be(KINDS_BEFORE)
    op.execute(
        sa.text("DELETE FROM role_grant WHERE role IN (:author, :translator)").bindparams(
            author="author", translator="translator"
        )
    )
    _let_grants_name(roles=BEFORE, granted=GRANTED_BEFORE)


def _let_grants_name(*, roles: tuple[str, ...], granted: tuple[str, ...]) -> None:
    """Say which roles there are, and which of them may be granted."""
    role = sa.column("role", sa.String())
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_role_grant_role"), type_="check")
        batch_op.create_check_constraint(op.f("ck_role_grant_role"), role.in_(roles))
        batch_op.drop_constraint(op.f("ck_role_grant_grantable"), type_="check")
        batch_op.create_check_constraint(op.f("ck_role_grant_grantable"), role.in_(granted))


def _let_activities_be(kinds: tuple[str, ...]) -> None:
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_activity_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_activity_kind"), sa.column("kind", sa.String()).in_(kinds))
