"""Scores held for the scoring lead, translated words, leave to try again, appeals."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

from institute.db import append_only_ddl, append_only_removal

revision, down_revision = "0048", "0047"

TABLES = ("held_scores", "comment_translation", "retake_leave", "appeal", "appeal_decision")
FROZEN = ("retake_leave", "appeal", "appeal_decision")
COMMENT = "released_comment"


def upgrade() -> None:
    """Make the tables; words that were released before have no language that is known."""
    _make()
    with _changeable(), op.batch_alter_table(COMMENT) as batch:
        batch.add_column(sa.Column("language", sa.String(length=16), nullable=True))
        batch.add_column(sa.Column("translation", sa.Text(), nullable=True))
        batch.add_column(sa.Column("translated_to", sa.String(length=16), nullable=True))
        batch.create_check_constraint(
            op.f("ck_released_comment_translation_whole"), "(translation IS NULL) = (translated_to IS NULL)"
        )
    with op.batch_alter_table("award_flag") as batch:
        batch.alter_column("amendment_id", existing_type=sa.Integer(), nullable=True)
        batch.add_column(sa.Column("release_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_award_flag_institute_id_release_id"),
            "score_release",
            ["institute_id", "release_id"],
            ["institute_id", "id"],
        )
        batch.create_unique_constraint(op.f("uq_award_flag_once_a_release"), ["award_id", "release_id"])
        batch.create_check_constraint(
            op.f("ck_award_flag_one_cause"), "(amendment_id IS NULL) <> (release_id IS NULL)"
        )
    for table in FROZEN:
        for verb in ("delete", "update"):
            for statement in append_only_ddl(table, verb)[op.get_bind().dialect.name]:
                op.execute(statement)


def downgrade() -> None:
    """Forget appeals and what they flagged, leaves, what is held, and in which language words were written."""
    op.execute("DELETE FROM award_flag WHERE amendment_id IS NULL")
    with op.batch_alter_table("award_flag") as batch:
        batch.drop_constraint(op.f("ck_award_flag_one_cause"), type_="check")
        batch.drop_constraint(op.f("uq_award_flag_once_a_release"), type_="unique")
        batch.drop_constraint(op.f("fk_award_flag_institute_id_release_id"), type_="foreignkey")
        batch.drop_column("release_id")
        batch.alter_column("amendment_id", existing_type=sa.Integer(), nullable=False)
    for table in FROZEN:
        for verb in ("delete", "update"):
            for statement in append_only_removal(table, verb)[op.get_bind().dialect.name]:
                op.execute(statement)
    with _changeable(), op.batch_alter_table(COMMENT) as batch:
        batch.drop_constraint(op.f("ck_released_comment_translation_whole"), type_="check")
        batch.drop_column("translated_to")
        batch.drop_column("translation")
        batch.drop_column("language")
    for table in reversed(TABLES):
        op.drop_table(table)


@contextmanager
def _changeable() -> Iterator[None]:
    """Take the guards off the released words, which nobody else may change, and put them back."""
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {COMMENT} DISABLE TRIGGER USER")
        yield
        op.execute(f"ALTER TABLE {COMMENT} ENABLE TRIGGER USER")
        return
    triggers = sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :name")
    found = bind.execute(triggers, {"name": COMMENT}).all()
    for name, _ in found:
        op.execute(f"DROP TRIGGER {name}")
    yield
    for _, statement in found:
        bind.exec_driver_sql(statement)


def _make() -> None:
    op.create_table(
        "held_scores",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "single",
                "mean",
                "adjudicated",
                "closest_pair",
                name="method",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("score_numerator", sa.Integer(), nullable=False),
        sa.Column("score_denominator", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "released_by IS NULL OR released_at IS NOT NULL", name=op.f("ck_held_scores_released_by_somebody")
        ),
        sa.CheckConstraint(
            "score_denominator >= 1 AND score_numerator >= 0", name=op.f("ck_held_scores_score_whole")
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "released_by"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_held_scores_institute_id_released_by"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "submission_id"],
            ["submission.institute_id", "submission.id"],
            name=op.f("fk_held_scores_institute_id_submission_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_held_scores_institute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_scores")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_held_scores_tenant")),
        sa.UniqueConstraint("submission_id", "round", name=op.f("uq_held_scores_round")),
    )
    op.create_index("ix_held_scores_waiting", "held_scores", ["institute_id", "released_at"])
    op.create_table(
        "comment_translation",
        sa.Column("task_score_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_comment_translation_with_words")),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["criterion.id"], name=op.f("fk_comment_translation_criterion_id")
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "task_score_id"],
            ["task_score.institute_id", "task_score.id"],
            name=op.f("fk_comment_translation_institute_id_task_score_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "written_by"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_comment_translation_institute_id_written_by"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_comment_translation_institute_id")
        ),
        sa.PrimaryKeyConstraint("task_score_id", "criterion_id", name=op.f("pk_comment_translation")),
    )
    op.create_index(op.f("ix_comment_translation_criterion_id"), "comment_translation", ["criterion_id"])
    op.create_table(
        "retake_leave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_retake_leave_with_a_reason")),
        sa.ForeignKeyConstraint(
            ["institute_id", "given_by"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_retake_leave_institute_id_given_by"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "submission_id"],
            ["submission.institute_id", "submission.id"],
            name=op.f("fk_retake_leave_institute_id_submission_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_retake_leave_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retake_leave")),
    )
    op.create_index("ix_retake_leave_submission_id", "retake_leave", ["submission_id"])
    op.create_table(
        "appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("filed_by", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(reason) BETWEEN 1 AND 4000", name=op.f("ck_appeal_with_a_reason")),
        sa.ForeignKeyConstraint(
            ["institute_id", "filed_by"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_appeal_institute_id_filed_by"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "submission_id"],
            ["submission.institute_id", "submission.id"],
            name=op.f("fk_appeal_institute_id_submission_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_appeal_institute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_appeal_tenant")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_appeal_submission")),
    )
    op.create_table(
        "appeal_decision",
        sa.Column("appeal_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "upheld", "changed", name="outcome", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institute_id", "appeal_id"],
            ["appeal.institute_id", "appeal.id"],
            name=op.f("fk_appeal_decision_institute_id_appeal_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_appeal_decision_institute_id")
        ),
        sa.PrimaryKeyConstraint("appeal_id", name=op.f("pk_appeal_decision")),
    )
