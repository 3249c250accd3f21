"""Calibration: sets of papers with known scores, attempts at them, and what raters are qualified for."""

import sqlalchemy as sa
from alembic import op

from institute.db import append_only_ddl, append_only_removal

revision, down_revision = "0047", "0046"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "calibration_set",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("rubric_key", sa.String(length=60), nullable=False),
        sa.Column("rubric_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("least_exact", sa.Integer(), nullable=False),
        sa.Column("least_near", sa.Integer(), nullable=False),
        sa.Column("most_misses", sa.Integer(), nullable=False),
        sa.Column("source_key", sa.String(length=60), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "least_exact BETWEEN 0 AND 100 AND least_near BETWEEN least_exact AND 100",
            name=op.f("ck_calibration_set_shares_in_percent"),
        ),
        sa.CheckConstraint("most_misses BETWEEN 0 AND 99", name=op.f("ck_calibration_set_misses_credible")),
        sa.CheckConstraint(
            "retired_at IS NULL OR published_at IS NOT NULL",
            name=op.f("ck_calibration_set_retired_after_publishing"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_calibration_set_version_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["institute_id", "created_by"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_calibration_set_institute_id_created_by"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "rubric_id"],
            ["rubric.institute_id", "rubric.id"],
            name=op.f("fk_calibration_set_institute_id_rubric_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_calibration_set_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_set")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_calibration_set_tenant")),
        sa.UniqueConstraint("institute_id", "rubric_key", "version", name=op.f("uq_calibration_set_version")),
    )
    op.create_table(
        "calibration_unlock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("rubric_key", sa.String(length=60), nullable=False),
        sa.Column("training", sa.Text(), nullable=False),
        sa.Column("unlocked_by", sa.Integer(), nullable=True),
        sa.Column("unlocked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(training) > 0", name=op.f("ck_calibration_unlock_with_a_training")),
        sa.ForeignKeyConstraint(
            ["institute_id", "person_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_calibration_unlock_institute_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "unlocked_by"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_calibration_unlock_institute_id_unlocked_by"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_calibration_unlock_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_unlock")),
    )
    with op.batch_alter_table("calibration_unlock", schema=None) as batch_op:
        batch_op.create_index("ix_calibration_unlock_person", ["person_id", "rubric_key"], unique=False)

    op.create_table(
        "calibration_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("rubric_key", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("scores", sa.Integer(), nullable=False),
        sa.Column("exact", sa.Integer(), nullable=False),
        sa.Column("near", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(finished_at IS NULL) = (passed IS NULL)",
            name=op.f("ck_calibration_attempt_judged_when_finished"),
        ),
        sa.CheckConstraint(
            "exact >= 0 AND near >= exact AND scores >= near",
            name=op.f("ck_calibration_attempt_counts_in_order"),
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_calibration_attempt_number_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["institute_id", "meeting_id"],
            ["meeting.institute_id", "meeting.id"],
            name=op.f("fk_calibration_attempt_institute_id_meeting_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "person_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_calibration_attempt_institute_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "set_id"],
            ["calibration_set.institute_id", "calibration_set.id"],
            name=op.f("fk_calibration_attempt_institute_id_set_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_calibration_attempt_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_attempt")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_calibration_attempt_tenant")),
        sa.UniqueConstraint("person_id", "rubric_key", "number", name=op.f("uq_calibration_attempt_number")),
    )
    with op.batch_alter_table("calibration_attempt", schema=None) as batch_op:
        batch_op.create_index("ix_calibration_attempt_set_id", ["set_id"], unique=False)
        batch_op.create_index(
            "uq_calibration_attempt_open",
            ["person_id", "rubric_key"],
            unique=True,
            sqlite_where=sa.text("finished_at IS NULL"),
            postgresql_where=sa.text("finished_at IS NULL"),
        )

    op.create_table(
        "calibration_meeting",
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institute_id", "added_by"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_calibration_meeting_institute_id_added_by"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "meeting_id"],
            ["meeting.institute_id", "meeting.id"],
            name=op.f("fk_calibration_meeting_institute_id_meeting_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "set_id"],
            ["calibration_set.institute_id", "calibration_set.id"],
            name=op.f("fk_calibration_meeting_institute_id_set_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_calibration_meeting_institute_id")
        ),
        sa.PrimaryKeyConstraint("set_id", "meeting_id", name=op.f("pk_calibration_meeting")),
    )
    with op.batch_alter_table("calibration_meeting", schema=None) as batch_op:
        batch_op.create_index("ix_calibration_meeting_meeting_id", ["meeting_id"], unique=False)

    op.create_table(
        "rater_qualification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("rubric_key", sa.String(length=60), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (length(end_reason) = 0)",
            name=op.f("ck_rater_qualification_ended_with_reason"),
        ),
        sa.CheckConstraint("until >= since", name=op.f("ck_rater_qualification_in_order")),
        sa.ForeignKeyConstraint(
            ["institute_id", "attempt_id"],
            ["calibration_attempt.institute_id", "calibration_attempt.id"],
            name=op.f("fk_rater_qualification_institute_id_attempt_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "ended_by"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_rater_qualification_institute_id_ended_by"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "person_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_rater_qualification_institute_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_rater_qualification_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rater_qualification")),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_rater_qualification_attempt")),
    )
    with op.batch_alter_table("rater_qualification", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_rater_qualification_institute_id"), ["institute_id"], unique=False
        )
        batch_op.create_index("ix_rater_qualification_person", ["person_id", "rubric_key"], unique=False)

    op.create_table(
        "anchor_consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "agreed",
                "declined",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'asked') = (answered_at IS NULL)", name=op.f("ck_anchor_consent_answered_once")
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "asked_by"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_anchor_consent_institute_id_asked_by"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "submission_id"],
            ["submission.institute_id", "submission.id"],
            name=op.f("fk_anchor_consent_institute_id_submission_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_anchor_consent_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anchor_consent")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_anchor_consent_tenant")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_anchor_consent_submission")),
    )
    op.create_table(
        "anchor_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "use",
            sa.Enum(
                "calibration", "seeded", name="use", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("text", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("rationale", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("submission_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("position >= 1", name=op.f("ck_anchor_paper_position_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["institute_id", "set_id"],
            ["calibration_set.institute_id", "calibration_set.id"],
            name=op.f("fk_anchor_paper_institute_id_set_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "submission_id"],
            ["submission.institute_id", "submission.id"],
            name=op.f("fk_anchor_paper_institute_id_submission_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_anchor_paper_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anchor_paper")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_anchor_paper_tenant")),
        sa.UniqueConstraint("set_id", "position", name=op.f("uq_anchor_paper_position")),
    )
    with op.batch_alter_table("anchor_paper", schema=None) as batch_op:
        batch_op.create_index("ix_anchor_paper_submission_id", ["submission_id"], unique=False)

    op.create_table(
        "anchor_file",
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("position >= 1", name=op.f("ck_anchor_file_position_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["institute_id", "file_id"],
            ["stored_file.institute_id", "stored_file.id"],
            name=op.f("fk_anchor_file_institute_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "paper_id"],
            ["anchor_paper.institute_id", "anchor_paper.id"],
            name=op.f("fk_anchor_file_institute_id_paper_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_anchor_file_institute_id")),
        sa.PrimaryKeyConstraint("paper_id", "file_id", name=op.f("pk_anchor_file")),
    )
    with op.batch_alter_table("anchor_file", schema=None) as batch_op:
        batch_op.create_index("ix_anchor_file_file_id", ["file_id"], unique=False)

    op.create_table(
        "anchor_score",
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("rationale", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint("level >= 1", name=op.f("ck_anchor_score_level_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["criterion.id"], name=op.f("fk_anchor_score_criterion_id")
        ),
        sa.ForeignKeyConstraint(["paper_id"], ["anchor_paper.id"], name=op.f("fk_anchor_score_paper_id")),
        sa.PrimaryKeyConstraint("paper_id", "criterion_id", name=op.f("pk_anchor_score")),
    )
    with op.batch_alter_table("anchor_score", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_anchor_score_criterion_id"), ["criterion_id"], unique=False)

    op.create_table(
        "calibration_attempt_paper",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "position >= 1", name=op.f("ck_calibration_attempt_paper_position_counts_from_one")
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["calibration_attempt.id"], name=op.f("fk_calibration_attempt_paper_attempt_id")
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["anchor_paper.id"], name=op.f("fk_calibration_attempt_paper_paper_id")
        ),
        sa.PrimaryKeyConstraint("attempt_id", "paper_id", name=op.f("pk_calibration_attempt_paper")),
        sa.UniqueConstraint("attempt_id", "position", name=op.f("uq_calibration_attempt_paper_position")),
    )
    with op.batch_alter_table("calibration_attempt_paper", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calibration_attempt_paper_paper_id"), ["paper_id"], unique=False)

    op.create_table(
        "calibration_attempt_score",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "level IS NULL OR level >= 1", name=op.f("ck_calibration_attempt_score_level_counts_from_one")
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id", "paper_id"],
            ["calibration_attempt_paper.attempt_id", "calibration_attempt_paper.paper_id"],
            name=op.f("fk_calibration_attempt_score_attempt_id_paper_id"),
        ),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["criterion.id"], name=op.f("fk_calibration_attempt_score_criterion_id")
        ),
        sa.PrimaryKeyConstraint(
            "attempt_id", "paper_id", "criterion_id", name=op.f("pk_calibration_attempt_score")
        ),
    )
    with op.batch_alter_table("calibration_attempt_score", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_calibration_attempt_score_criterion_id"), ["criterion_id"], unique=False
        )
    for verb in ("update", "delete"):
        for statement in append_only_ddl("calibration_unlock", verb)[op.get_bind().dialect.name]:
            op.execute(statement)


def downgrade() -> None:
    """Drop them."""
    for verb in ("update", "delete"):
        for statement in append_only_removal("calibration_unlock", verb)[op.get_bind().dialect.name]:
            op.execute(statement)
    op.drop_table("calibration_attempt_score")
    op.drop_table("calibration_attempt_paper")
    op.drop_table("anchor_score")
    op.drop_table("anchor_file")
    op.drop_table("anchor_paper")
    op.drop_table("anchor_consent")
    op.drop_table("rater_qualification")
    op.drop_table("calibration_meeting")
    op.drop_table("calibration_attempt")
    op.drop_table("calibration_unlock")
    op.drop_table("calibration_set")
