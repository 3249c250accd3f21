"""Scoring leads; rubrics with a policy, and criteria that name a competency and a level to be reached."""

import json

import sqlalchemy as sa
from alembic import op

from institute.migrations.guards import put_aside

revision, down_revision = "0042", "0041"

ROLES = (
    "participant", "coach", "mentor", "facilitator", "trainer", "coordinator", "author", "translator", "administrator",
    "platform_administrator",
)  # fmt: skip
GRANTED = ("trainer", "coordinator", "administrator", "author", "translator")
NEW = "scoring_lead"
RUBRICS = ("rubric", "criterion", "criterion_level")
# What was scored before was scored by one rater, who released it.
BEFORE = {
    "raters": 1, "first": 0, "retakes": False, "near_cut": None, "share": 0, "gap": 2, "across_cut": True,
    "settled": "adjudicator", "releasing": "automatic", "calibrated": True, "apart_by_employer": False,
    "days_to_score": 14, "incomplete": 2, "seeded": 0, "attempts": 3, "days_to_revise": 90, "days_to_appeal": 90,
}  # fmt: skip


def upgrade() -> None:
    """Let an institute grant the role; give each rubric the policy by which it was used."""
    _let_grants_name(roles=(*ROLES[:5], NEW, *ROLES[5:]), granted=(*GRANTED[:1], NEW, *GRANTED[1:]))
    with put_aside(RUBRICS):
        with op.batch_alter_table("rubric") as batch:
            batch.add_column(sa.Column("policy", sa.JSON(), nullable=True))
        op.get_bind().execute(sa.text("UPDATE rubric SET policy = :policy"), {"policy": json.dumps(BEFORE)})
        with op.batch_alter_table("rubric") as batch:
            batch.alter_column("policy", existing_type=sa.JSON(), nullable=False)
        with op.batch_alter_table("criterion") as batch:
            batch.add_column(sa.Column("element", sa.String(length=160), nullable=True))
            batch.add_column(sa.Column("minimum", sa.Integer(), nullable=True))
            batch.create_check_constraint(
                op.f("ck_criterion_minimum_counts_from_one"), "minimum IS NULL OR minimum >= 1"
            )
        with op.batch_alter_table("criterion_level") as batch:
            batch.add_column(sa.Column("example", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    """Forget policies, competencies and examples; scoring leads are trainers no longer."""
    with put_aside(RUBRICS):
        with op.batch_alter_table("criterion_level") as batch:
            batch.drop_column("example")
        with op.batch_alter_table("criterion") as batch:
            batch.drop_constraint(op.f("ck_criterion_minimum_counts_from_one"), type_="check")
            batch.drop_column("minimum")
            batch.drop_column("element")
        with op.batch_alter_table("rubric") as batch:
            batch.drop_column("policy")
    op.execute(sa.text("DELETE FROM role_grant WHERE role = :role").bindparams(role=NEW))
    _let_grants_name(roles=ROLES, granted=GRANTED)


def _let_grants_name(*, roles: tuple[str, ...], granted: tuple[str, ...]) -> None:
    """Say which roles there are, and which of them may be granted."""
    role = sa.column("role", sa.String())
    with op.batch_alter_table("role_grant", schema=None) as batch:
        batch.drop_constraint(op.f("ck_role_grant_role"), type_="check")
        batch.create_check_constraint(op.f("ck_role_grant_role"), role.in_(roles))
        batch.drop_constraint(op.f("ck_role_grant_grantable"), type_="check")
        batch.create_check_constraint(op.f("ck_role_grant_grantable"), role.in_(granted))
