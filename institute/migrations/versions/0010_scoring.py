"""Make the tables of scoring: rubrics, tasks, score sheets; let a gradebook column belong to a course alone."""

import sqlalchemy as sa
from alembic import op

from institute.db import append_only_ddl, append_only_removal

revision, down_revision = "0010", "0009"

APPEND_ONLY = (
    "rubric",
    "criterion",
    "criterion_level",
    "score_release",
    "criterion_score",
    "scoring_return",
    "declared_conflict",
)


def upgrade() -> None:
    """Make them, parents first."""
    op.create_table(
        "rubric",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("levels", sa.Integer(), nullable=False),
        sa.Column("cut_numerator", sa.Integer(), nullable=False),
        sa.Column("cut_denominator", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "cut_denominator >= 1 AND cut_numerator >= cut_denominator AND cut_numerator <= levels * cut_denominator",
            name=op.f("ck_rubric_cut_within_levels"),
        ),
        sa.CheckConstraint("levels >= 2", name=op.f("ck_rubric_two_levels_or_more")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_rubric_version_counts_from_one")),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_rubric_institute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rubric")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_rubric_tenant")),
        sa.UniqueConstraint("institute_id", "key", "version", name=op.f("uq_rubric_version")),
    )
    op.create_table(
        "criterion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rubric_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON(none_as_null=True), nullable=False),
        sa.CheckConstraint("position >= 1", name=op.f("ck_criterion_position_counts_from_one")),
        sa.ForeignKeyConstraint(["rubric_id"], ["rubric.id"], name=op.f("fk_criterion_rubric_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criterion")),
        sa.UniqueConstraint("rubric_id", "key", name=op.f("uq_criterion_key")),
        sa.UniqueConstraint("rubric_id", "position", name=op.f("uq_criterion_position")),
    )
    op.create_table(
        "declared_conflict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("person_id <> other_id", name=op.f("ck_declared_conflict_two_people")),
        sa.ForeignKeyConstraint(
            ["institute_id", "other_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_declared_conflict_institute_id_other_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "person_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_declared_conflict_institute_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_declared_conflict_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declared_conflict")),
        sa.UniqueConstraint("person_id", "other_id", name=op.f("uq_declared_conflict_pair")),
    )
    with op.batch_alter_table("declared_conflict", schema=None) as batch_op:
        batch_op.create_index("ix_declared_conflict_other_id", ["other_id"], unique=False)

    op.create_table(
        "criterion_level",
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("descriptor", sa.JSON(none_as_null=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_criterion_level_number_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["criterion.id"], name=op.f("fk_criterion_level_criterion_id")
        ),
        sa.PrimaryKeyConstraint("criterion_id", "number", name=op.f("pk_criterion_level")),
    )
    op.create_table(
        "scoring_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("rubric_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "held",
                "released",
                "returned",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("rater_id", sa.Integer(), nullable=True),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (rater_id IS NULL)", name=op.f("ck_scoring_task_held_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "rater_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_scoring_task_institute_id_rater_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "rubric_id"],
            ["rubric.institute_id", "rubric.id"],
            name=op.f("fk_scoring_task_institute_id_rubric_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "submission_id"],
            ["submission.institute_id", "submission.id"],
            name=op.f("fk_scoring_task_institute_id_submission_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_scoring_task_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scoring_task")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_scoring_task_tenant")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_scoring_task_submission")),
    )
    with op.batch_alter_table("scoring_task", schema=None) as batch_op:
        batch_op.create_index("ix_scoring_task_queue", ["institute_id", "state", "due"], unique=False)
        batch_op.create_index("ix_scoring_task_rater_id", ["rater_id"], unique=False)

    op.create_table(
        "score_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("rater_id", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institute_id", "rater_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_score_sheet_institute_id_rater_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "task_id"],
            ["scoring_task.institute_id", "scoring_task.id"],
            name=op.f("fk_score_sheet_institute_id_task_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_score_sheet_institute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_sheet")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_score_sheet_tenant")),
        sa.UniqueConstraint("task_id", "rater_id", name=op.f("uq_score_sheet_task_rater")),
    )
    with op.batch_alter_table("score_sheet", schema=None) as batch_op:
        batch_op.create_index("ix_score_sheet_rater_id", ["rater_id"], unique=False)

    op.create_table(
        "score_release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("score_numerator", sa.Integer(), nullable=False),
        sa.Column("score_denominator", sa.Integer(), nullable=False),
        sa.Column("maximum", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "score_denominator >= 1 AND score_numerator >= 0 AND score_numerator <= maximum * score_denominator",
            name=op.f("ck_score_release_score_within_maximum"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "sheet_id"],
            ["score_sheet.institute_id", "score_sheet.id"],
            name=op.f("fk_score_release_institute_id_sheet_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "submission_id"],
            ["submission.institute_id", "submission.id"],
            name=op.f("fk_score_release_institute_id_submission_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_score_release_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_release")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_score_release_tenant")),
        sa.UniqueConstraint("sheet_id", name=op.f("uq_score_release_sheet")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_score_release_submission")),
    )
    op.create_table(
        "score_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "level IS NULL OR level >= 1", name=op.f("ck_score_revision_level_counts_from_one")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_score_revision_number_counts_from_one")),
        sa.CheckConstraint(
            "settled_at IS NULL OR late", name=op.f("ck_score_revision_only_late_ones_are_settled")
        ),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["criterion.id"], name=op.f("fk_score_revision_criterion_id")
        ),
        sa.ForeignKeyConstraint(["sheet_id"], ["score_sheet.id"], name=op.f("fk_score_revision_sheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_revision")),
        sa.UniqueConstraint("sheet_id", "criterion_id", "number", name=op.f("uq_score_revision_number")),
    )
    with op.batch_alter_table("score_revision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_score_revision_criterion_id"), ["criterion_id"], unique=False)

    op.create_table(
        "scoring_return",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column(
            "code",
            sa.Enum(
                "off_task",
                "incomplete",
                "unreadable",
                "names_shown",
                "not_own_work",
                name="code",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_scoring_return_with_a_reason")),
        sa.ForeignKeyConstraint(
            ["institute_id", "sheet_id"],
            ["score_sheet.institute_id", "score_sheet.id"],
            name=op.f("fk_scoring_return_institute_id_sheet_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "submission_id"],
            ["submission.institute_id", "submission.id"],
            name=op.f("fk_scoring_return_institute_id_submission_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_scoring_return_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scoring_return")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_scoring_return_submission")),
    )
    with op.batch_alter_table("scoring_return", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scoring_return_sheet_id"), ["sheet_id"], unique=False)

    op.create_table(
        "criterion_score",
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.CheckConstraint("level >= 1", name=op.f("ck_criterion_score_level_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["criterion.id"], name=op.f("fk_criterion_score_criterion_id")
        ),
        sa.ForeignKeyConstraint(
            ["release_id"], ["score_release.id"], name=op.f("fk_criterion_score_release_id")
        ),
        sa.PrimaryKeyConstraint("release_id", "criterion_id", name=op.f("pk_criterion_score")),
    )
    with op.batch_alter_table("criterion_score", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_criterion_score_criterion_id"), ["criterion_id"], unique=False)
    for table in APPEND_ONLY:
        for verb in ("update", "delete"):
            for statement in append_only_ddl(table, verb)[op.get_bind().dialect.name]:
                op.execute(statement)
    _let_columns_belong_to_courses()


def downgrade() -> None:
    """Drop them, children first; columns of courses alone go with their scores."""
    _take_columns_from_courses()
    for table in APPEND_ONLY:
        for verb in ("update", "delete"):
            for statement in append_only_removal(table, verb)[op.get_bind().dialect.name]:
                op.execute(statement)
    with op.batch_alter_table("criterion_score", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_criterion_score_criterion_id"))

    op.drop_table("criterion_score")
    with op.batch_alter_table("scoring_return", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scoring_return_sheet_id"))

    op.drop_table("scoring_return")
    with op.batch_alter_table("score_revision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_score_revision_criterion_id"))

    op.drop_table("score_revision")
    op.drop_table("score_release")
    with op.batch_alter_table("score_sheet", schema=None) as batch_op:
        batch_op.drop_index("ix_score_sheet_rater_id")

    op.drop_table("score_sheet")
    with op.batch_alter_table("scoring_task", schema=None) as batch_op:
        batch_op.drop_index("ix_scoring_task_rater_id")
        batch_op.drop_index("ix_scoring_task_queue")

    op.drop_table("scoring_task")
    op.drop_table("criterion_level")
    with op.batch_alter_table("declared_conflict", schema=None) as batch_op:
        batch_op.drop_index("ix_declared_conflict_other_id")

    op.drop_table("declared_conflict")
    op.drop_table("criterion")
    op.drop_table("rubric")


def _let_columns_belong_to_courses() -> None:
    with op.batch_alter_table("lti_line_item") as batch_op:
        batch_op.add_column(sa.Column("context_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("label", sa.String(length=500), nullable=True))
    op.execute("UPDATE lti_line_item SET label = ''")
    with op.batch_alter_table("lti_line_item") as batch_op:
        batch_op.alter_column("label", existing_type=sa.String(length=500), nullable=False)
        batch_op.alter_column("resource_link_id", existing_type=sa.Integer(), nullable=True)
        batch_op.create_unique_constraint(
            op.f("uq_lti_line_item_course_resource"), ["context_id", "tag", "resource_id"]
        )
        batch_op.create_foreign_key(
            op.f("fk_lti_line_item_institute_id_context_id"),
            "lti_context",
            ["institute_id", "context_id"],
            ["institute_id", "id"],
        )
        batch_op.create_check_constraint(
            op.f("ck_lti_line_item_of_link_or_course"), "(resource_link_id IS NULL) <> (context_id IS NULL)"
        )
    op.add_column("lti_score", sa.Column("complete", sa.Boolean(), nullable=True))


def _take_columns_from_courses() -> None:
    of_courses = "SELECT id FROM lti_line_item WHERE context_id IS NOT NULL"
    op.execute(f"DELETE FROM lti_score WHERE line_item_id IN ({of_courses})")  # noqa: S608  (no input)
    op.execute("DELETE FROM lti_line_item WHERE context_id IS NOT NULL")
    op.drop_column("lti_score", "complete")
    with op.batch_alter_table("lti_line_item") as batch_op:
        batch_op.drop_constraint(op.f("ck_lti_line_item_of_link_or_course"), type_="check")
        batch_op.drop_constraint(op.f("fk_lti_line_item_institute_id_context_id"), type_="foreignkey")
        batch_op.drop_constraint(op.f("uq_lti_line_item_course_resource"), type_="unique")
        batch_op.alter_column("resource_link_id", existing_type=sa.Integer(), nullable=False)
        batch_op.drop_column("label")
        batch_op.drop_column("context_id")
