"""Time that coaches are paid for beside sessions."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0041", "0040"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "planning_time",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("funding", sa.String(length=160), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("minutes BETWEEN 1 AND 1440", name=op.f("ck_planning_time_minutes_credible")),
        sa.ForeignKeyConstraint(
            ["institute_id", "coach_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_planning_time_institute_id_coach_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "cohort_id"],
            ["cohort.institute_id", "cohort.id"],
            name=op.f("fk_planning_time_institute_id_cohort_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "enrolment_id"],
            ["enrolment.institute_id", "enrolment.id"],
            name=op.f("fk_planning_time_institute_id_enrolment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_planning_time_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planning_time")),
    )
    with op.batch_alter_table("planning_time", schema=None) as batch_op:
        batch_op.create_index("ix_planning_time_coach", ["coach_id", "day"], unique=False)


def downgrade() -> None:
    """Drop it."""
    op.drop_table("planning_time")
