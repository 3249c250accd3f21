"""Make the cohorts' tables: enrolments, coaches, what was done."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0003", "0002"


def upgrade() -> None:
    """Make them, parents first."""
    op.create_table(
        "cohort",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("timezone", sa.String(length=60), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("enrols_learners", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institute_id", "programme_id"],
            ["programme.institute_id", "programme.id"],
            name=op.f("fk_cohort_institute_id_programme_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_cohort_institute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_cohort_tenant")),
        sa.UniqueConstraint("institute_id", "slug", name=op.f("uq_cohort_slug")),
    )
    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cohort_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "enrolment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "invited",
                "active",
                "paused",
                "completed",
                "withdrawn",
                "transferred",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_segment_id", sa.Integer(), nullable=True),
        sa.Column("last_visit_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["institute_id", "cohort_id"],
            ["cohort.institute_id", "cohort.id"],
            name=op.f("fk_enrolment_institute_id_cohort_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "person_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_enrolment_institute_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_enrolment_institute_id")),
        sa.ForeignKeyConstraint(
            ["last_segment_id"],
            ["segment.id"],
            name=op.f("fk_enrolment_last_segment_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint("cohort_id", "person_id", name=op.f("uq_enrolment_person")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_enrolment_tenant")),
    )
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.create_index("ix_enrolment_person_id", ["person_id"], unique=False)

    op.create_table(
        "activity_completion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "undone_at IS NULL OR undone_at >= done_at", name=op.f("ck_activity_completion_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_activity_completion_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_activity_completion_enrolment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_completion")),
    )
    with op.batch_alter_table("activity_completion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activity_completion_activity_id"), ["activity_id"], unique=False)
        batch_op.create_index(
            "uq_activity_completion_standing",
            ["enrolment_id", "activity_id"],
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )

    op.create_table(
        "coach_assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_coach_assignment_in_order")),
        sa.ForeignKeyConstraint(
            ["institute_id", "coach_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_coach_assignment_institute_id_coach_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "enrolment_id"],
            ["enrolment.institute_id", "enrolment.id"],
            name=op.f("fk_coach_assignment_institute_id_enrolment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_coach_assignment_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coach_assignment")),
    )
    with op.batch_alter_table("coach_assignment", schema=None) as batch_op:
        batch_op.create_index("ix_coach_assignment_coach_id", ["coach_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_coach_assignment_enrolment_id"), ["enrolment_id"], unique=False)
        batch_op.create_index(
            "uq_coach_assignment_open",
            ["enrolment_id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )


def downgrade() -> None:
    """Drop them, children first."""
    with op.batch_alter_table("coach_assignment", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_coach_assignment_open",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_coach_assignment_enrolment_id"))
        batch_op.drop_index("ix_coach_assignment_coach_id")

    op.drop_table("coach_assignment")
    with op.batch_alter_table("activity_completion", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_activity_completion_standing",
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_activity_completion_activity_id"))

    op.drop_table("activity_completion")
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.drop_index("ix_enrolment_person_id")

    op.drop_table("enrolment")
    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cohort_programme_id"))

    op.drop_table("cohort")
