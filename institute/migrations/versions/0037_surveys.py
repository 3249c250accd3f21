"""Windows and answers of rounds, boxes of evaluations; kinds, days, competencies, evidence, versions of plans."""

import sqlalchemy as sa
from alembic import op

from institute.db import append_only_ddl, append_only_removal

revision, down_revision = "0037", "0036"

APPEND_ONLY = ("plan_version", "plan_review")
PLAN_KIND = sa.Enum("pdp", "ilp", name="kind", native_enum=False, create_constraint=False, length=40)


def upgrade() -> None:
    """Make the tables, and let every goal there is belong to a development plan."""
    op.create_table(
        "evaluation_box",
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "initial",
                "interim",
                "final",
                "year1",
                "year2",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("tallies", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.CheckConstraint("answers >= 0", name=op.f("ck_evaluation_box_answers_not_negative")),
        sa.ForeignKeyConstraint(
            ["institute_id", "cohort_id"],
            ["cohort.institute_id", "cohort.id"],
            name=op.f("fk_evaluation_box_institute_id_cohort_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_evaluation_box_institute_id")
        ),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"], name=op.f("fk_evaluation_box_part_id")),
        sa.PrimaryKeyConstraint("cohort_id", "part_id", "stage", name=op.f("pk_evaluation_box")),
    )
    op.create_table(
        "evaluation_taken",
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "initial",
                "interim",
                "final",
                "year1",
                "year2",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institute_id", "cohort_id"],
            ["cohort.institute_id", "cohort.id"],
            name=op.f("fk_evaluation_taken_institute_id_cohort_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "person_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_evaluation_taken_institute_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_evaluation_taken_institute_id")
        ),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"], name=op.f("fk_evaluation_taken_part_id")),
        sa.PrimaryKeyConstraint(
            "cohort_id", "part_id", "stage", "person_id", name=op.f("pk_evaluation_taken")
        ),
    )
    with op.batch_alter_table("evaluation_taken") as batch_op:
        batch_op.create_index("ix_evaluation_taken_person_id", ["person_id"], unique=False)

    op.create_table(
        "survey_window",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "initial",
                "interim",
                "final",
                "year1",
                "year2",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "timing",
            sa.Enum(
                "days", "dates", "off", name="timing", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("opens_day", sa.Integer(), nullable=True),
        sa.Column("closes_day", sa.Integer(), nullable=True),
        sa.Column("opens_on", sa.Date(), nullable=True),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(timing = 'dates') = (opens_on IS NOT NULL AND closes_on IS NOT NULL)",
            name=op.f("ck_survey_window_dates_where_they_count"),
        ),
        sa.CheckConstraint(
            "(timing = 'days') = (opens_day IS NOT NULL AND closes_day IS NOT NULL)",
            name=op.f("ck_survey_window_days_where_they_count"),
        ),
        sa.CheckConstraint(
            "opens_day IS NULL OR (opens_day >= 0 AND closes_day >= opens_day AND closes_day <= 3650)",
            name=op.f("ck_survey_window_days_in_order"),
        ),
        sa.CheckConstraint(
            "opens_on IS NULL OR closes_on >= opens_on", name=op.f("ck_survey_window_dates_in_order")
        ),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_survey_window_revision_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["institute_id", "cohort_id"],
            ["cohort.institute_id", "cohort.id"],
            name=op.f("fk_survey_window_institute_id_cohort_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_survey_window_institute_id")
        ),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"], name=op.f("fk_survey_window_part_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_window")),
        sa.UniqueConstraint("cohort_id", "part_id", "stage", name=op.f("uq_survey_window_round")),
    )
    with op.batch_alter_table("survey_window") as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_window_part_id"), ["part_id"], unique=False)

    op.create_table(
        "survey_response",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "initial",
                "interim",
                "final",
                "year1",
                "year2",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("respondent_id", sa.Integer(), nullable=False),
        sa.Column("filled", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_survey_response_revision_counts_from_one")),
        sa.CheckConstraint("sent_at IS NOT NULL OR NOT late", name=op.f("ck_survey_response_late_once_sent")),
        sa.ForeignKeyConstraint(
            ["institute_id", "enrolment_id"],
            ["enrolment.institute_id", "enrolment.id"],
            name=op.f("fk_survey_response_institute_id_enrolment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "respondent_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_survey_response_institute_id_respondent_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_survey_response_institute_id")
        ),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"], name=op.f("fk_survey_response_part_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_response")),
        sa.UniqueConstraint(
            "enrolment_id", "part_id", "stage", "respondent_id", name=op.f("uq_survey_response_round")
        ),
    )
    with op.batch_alter_table("survey_response") as batch_op:
        batch_op.create_index("ix_survey_response_part_id", ["part_id", "stage"], unique=False)
        batch_op.create_index("ix_survey_response_respondent_id", ["respondent_id"], unique=False)

    with op.batch_alter_table("plan_goal") as table:
        table.add_column(sa.Column("kind", PLAN_KIND, nullable=True))
        table.add_column(sa.Column("due", sa.Date(), nullable=True))
        table.add_column(sa.Column("elements", sa.JSON(), nullable=True))
    op.execute("UPDATE plan_goal SET kind = 'pdp', elements = '[]'")
    with op.batch_alter_table("plan_goal") as table:
        table.alter_column("kind", existing_type=PLAN_KIND, nullable=False)
        table.alter_column("elements", existing_type=sa.JSON(), nullable=False)
        table.create_check_constraint(op.f("ck_plan_goal_kind"), "kind IN ('pdp', 'ilp')")
    op.create_table(
        "plan_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(url IS NULL) <> (file_id IS NULL)", name=op.f("ck_plan_evidence_address_or_file")
        ),
        sa.CheckConstraint("length(label) > 0", name=op.f("ck_plan_evidence_says_something")),
        sa.ForeignKeyConstraint(
            ["institute_id", "file_id"],
            ["stored_file.institute_id", "stored_file.id"],
            name=op.f("fk_plan_evidence_institute_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "goal_id"],
            ["plan_goal.institute_id", "plan_goal.id"],
            name=op.f("fk_plan_evidence_institute_id_goal_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_plan_evidence_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_evidence")),
        sa.UniqueConstraint("file_id", name=op.f("uq_plan_evidence_file")),
    )
    with op.batch_alter_table("plan_evidence") as table:
        table.create_index("ix_plan_evidence_goal_id", ["goal_id"], unique=False)

    op.create_table(
        "plan_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("pdp", "ilp", name="kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(words) <= 4000", name=op.f("ck_plan_version_words_fit")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_plan_version_number_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["institute_id", "enrolment_id"],
            ["enrolment.institute_id", "enrolment.id"],
            name=op.f("fk_plan_version_institute_id_enrolment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_plan_version_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_version")),
        sa.UniqueConstraint("enrolment_id", "kind", "number", name=op.f("uq_plan_version_number")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_plan_version_tenant")),
    )
    op.create_table(
        "plan_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "agreed", "changes", name="outcome", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(words) BETWEEN 1 AND 4000", name=op.f("ck_plan_review_words_fit")),
        sa.ForeignKeyConstraint(
            ["institute_id", "reviewer_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_plan_review_institute_id_reviewer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "version_id"],
            ["plan_version.institute_id", "plan_version.id"],
            name=op.f("fk_plan_review_institute_id_version_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_plan_review_institute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_review")),
        sa.UniqueConstraint("version_id", name=op.f("uq_plan_review_version")),
    )
    for name in APPEND_ONLY:
        for verb in ("update", "delete"):
            for statement in append_only_ddl(name, verb)[op.get_bind().dialect.name]:
                op.execute(statement)


def downgrade() -> None:
    """Drop them."""
    for name in APPEND_ONLY:
        for verb in ("update", "delete"):
            for statement in append_only_removal(name, verb)[op.get_bind().dialect.name]:
                op.execute(statement)
    op.drop_table("plan_review")
    op.drop_table("plan_version")
    with op.batch_alter_table("plan_evidence") as table:
        table.drop_index("ix_plan_evidence_goal_id")
    op.drop_table("plan_evidence")
    with op.batch_alter_table("plan_goal") as table:
        table.drop_constraint(op.f("ck_plan_goal_kind"), type_="check")
        table.drop_column("elements")
        table.drop_column("due")
        table.drop_column("kind")
    with op.batch_alter_table("survey_response") as batch_op:
        batch_op.drop_index("ix_survey_response_respondent_id")
        batch_op.drop_index("ix_survey_response_part_id")

    op.drop_table("survey_response")
    with op.batch_alter_table("survey_window") as batch_op:
        batch_op.drop_index(batch_op.f("ix_survey_window_part_id"))

    op.drop_table("survey_window")
    with op.batch_alter_table("evaluation_taken") as batch_op:
        batch_op.drop_index("ix_evaluation_taken_person_id")

    op.drop_table("evaluation_taken")
    op.drop_table("evaluation_box")
