"""Groups, amendments and agreed actions; what is known of a recipient; more that a session log says."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision, down_revision = "0032", "0031"

KINDS_BEFORE = ("one_to_one", "group", "observation", "job_shadow")
KINDS = (*KINDS_BEFORE, "mentoring", "supervision", "contact")
FINAL_BEFORE = {
    "sqlite": (
        """CREATE TRIGGER session_log_final BEFORE UPDATE ON session_log WHEN (OLD.state IN ('locked',
    'voided') OR (OLD.state = 'confirmed' AND NEW.state NOT IN ('confirmed', 'locked')) OR
    (OLD.state = 'confirmed' AND (NEW.institute_id IS NOT OLD.institute_id OR NEW.assignment_id IS
    NOT OLD.assignment_id OR NEW.enrolment_id IS NOT OLD.enrolment_id OR NEW.coach_id IS NOT
    OLD.coach_id OR NEW.participant_id IS NOT OLD.participant_id OR NEW.author_id IS NOT
    OLD.author_id OR NEW.start_utc IS NOT OLD.start_utc OR NEW.end_utc IS NOT OLD.end_utc OR
    NEW.zone IS NOT OLD.zone OR NEW.local_day IS NOT OLD.local_day OR NEW.month IS NOT OLD.month OR
    NEW.break_minutes IS NOT OLD.break_minutes OR NEW.minutes IS NOT OLD.minutes OR NEW.mode IS NOT
    OLD.mode OR NEW.kind IS NOT OLD.kind OR NEW.confirmed_by IS NOT OLD.confirmed_by))) BEGIN
    SELECT RAISE(ABORT, 'session_log_final'); END"""
    ),
    "postgresql": (
        """CREATE OR REPLACE FUNCTION session_log_final() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF
    (OLD.state IN ('locked', 'voided') OR (OLD.state = 'confirmed' AND NEW.state NOT IN
    ('confirmed', 'locked')) OR (OLD.state = 'confirmed' AND (NEW.institute_id IS DISTINCT FROM
    OLD.institute_id OR NEW.assignment_id IS DISTINCT FROM OLD.assignment_id OR NEW.enrolment_id IS
    DISTINCT FROM OLD.enrolment_id OR NEW.coach_id IS DISTINCT FROM OLD.coach_id OR
    NEW.participant_id IS DISTINCT FROM OLD.participant_id OR NEW.author_id IS DISTINCT FROM
    OLD.author_id OR NEW.start_utc IS DISTINCT FROM OLD.start_utc OR NEW.end_utc IS DISTINCT FROM
    OLD.end_utc OR NEW.zone IS DISTINCT FROM OLD.zone OR NEW.local_day IS DISTINCT FROM
    OLD.local_day OR NEW.month IS DISTINCT FROM OLD.month OR NEW.break_minutes IS DISTINCT FROM
    OLD.break_minutes OR NEW.minutes IS DISTINCT FROM OLD.minutes OR NEW.mode IS DISTINCT FROM
    OLD.mode OR NEW.kind IS DISTINCT FROM OLD.kind OR NEW.confirmed_by IS DISTINCT FROM
    OLD.confirmed_by))) THEN RAISE EXCEPTION 'session_log_final'; END IF; RETURN NEW; END $$"""
    ),
}
FINAL = {
    "sqlite": (
        """CREATE TRIGGER session_log_final BEFORE UPDATE ON session_log WHEN (OLD.state = 'voided' OR
    (OLD.state = 'locked' AND (NEW.state <> 'locked' OR NEW.amendment_id IS NULL OR
    NEW.amendment_id IS OLD.amendment_id)) OR (OLD.state = 'confirmed' AND NEW.state NOT IN
    ('confirmed', 'locked')) OR (OLD.state = 'confirmed' AND (NEW.institute_id IS NOT
    OLD.institute_id OR NEW.assignment_id IS NOT OLD.assignment_id OR NEW.enrolment_id IS NOT
    OLD.enrolment_id OR NEW.coach_id IS NOT OLD.coach_id OR NEW.participant_id IS NOT
    OLD.participant_id OR NEW.author_id IS NOT OLD.author_id OR NEW.start_utc IS NOT OLD.start_utc
    OR NEW.end_utc IS NOT OLD.end_utc OR NEW.zone IS NOT OLD.zone OR NEW.local_day IS NOT
    OLD.local_day OR NEW.month IS NOT OLD.month OR NEW.break_minutes IS NOT OLD.break_minutes OR
    NEW.minutes IS NOT OLD.minutes OR NEW.mode IS NOT OLD.mode OR NEW.kind IS NOT OLD.kind OR
    NEW.confirmed_by IS NOT OLD.confirmed_by OR NEW.group_id IS NOT OLD.group_id) AND
    (NEW.amendment_id IS NULL OR NEW.amendment_id IS OLD.amendment_id))) BEGIN SELECT RAISE(ABORT,
    'session_log_final'); END"""
    ),
    "postgresql": (
        """CREATE OR REPLACE FUNCTION session_log_final() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF
    (OLD.state = 'voided' OR (OLD.state = 'locked' AND (NEW.state <> 'locked' OR NEW.amendment_id
    IS NULL OR NEW.amendment_id IS NOT DISTINCT FROM OLD.amendment_id)) OR (OLD.state = 'confirmed'
    AND NEW.state NOT IN ('confirmed', 'locked')) OR (OLD.state = 'confirmed' AND (NEW.institute_id
    IS DISTINCT FROM OLD.institute_id OR NEW.assignment_id IS DISTINCT FROM OLD.assignment_id OR
    NEW.enrolment_id IS DISTINCT FROM OLD.enrolment_id OR NEW.coach_id IS DISTINCT FROM
    OLD.coach_id OR NEW.participant_id IS DISTINCT FROM OLD.participant_id OR NEW.author_id IS
    DISTINCT FROM OLD.author_id OR NEW.start_utc IS DISTINCT FROM OLD.start_utc OR NEW.end_utc IS
    DISTINCT FROM OLD.end_utc OR NEW.zone IS DISTINCT FROM OLD.zone OR NEW.local_day IS DISTINCT
    FROM OLD.local_day OR NEW.month IS DISTINCT FROM OLD.month OR NEW.break_minutes IS DISTINCT
    FROM OLD.break_minutes OR NEW.minutes IS DISTINCT FROM OLD.minutes OR NEW.mode IS DISTINCT FROM
    OLD.mode OR NEW.kind IS DISTINCT FROM OLD.kind OR NEW.confirmed_by IS DISTINCT FROM
    OLD.confirmed_by OR NEW.group_id IS DISTINCT FROM OLD.group_id) AND (NEW.amendment_id IS NULL
    OR NEW.amendment_id IS NOT DISTINCT FROM OLD.amendment_id))) THEN RAISE EXCEPTION
    'session_log_final'; END IF; RETURN NEW; END $$"""
    ),
}
GROUPS_APART = {
    "sqlite": tuple(
        f"""CREATE TRIGGER session_group_overlap_{verb.lower()} BEFORE {verb} ON session_group WHEN
    NEW.voided_at IS NULL AND EXISTS (SELECT 1 FROM session_group WHERE coach_id = NEW.coach_id AND
    id IS NOT NEW.id AND voided_at IS NULL AND start_utc < NEW.end_utc AND end_utc > NEW.start_utc
    AND start_utc > datetime(NEW.start_utc, '-3 days')) BEGIN SELECT RAISE(ABORT,
    'session_group_overlap'); END"""  # noqa: S608  (names of ours)
        for verb in ("INSERT", "UPDATE")
    ),
    "postgresql": (
        """ALTER TABLE session_group ADD CONSTRAINT session_group_overlap EXCLUDE USING gist
    (int4range(coach_id, coach_id, '[]') WITH &&, tstzrange(start_utc, end_utc, '[)') WITH &&)
    WHERE (voided_at IS NULL)""",
    ),
}
FINAL_NAME = "session_log_final"
GROUPED = "group_id IS NULL OR kind = 'group'"
IMPORTED = "external_id IS NULL OR imported_by IS NOT NULL"
FILLED = (
    ("goals", sa.Text()),
    ("practices", sa.JSON()),
    ("funding", sa.String(160)),
    ("own_steps", sa.Text()),
)
ADDED = (*(name for name, _ in FILLED), "due", "group_id", "amendment_id", "external_id", "imported_by")


def upgrade() -> None:
    """Make the tables, then widen the logs."""
    op.create_table(
        "session_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("start_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("end_utc > start_utc", name=op.f("ck_session_group_in_order")),
        sa.CheckConstraint("minutes BETWEEN 1 AND 1440", name=op.f("ck_session_group_minutes_credible")),
        sa.ForeignKeyConstraint(
            ["institute_id", "coach_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_session_group_institute_id_coach_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "cohort_id"],
            ["cohort.institute_id", "cohort.id"],
            name=op.f("fk_session_group_institute_id_cohort_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_session_group_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_group")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_session_group_tenant")),
    )
    op.create_index("ix_session_group_coach", "session_group", ["coach_id", "start_utc"])
    for statement in GROUPS_APART[op.get_bind().dialect.name]:
        op.execute(statement)

    op.create_table(
        "recipient",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                "lead_teacher",
                "assistant",
                "home_based",
                "site_leader",
                "other",
                name="type",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "setting",
            sa.Enum(
                "centre",
                "family_home",
                "school",
                "agency",
                "other",
                name="setting",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "need",
            sa.Enum(
                "standard",
                "raised",
                "intensive",
                name="need",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institute_id", "enrolment_id"],
            ["enrolment.institute_id", "enrolment.id"],
            name=op.f("fk_recipient_institute_id_enrolment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "recorded_by"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_recipient_institute_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "site_id"],
            ["organisation.institute_id", "organisation.id"],
            name=op.f("fk_recipient_institute_id_site_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_recipient_institute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipient")),
        sa.UniqueConstraint("enrolment_id", "since", name=op.f("uq_recipient_since")),
    )
    op.create_index(op.f("ix_recipient_institute_id"), "recipient", ["institute_id"])

    op.create_table(
        "agreed_action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("log_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "side",
            sa.Enum(
                "participant", "coach", name="side", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Integer(), nullable=True),
        sa.Column("ended_in", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "(done_at IS NULL AND dropped_at IS NULL) = (done_by IS NULL)",
            name=op.f("ck_agreed_action_ended_by_somebody"),
        ),
        sa.CheckConstraint("done_at IS NULL OR dropped_at IS NULL", name=op.f("ck_agreed_action_one_end")),
        sa.CheckConstraint("length(text) <= 500", name=op.f("ck_agreed_action_text_fits")),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_agreed_action_says_something")),
        sa.ForeignKeyConstraint(
            ["institute_id", "done_by"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_agreed_action_institute_id_done_by"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "ended_in"],
            ["session_log.institute_id", "session_log.id"],
            name=op.f("fk_agreed_action_institute_id_ended_in"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "enrolment_id"],
            ["enrolment.institute_id", "enrolment.id"],
            name=op.f("fk_agreed_action_institute_id_enrolment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "log_id"],
            ["session_log.institute_id", "session_log.id"],
            name=op.f("fk_agreed_action_institute_id_log_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreed_action")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_agreed_action_tenant")),
    )
    for column in ("enrolment_id", "log_id"):
        op.create_index(f"ix_agreed_action_{column}", "agreed_action", [column])

    op.create_table(
        "session_amendment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("log_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "accepted",
                "declined",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'proposed') = (answered_at IS NULL)",
            name=op.f("ck_session_amendment_answered_at_some_time"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('accepted', 'declined') OR answered_by <> proposed_by",
            name=op.f("ck_session_amendment_answered_by_another"),
        ),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_session_amendment_says_why")),
        sa.ForeignKeyConstraint(
            ["institute_id", "answered_by"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_session_amendment_institute_id_answered_by"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "log_id"],
            ["session_log.institute_id", "session_log.id"],
            name=op.f("fk_session_amendment_institute_id_log_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "proposed_by"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_session_amendment_institute_id_proposed_by"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_amendment")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_session_amendment_tenant")),
    )
    op.create_index("ix_session_amendment_log_id", "session_amendment", ["log_id"])
    op.create_index(
        "uq_session_amendment_open",
        "session_amendment",
        ["log_id"],
        unique=True,
        sqlite_where=sa.text("state = 'proposed'"),
        postgresql_where=sa.text("state = 'proposed'"),
    )
    with _guarded(FINAL), op.batch_alter_table("session_log") as batch:
        batch.add_column(sa.Column("goals", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("practices", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("funding", sa.String(length=160), nullable=False, server_default=""))
        batch.add_column(sa.Column("own_steps", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("due", sa.Date(), nullable=True))
        batch.add_column(sa.Column("group_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("amendment_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("external_id", sa.String(length=120), nullable=True))
        batch.add_column(sa.Column("imported_by", sa.Integer(), nullable=True))
        _allow(batch, KINDS)
        batch.create_check_constraint(op.f("ck_session_log_grouped_is_group"), GROUPED)
        batch.create_check_constraint(op.f("ck_session_log_imported_by_somebody"), IMPORTED)
        batch.create_unique_constraint(op.f("uq_session_log_external_id"), ["institute_id", "external_id"])
        for column, table in (("group_id", "session_group"), ("imported_by", "person")):
            name = op.f(f"fk_session_log_institute_id_{column}")
            batch.create_foreign_key(name, table, ["institute_id", column], ["institute_id", "id"])
        batch.create_index("ix_session_log_group_id", ["group_id"])
    with _guarded(FINAL), op.batch_alter_table("session_log") as batch:
        for column, kind in FILLED:
            batch.alter_column(column, existing_type=kind, existing_nullable=False, server_default=None)


def downgrade() -> None:
    """Narrow the logs, then drop the tables. Kinds that had no name before are kept as observations."""
    with _guarded(FINAL_BEFORE):
        named = ", ".join(f"'{kind}'" for kind in KINDS_BEFORE)
        op.execute(f"UPDATE session_log SET kind = 'observation' WHERE kind NOT IN ({named})")  # noqa: S608  (names of ours)
        with op.batch_alter_table("session_log") as batch:
            batch.drop_index("ix_session_log_group_id")
            for column in ("group_id", "imported_by"):
                batch.drop_constraint(op.f(f"fk_session_log_institute_id_{column}"), type_="foreignkey")
            batch.drop_constraint(op.f("uq_session_log_external_id"), type_="unique")
            for name in ("grouped_is_group", "imported_by_somebody"):
                batch.drop_constraint(op.f(f"ck_session_log_{name}"), type_="check")
            _allow(batch, KINDS_BEFORE)
            for column in ADDED:
                batch.drop_column(column)
    for table in ("session_amendment", "agreed_action", "recipient", "session_group"):
        op.drop_table(table)


def _allow(batch: BatchOperations, kinds: tuple[str, ...]) -> None:
    named = ", ".join(f"'{kind}'" for kind in kinds)
    batch.drop_constraint(op.f("ck_session_log_kind"), type_="check")
    batch.create_check_constraint(op.f("ck_session_log_kind"), f"kind IN ({named})")


@contextmanager
def _guarded(final: dict[str, str]) -> Iterator[None]:
    """Take the guards off the logs while they are rebuilt, and put them back with another word on what is final.

    SQLite loses a table's triggers with the table; PostgreSQL keeps them, and its constraints stay as they are.
    """
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        op.execute(f"ALTER TABLE session_log DISABLE TRIGGER {FINAL_NAME}")
        yield
        op.execute(final["postgresql"])
        op.execute(f"ALTER TABLE session_log ENABLE TRIGGER {FINAL_NAME}")
        return
    found = bind.exec_driver_sql(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'session_log' ORDER BY name"
    ).all()
    for name, _ in found:
        op.execute(f"DROP TRIGGER {name}")
    yield
    for name, statement in found:
        bind.exec_driver_sql(final["sqlite"] if name == FINAL_NAME else statement)
