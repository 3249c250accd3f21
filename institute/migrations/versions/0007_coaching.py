"""Make the tables of coaching: policies, session logs, what the two sides said."""

import sqlalchemy as sa
from alembic import op

from institute.db import append_only_ddl, append_only_removal

revision, down_revision = "0007", "0006"

APPEND_ONLY = ("session_revision", "session_answer")
GUARDS_SQLITE = (
    """CREATE TRIGGER session_log_coach_overlap_insert BEFORE INSERT ON session_log WHEN NEW.state
    <> 'voided' AND NEW.kind <> 'group' AND EXISTS (SELECT 1 FROM session_log WHERE coach_id =
    NEW.coach_id AND id IS NOT NEW.id AND state <> 'voided' AND kind <> 'group' AND start_utc <
    NEW.end_utc AND end_utc > NEW.start_utc AND start_utc > datetime(NEW.start_utc, '-3 days'))
    BEGIN SELECT RAISE(ABORT, 'session_log_coach_overlap'); END""",
    """CREATE TRIGGER session_log_coach_overlap_update BEFORE UPDATE ON session_log WHEN NEW.state
    <> 'voided' AND NEW.kind <> 'group' AND EXISTS (SELECT 1 FROM session_log WHERE coach_id =
    NEW.coach_id AND id IS NOT NEW.id AND state <> 'voided' AND kind <> 'group' AND start_utc <
    NEW.end_utc AND end_utc > NEW.start_utc AND start_utc > datetime(NEW.start_utc, '-3 days'))
    BEGIN SELECT RAISE(ABORT, 'session_log_coach_overlap'); END""",
    """CREATE TRIGGER session_log_participant_overlap_insert BEFORE INSERT ON session_log WHEN
    NEW.state <> 'voided' AND EXISTS (SELECT 1 FROM session_log WHERE participant_id =
    NEW.participant_id AND id IS NOT NEW.id AND state <> 'voided' AND start_utc < NEW.end_utc
    AND end_utc > NEW.start_utc AND start_utc > datetime(NEW.start_utc, '-3 days')) BEGIN SELECT
    RAISE(ABORT, 'session_log_participant_overlap'); END""",
    """CREATE TRIGGER session_log_participant_overlap_update BEFORE UPDATE ON session_log WHEN
    NEW.state <> 'voided' AND EXISTS (SELECT 1 FROM session_log WHERE participant_id =
    NEW.participant_id AND id IS NOT NEW.id AND state <> 'voided' AND start_utc < NEW.end_utc
    AND end_utc > NEW.start_utc AND start_utc > datetime(NEW.start_utc, '-3 days')) BEGIN SELECT
    RAISE(ABORT, 'session_log_participant_overlap'); END""",
    """CREATE TRIGGER session_log_final BEFORE UPDATE ON session_log WHEN (OLD.state IN ('locked',
    'voided') OR (OLD.state = 'confirmed' AND NEW.state NOT IN ('confirmed', 'locked')) OR
    (OLD.state = 'confirmed' AND (NEW.institute_id IS NOT OLD.institute_id OR NEW.assignment_id
    IS NOT OLD.assignment_id OR NEW.enrolment_id IS NOT OLD.enrolment_id OR NEW.coach_id IS NOT
    OLD.coach_id OR NEW.participant_id IS NOT OLD.participant_id OR NEW.author_id IS NOT
    OLD.author_id OR NEW.start_utc IS NOT OLD.start_utc OR NEW.end_utc IS NOT OLD.end_utc OR
    NEW.zone IS NOT OLD.zone OR NEW.local_day IS NOT OLD.local_day OR NEW.month IS NOT OLD.month
    OR NEW.break_minutes IS NOT OLD.break_minutes OR NEW.minutes IS NOT OLD.minutes OR NEW.mode
    IS NOT OLD.mode OR NEW.kind IS NOT OLD.kind OR NEW.confirmed_by IS NOT OLD.confirmed_by)))
    BEGIN SELECT RAISE(ABORT, 'session_log_final'); END""",
)
GUARDS_POSTGRESQL = (
    """ALTER TABLE session_log ADD CONSTRAINT session_log_coach_overlap EXCLUDE USING gist
    (int4range(coach_id, coach_id, '[]') WITH &&, tstzrange(start_utc, end_utc, '[)') WITH &&)
    WHERE (state <> 'voided' AND kind <> 'group')""",
    """ALTER TABLE session_log ADD CONSTRAINT session_log_participant_overlap EXCLUDE USING gist
    (int4range(participant_id, participant_id, '[]') WITH &&, tstzrange(start_utc, end_utc,
    '[)') WITH &&) WHERE (state <> 'voided')""",
    """CREATE FUNCTION session_log_final() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF
    (OLD.state IN ('locked', 'voided') OR (OLD.state = 'confirmed' AND NEW.state NOT IN
    ('confirmed', 'locked')) OR (OLD.state = 'confirmed' AND (NEW.institute_id IS DISTINCT FROM
    OLD.institute_id OR NEW.assignment_id IS DISTINCT FROM OLD.assignment_id OR NEW.enrolment_id
    IS DISTINCT FROM OLD.enrolment_id OR NEW.coach_id IS DISTINCT FROM OLD.coach_id OR
    NEW.participant_id IS DISTINCT FROM OLD.participant_id OR NEW.author_id IS DISTINCT FROM
    OLD.author_id OR NEW.start_utc IS DISTINCT FROM OLD.start_utc OR NEW.end_utc IS DISTINCT
    FROM OLD.end_utc OR NEW.zone IS DISTINCT FROM OLD.zone OR NEW.local_day IS DISTINCT FROM
    OLD.local_day OR NEW.month IS DISTINCT FROM OLD.month OR NEW.break_minutes IS DISTINCT FROM
    OLD.break_minutes OR NEW.minutes IS DISTINCT FROM OLD.minutes OR NEW.mode IS DISTINCT FROM
    OLD.mode OR NEW.kind IS DISTINCT FROM OLD.kind OR NEW.confirmed_by IS DISTINCT FROM
    OLD.confirmed_by))) THEN RAISE EXCEPTION 'session_log_final'; END IF; RETURN NEW; END $$""",
    """CREATE TRIGGER session_log_final BEFORE UPDATE ON session_log FOR EACH ROW EXECUTE FUNCTION
    session_log_final()""",
)
FUNCTIONS = ("session_log_final",)
GUARDS = {"sqlite": GUARDS_SQLITE, "postgresql": GUARDS_POSTGRESQL}


