"""Scoring by more than one rater: what each hands in, why there is a second, releases in rounds."""

import sqlalchemy as sa
from alembic import op
from alembic.operations.base import BatchOperations

from institute.db import append_only_ddl, append_only_removal
from institute.migrations import second_scores, single_scores
from institute.migrations.guards import put_aside

revision, down_revision = "0043", "0042"

NEW = (
    "drawing_seed", "draw", "second_score", "task_score", "task_criterion_score", "released_comment", "carried_score",
)  # fmt: skip
REBUILT = ("score_release", "criterion_score")
CODES = ("off_task", "incomplete", "unreadable", "names_shown", "not_own_work")
STANDING = sa.text("state <> 'withdrawn'")
HELD = sa.text("state <> 'withdrawn' AND rater_id IS NOT NULL")


def upgrade() -> None:
    """Make the tables; what one rater released is a round of its own, handed in when it was released."""
    _make()
    _widen_tasks()
    with op.batch_alter_table("score_revision") as batch:
        batch.add_column(_code())
        batch.create_check_constraint(
            op.f("ck_score_revision_level_or_condition"), "level IS NULL OR condition IS NULL"
        )
        _codes(batch, "score_revision")
    for statement in HAND_IN:
        op.execute(statement)
    with put_aside(REBUILT):
        _release_in_rounds()
    for table in NEW:
        _forbid(table)


def downgrade() -> None:
    """Go back to what stands of each submission, and one rater's sheet for it; other raters and rounds are lost."""
    for table in NEW:
        for verb in ("delete", "update"):
            for statement in append_only_removal(table, verb)[op.get_bind().dialect.name]:
                op.execute(statement)
    with put_aside(REBUILT):
        _release_once()
    with op.batch_alter_table("score_revision") as batch:
        batch.drop_constraint(op.f("ck_score_revision_condition"), type_="check")
        batch.drop_constraint(op.f("ck_score_revision_level_or_condition"), type_="check")
        batch.drop_column("condition")
    for table in reversed(NEW):
        op.drop_table(table)
    _narrow_tasks()


HAND_IN = (
    (
        "INSERT INTO task_score (institute_id, task_id, sheet_id, rater_id, handed_in_at)"
        " SELECT r.institute_id, s.task_id, s.id, s.rater_id, r.released_at"
        " FROM score_release r JOIN score_sheet s ON s.id = r.sheet_id ORDER BY r.id"
    ),
    (
        "INSERT INTO task_criterion_score (task_score_id, criterion_id, level, comment)"
        " SELECT t.id, c.criterion_id, c.level, c.comment FROM criterion_score c"
        " JOIN score_release r ON r.id = c.release_id JOIN task_score t ON t.sheet_id = r.sheet_id"
    ),
    (
        "INSERT INTO released_comment (release_id, criterion_id, position, text)"
        " SELECT release_id, criterion_id, 1, comment FROM criterion_score WHERE length(comment) > 0"
    ),
)


def _widen_tasks() -> None:
    with op.batch_alter_table("scoring_task") as batch:
        batch.drop_constraint(op.f("ck_scoring_task_state"), type_="check")
        batch.drop_constraint(op.f("ck_scoring_task_held_by_somebody"), type_="check")
        batch.drop_constraint(op.f("uq_scoring_task_submission"), type_="unique")
        batch.drop_index("ix_scoring_task_rater_id")
        batch.add_column(sa.Column("anchor_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("purpose", sa.String(length=40), nullable=True))
        batch.add_column(sa.Column("round", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("place", sa.Integer(), nullable=True))
        batch.alter_column("submission_id", existing_type=sa.Integer(), nullable=True)
    op.execute("UPDATE scoring_task SET purpose = 'first', round = 0, place = (id * 7919) % 2147483647")
    op.execute("UPDATE scoring_task SET state = 'scored' WHERE state = 'released'")
    with op.batch_alter_table("scoring_task") as batch:
        batch.alter_column("purpose", existing_type=sa.String(length=40), nullable=False)
        batch.alter_column("round", existing_type=sa.Integer(), nullable=False)
        batch.alter_column("place", existing_type=sa.Integer(), nullable=False)
        for name, condition in CHECKS.items():
            batch.create_check_constraint(op.f(f"ck_scoring_task_{name}"), condition)  # type: ignore[arg-type]
        batch.create_index("ix_scoring_task_rater_id", ["rater_id", "state"])
        batch.create_index("ix_scoring_task_anchor_id", ["anchor_id"])
        for name, columns, where in UNIQUE:
            batch.create_index(name, columns, unique=True, sqlite_where=where, postgresql_where=where)


CHECKS = {
    "state": sa.column("state", sa.String()).in_(("open", "held", "scored", "returned", "withdrawn")),
    "purpose": sa.column("purpose", sa.String()).in_(("first", "second", "adjudication", "seeded")),
    "open_to_all": "state <> 'open' OR rater_id IS NULL",
    "held_by_somebody": "state IN ('open', 'withdrawn') OR rater_id IS NOT NULL",
    "of_a_submission": "(purpose = 'seeded') = (submission_id IS NULL)",
    "of_an_anchor": "(purpose = 'seeded') = (anchor_id IS NOT NULL)",
    "round_counts_from_zero": "round >= 0",
}
UNIQUE = (
    ("uq_scoring_task_purpose", ["submission_id", "round", "purpose"], STANDING),
    ("uq_scoring_task_rater", ["submission_id", "rater_id"], HELD),
)


def _narrow_tasks() -> None:
    for statement in (*single_scores.GONE, *single_scores.UNFINISHED):
        op.execute(statement)
    with op.batch_alter_table("scoring_task") as batch:
        for name, _, where in UNIQUE:
            batch.drop_index(name, sqlite_where=where, postgresql_where=where)
        batch.drop_index("ix_scoring_task_anchor_id")
        batch.drop_index("ix_scoring_task_rater_id")
        for name in CHECKS:
            batch.drop_constraint(op.f(f"ck_scoring_task_{name}"), type_="check")
        for column in ("place", "round", "purpose", "anchor_id"):
            batch.drop_column(column)
        batch.alter_column("submission_id", existing_type=sa.Integer(), nullable=False)
    for statement in single_scores.SETTLED:
        op.execute(statement)
    with op.batch_alter_table("scoring_task") as batch:
        state = sa.column("state", sa.String())
        batch.create_check_constraint(
            op.f("ck_scoring_task_state"), state.in_(("open", "held", "released", "returned"))
        )
        batch.create_check_constraint(
            op.f("ck_scoring_task_held_by_somebody"), "(state = 'open') = (rater_id IS NULL)"
        )
        batch.create_unique_constraint(op.f("uq_scoring_task_submission"), ["submission_id"])
        batch.create_index("ix_scoring_task_rater_id", ["rater_id"])


def _release_in_rounds() -> None:
    with op.batch_alter_table("score_release") as batch:
        batch.add_column(sa.Column("round", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("method", sa.String(length=40), nullable=True))
        batch.drop_constraint(op.f("uq_score_release_sheet"), type_="unique")
        batch.drop_constraint(op.f("uq_score_release_submission"), type_="unique")
        batch.drop_constraint(op.f("fk_score_release_institute_id_sheet_id"), type_="foreignkey")
        batch.drop_column("sheet_id")
    op.execute("UPDATE score_release SET round = 0, method = 'single'")
    with op.batch_alter_table("score_release") as batch:
        batch.alter_column("round", existing_type=sa.Integer(), nullable=False)
        batch.alter_column("method", existing_type=sa.String(length=40), nullable=False)
        batch.create_unique_constraint(op.f("uq_score_release_round"), ["submission_id", "round"])
        batch.create_check_constraint(op.f("ck_score_release_round_counts_from_zero"), "round >= 0")
        method = sa.column("method", sa.String())
        batch.create_check_constraint(
            op.f("ck_score_release_method"), method.in_(("single", "mean", "adjudicated", "closest_pair"))
        )
    with op.batch_alter_table("criterion_score") as batch:
        batch.add_column(sa.Column("level_numerator", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("level_denominator", sa.Integer(), nullable=True))
        batch.add_column(_code())
        batch.add_column(sa.Column("carried", sa.Boolean(), nullable=True))
        batch.drop_constraint(op.f("ck_criterion_score_level_counts_from_one"), type_="check")
    carried = sa.text(
        "UPDATE criterion_score SET level_numerator = level, level_denominator = 1, carried = :no"
    )
    op.get_bind().execute(carried.bindparams(sa.bindparam("no", value=False, type_=sa.Boolean())))
    with op.batch_alter_table("criterion_score") as batch:
        batch.drop_column("comment")
        batch.drop_column("level")
        batch.alter_column("carried", existing_type=sa.Boolean(), nullable=False)
        for name, condition in LEVELS.items():
            batch.create_check_constraint(op.f(f"ck_criterion_score_{name}"), condition)
        _codes(batch, "criterion_score")


LEVELS = {
    "level_counts_from_one": (
        "level_numerator IS NULL OR (level_denominator >= 1 AND level_numerator >= level_denominator)"
    ),
    "level_whole": "(level_numerator IS NULL) = (level_denominator IS NULL)",
    "level_or_condition": "(level_numerator IS NULL) <> (condition IS NULL)",
}


def _release_once() -> None:
    for statement in single_scores.LOST:
        op.execute(statement)
    with op.batch_alter_table("criterion_score") as batch:
        for name in (*LEVELS, "condition"):
            batch.drop_constraint(op.f(f"ck_criterion_score_{name}"), type_="check")
        batch.add_column(sa.Column("level", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("comment", sa.Text(), nullable=True))
    op.execute("UPDATE criterion_score SET level = level_numerator / level_denominator, comment = ''")
    single_scores.join_words()
    with op.batch_alter_table("criterion_score") as batch:
        for column in ("carried", "condition", "level_denominator", "level_numerator"):
            batch.drop_column(column)
        batch.alter_column("level", existing_type=sa.Integer(), nullable=False)
        batch.alter_column("comment", existing_type=sa.Text(), nullable=False)
        batch.create_check_constraint(op.f("ck_criterion_score_level_counts_from_one"), "level >= 1")
    with op.batch_alter_table("score_release") as batch:
        batch.add_column(sa.Column("sheet_id", sa.Integer(), nullable=True))
        batch.drop_constraint(op.f("uq_score_release_round"), type_="unique")
        for name in ("round_counts_from_zero", "method"):
            batch.drop_constraint(op.f(f"ck_score_release_{name}"), type_="check")
        batch.drop_column("method")
        batch.drop_column("round")
    op.execute(
        "UPDATE score_release SET sheet_id = (SELECT t.sheet_id FROM task_score t"
        " JOIN scoring_task k ON k.id = t.task_id"
        " WHERE k.submission_id = score_release.submission_id AND k.round = 0 AND k.purpose = 'first'"
        " AND k.state = 'scored')"
    )
    with op.batch_alter_table("score_release") as batch:
        batch.alter_column("sheet_id", existing_type=sa.Integer(), nullable=False)
        batch.create_foreign_key(
            op.f("fk_score_release_institute_id_sheet_id"),
            "score_sheet",
            ["institute_id", "sheet_id"],
            ["institute_id", "id"],
        )
        batch.create_unique_constraint(op.f("uq_score_release_submission"), ["submission_id"])
        batch.create_unique_constraint(op.f("uq_score_release_sheet"), ["sheet_id"])


def _code() -> sa.Column[str]:
    return sa.Column("condition", sa.String(length=40), nullable=True)


def _codes(batch: BatchOperations, table: str) -> None:
    code = sa.column("condition", sa.String())
    batch.create_check_constraint(op.f(f"ck_{table}_condition"), code.in_(CODES))


def _forbid(table: str) -> None:
    for verb in ("update", "delete"):
        for statement in append_only_ddl(table, verb)[op.get_bind().dialect.name]:
            op.execute(statement)


def _make() -> None:
    second_scores.make()
    op.create_table(
        "carried_score",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["criterion.id"], name=op.f("fk_carried_score_criterion_id")
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "release_id"],
            ["score_release.institute_id", "score_release.id"],
            name=op.f("fk_carried_score_institute_id_release_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "submission_id"],
            ["submission.institute_id", "submission.id"],
            name=op.f("fk_carried_score_institute_id_submission_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_carried_score_institute_id")
        ),
        sa.PrimaryKeyConstraint("submission_id", "criterion_id", name=op.f("pk_carried_score")),
    )
    op.create_index(op.f("ix_carried_score_criterion_id"), "carried_score", ["criterion_id"], unique=False)
    op.create_table(
        "released_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_released_comment_with_words")),
        sa.CheckConstraint("position >= 1", name=op.f("ck_released_comment_position_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["criterion.id"], name=op.f("fk_released_comment_criterion_id")
        ),
        sa.ForeignKeyConstraint(
            ["release_id"], ["score_release.id"], name=op.f("fk_released_comment_release_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_released_comment")),
        sa.UniqueConstraint(
            "release_id", "criterion_id", "position", name=op.f("uq_released_comment_position")
        ),
    )
    op.create_index(
        op.f("ix_released_comment_criterion_id"), "released_comment", ["criterion_id"], unique=False
    )
    op.create_table(
        "task_score",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("rater_id", sa.Integer(), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institute_id", "rater_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_task_score_institute_id_rater_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "sheet_id"],
            ["score_sheet.institute_id", "score_sheet.id"],
            name=op.f("fk_task_score_institute_id_sheet_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "task_id"],
            ["scoring_task.institute_id", "scoring_task.id"],
            name=op.f("fk_task_score_institute_id_task_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_task_score_institute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_score")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_task_score_tenant")),
        sa.UniqueConstraint("task_id", name=op.f("uq_task_score_task")),
    )
    op.create_index(op.f("ix_task_score_rater_id"), "task_score", ["rater_id"], unique=False)
    op.create_table(
        "task_criterion_score",
        sa.Column("task_score_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column(
            "condition",
            sa.Enum(*CODES, name="condition", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(level IS NULL) <> (condition IS NULL)", name=op.f("ck_task_criterion_score_level_or_condition")
        ),
        sa.CheckConstraint(
            "level IS NULL OR level >= 1", name=op.f("ck_task_criterion_score_level_counts_from_one")
        ),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["criterion.id"], name=op.f("fk_task_criterion_score_criterion_id")
        ),
        sa.ForeignKeyConstraint(
            ["task_score_id"], ["task_score.id"], name=op.f("fk_task_criterion_score_task_score_id")
        ),
        sa.PrimaryKeyConstraint("task_score_id", "criterion_id", name=op.f("pk_task_criterion_score")),
    )
    op.create_index(
        op.f("ix_task_criterion_score_criterion_id"), "task_criterion_score", ["criterion_id"], unique=False
    )