def upgrade() -> None:
    """Make them, parents first."""
    op.create_table(
        "coaching_policy",
        sa.Column("programme_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("minimum_minutes", sa.Integer(), nullable=False),
        sa.Column("target_minutes", sa.Integer(), nullable=False),
        sa.Column("counting", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "minimum_minutes >= 0 AND target_minutes >= minimum_minutes",
            name=op.f("ck_coaching_policy_in_order"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "programme_id"],
            ["programme.institute_id", "programme.id"],
            name=op.f("fk_coaching_policy_institute_id_programme_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_coaching_policy_institute_id")
        ),
        sa.PrimaryKeyConstraint("programme_id", name=op.f("pk_coaching_policy")),
    )
    op.create_table(
        "session_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("start_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("local_day", sa.Date(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("break_minutes", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column(
            "mode",
            sa.Enum(
                "in_person",
                "video",
                "phone",
                "asynchronous",
                name="mode",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "one_to_one",
                "group",
                "observation",
                "job_shadow",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("segment_id", sa.Integer(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("next_steps", sa.Text(), nullable=False),
        sa.Column("long_reason", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "disputed",
                "confirmed",
                "locked",
                "voided",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('confirmed', 'locked')) = (confirmed_by IS NOT NULL)",
            name=op.f("ck_session_log_confirmed_by_somebody"),
        ),
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)",
            name=op.f("ck_session_log_confirmed_at_some_time"),
        ),
        sa.CheckConstraint(
            "author_id IN (coach_id, participant_id)", name=op.f("ck_session_log_author_was_there")
        ),
        sa.CheckConstraint("break_minutes BETWEEN 0 AND 1439", name=op.f("ck_session_log_break_credible")),
        sa.CheckConstraint("coach_id <> participant_id", name=op.f("ck_session_log_two_people")),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR (confirmed_by <> author_id AND confirmed_by IN (coach_id, participant_id))",
            name=op.f("ck_session_log_confirmer_is_the_other"),
        ),
        sa.CheckConstraint("end_utc > start_utc", name=op.f("ck_session_log_in_order")),
        sa.CheckConstraint("minutes BETWEEN 1 AND 1440", name=op.f("ck_session_log_minutes_credible")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_session_log_version_positive")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["coach_assignment.id"], name=op.f("fk_session_log_assignment_id")
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "author_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_session_log_institute_id_author_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "coach_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_session_log_institute_id_coach_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "enrolment_id"],
            ["enrolment.institute_id", "enrolment.id"],
            name=op.f("fk_session_log_institute_id_enrolment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "participant_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_session_log_institute_id_participant_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_session_log_institute_id")),
        sa.ForeignKeyConstraint(
            ["segment_id"], ["segment.id"], name=op.f("fk_session_log_segment_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_log")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_session_log_tenant")),
    )
    with op.batch_alter_table("session_log", schema=None) as batch_op:
        batch_op.create_index("ix_session_log_coach", ["coach_id", "start_utc"], unique=False)
        batch_op.create_index(
            "ix_session_log_hours",
            ["enrolment_id", "month", "state", "kind", "mode", "minutes"],
            unique=False,
        )
        batch_op.create_index("ix_session_log_participant", ["participant_id", "start_utc"], unique=False)
        batch_op.create_index(
            "ix_session_log_tenant",
            ["institute_id", "enrolment_id", "state", "kind", "mode", "minutes"],
            unique=False,
        )

    op.create_table(
        "session_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("log_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "confirmed", "disputed", name="verdict", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "difference",
            sa.Enum(
                "time",
                "length",
                "mode",
                "agreed",
                "not_held",
                name="difference",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(verdict = 'disputed') = (difference IS NOT NULL)",
            name=op.f("ck_session_answer_dispute_says_what"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "log_id"],
            ["session_log.institute_id", "session_log.id"],
            name=op.f("fk_session_answer_institute_id_log_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_answer")),
        sa.UniqueConstraint("log_id", "version", name=op.f("uq_session_answer_version")),
    )
    op.create_table(
        "session_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("log_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "disputed",
                "confirmed",
                "locked",
                "voided",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institute_id", "log_id"],
            ["session_log.institute_id", "session_log.id"],
            name=op.f("fk_session_revision_institute_id_log_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_revision")),
        sa.UniqueConstraint("log_id", "version", name=op.f("uq_session_revision_version")),
    )
    dialect = op.get_bind().dialect.name
    for statement in GUARDS[dialect]:
        op.execute(statement)
    for table in APPEND_ONLY:
        for verb in ("update", "delete"):
            for statement in append_only_ddl(table, verb)[dialect]:
                op.execute(statement)


def downgrade() -> None:
    """Drop them, children first."""
    dialect = op.get_bind().dialect.name
    for table in APPEND_ONLY:
        for verb in ("update", "delete"):
            for statement in append_only_removal(table, verb)[dialect]:
                op.execute(statement)
    op.drop_table("session_revision")
    op.drop_table("session_answer")
    with op.batch_alter_table("session_log", schema=None) as batch_op:
        batch_op.drop_index("ix_session_log_tenant")
        batch_op.drop_index("ix_session_log_participant")
        batch_op.drop_index("ix_session_log_hours")
        batch_op.drop_index("ix_session_log_coach")

    op.drop_table("session_log")
    op.drop_table("coaching_policy")
    if dialect == "postgresql":
        for function in FUNCTIONS:
            op.execute(f"DROP FUNCTION {function}()")
