"""Requirements with an owner, either/or and attendance; links, items and presentations; tools outside."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0045", "0044"

OWNER = sa.column("owner", sa.String()).in_(("candidate", "coach", "office"))
KIND = sa.column("kind", sa.String()).in_(("evidence", "presentation"))
MEETINGS = (
    "coach", "cohort", "training", "professional_learning", "community", "check_in", "calibration", "orientation",
    "interagency", "end_of_year",
)  # fmt: skip
ASKS = "wants_text OR most_files > 0 OR most_links > 0 OR takes_items OR kind = 'presentation' OR attended_minutes > 0"
CHECKS = {
    "owner": OWNER,
    "kind": KIND,
    "attended_kind": sa.column("attended_kind", sa.String()).in_(MEETINGS),
    "few_links": "most_links BETWEEN 0 AND 10",
    "asks_for_something": ASKS,
    "candidates_are_scored": "NOT scored OR owner = 'candidate'",
    "candidates_present": "kind <> 'presentation' OR owner = 'candidate'",
    "one_attendance": "attended_kind IS NULL OR attended_key IS NULL",
    "attends_something": (
        "attended_minutes >= 0 AND (attended_minutes > 0) = (attended_kind IS NOT NULL OR attended_key IS NOT NULL)"
    ),
    "some_attempt": "most_attempts IS NULL OR most_attempts >= 1",
    "revision_counts_from_one": "revision >= 1",
}
# What an earlier requirement asked: something written by the participant.
COLUMNS = (
    ("owner", sa.String(length=40), "candidate"),
    ("kind", sa.String(length=40), "evidence"),
    ("takes_media", sa.Boolean(), sa.false()),
    ("most_links", sa.Integer(), 0),
    ("takes_items", sa.Boolean(), sa.false()),
    ("attended_minutes", sa.Integer(), 0),
    ("by_hand", sa.Boolean(), sa.false()),
    ("revision", sa.Integer(), 1),
)


def upgrade() -> None:
    """Widen requirements and submissions, make the new tables, and freeze what belongs to a submission."""
    _thaw("submission", "submission_file")
    _widen_requirements()
    _widen_submissions()
    _make_tables()
    _freeze(CHANGED, "submission_file", "submission_item", "presentation")


def downgrade() -> None:
    """Forget links, items, presentations and tools; what asked for nothing else asks for a text, and is kept."""
    _thaw("submission", "submission_file", "submission_item", "presentation")
    for table in ("tool_seat", "tool_slot", "presentation", "submission_item"):
        op.drop_table(table)
    _narrow_submissions()
    _narrow_requirements()
    _freeze(CHANGED_BEFORE, "submission_file")


def _widen_requirements() -> None:
    requirement = sa.table("requirement", *(sa.column(name) for name, _, _ in COLUMNS))
    with op.batch_alter_table("requirement") as batch:
        for name, kind, _ in COLUMNS:
            batch.add_column(sa.Column(name, kind, nullable=True))
        batch.add_column(sa.Column("choice", sa.String(length=60), nullable=True))
        batch.add_column(sa.Column("attended_kind", sa.String(length=40), nullable=True))
        batch.add_column(sa.Column("attended_key", sa.String(length=120), nullable=True))
        batch.add_column(sa.Column("most_attempts", sa.Integer(), nullable=True))
    op.execute(requirement.update().values({name: value for name, _, value in COLUMNS}))
    with op.batch_alter_table("requirement") as batch:
        batch.drop_constraint(op.f("ck_requirement_asks_for_something"), type_="check")
        for name, kind, _ in COLUMNS:
            batch.alter_column(name, existing_type=kind, nullable=False)
        for name, condition in CHECKS.items():
            batch.create_check_constraint(op.f(f"ck_requirement_{name}"), condition)  # type: ignore[arg-type]


def _narrow_requirements() -> None:
    op.execute("UPDATE requirement SET wants_text = true WHERE NOT (wants_text OR most_files > 0)")
    with op.batch_alter_table("requirement") as batch:
        for name in CHECKS:
            batch.drop_constraint(op.f(f"ck_requirement_{name}"), type_="check")
        for name in (
            "choice",
            "attended_kind",
            "attended_key",
            "most_attempts",
            *(one[0] for one in COLUMNS),
        ):
            batch.drop_column(name)
        batch.create_check_constraint(
            op.f("ck_requirement_asks_for_something"), "wants_text OR most_files > 0"
        )


def _widen_submissions() -> None:
    with op.batch_alter_table("submission") as batch:
        batch.add_column(sa.Column("author_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("previous_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("language", sa.String(length=10), nullable=True))
    op.execute(
        "UPDATE submission SET author_id = person_id, language = COALESCE("
        "(SELECT p.locale FROM person p WHERE p.id = submission.person_id), 'en'), previous_id ="
        " (SELECT b.id FROM submission b WHERE b.requirement_id = submission.requirement_id"
        " AND b.enrolment_id = submission.enrolment_id AND b.attempt = submission.attempt - 1)"
    )
    with op.batch_alter_table("submission") as batch:
        batch.alter_column("author_id", existing_type=sa.Integer(), nullable=False)
        batch.alter_column("language", existing_type=sa.String(length=10), nullable=False)
        batch.create_foreign_key(
            op.f("fk_submission_institute_id_author_id"),
            "person",
            ["institute_id", "author_id"],
            ["institute_id", "id"],
        )
        batch.create_foreign_key(
            op.f("fk_submission_institute_id_previous_id"),
            "submission",
            ["institute_id", "previous_id"],
            ["institute_id", "id"],
        )


def _narrow_submissions() -> None:
    with op.batch_alter_table("submission") as batch:
        batch.drop_constraint(op.f("fk_submission_institute_id_previous_id"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_submission_institute_id_author_id"), type_="foreignkey")
        for name in ("language", "previous_id", "author_id"):
            batch.drop_column(name)


def _make_tables() -> None:
    """Make what belongs to a submission, and the tools."""
    op.create_table(
        "tool_slot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("address", sa.String(length=2000), nullable=False),
        sa.Column("licence", sa.String(length=200), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_tool_slot_revision_counts_from_one")),
        sa.CheckConstraint("seats IS NULL OR seats >= 1", name=op.f("ck_tool_slot_some_seat")),
        sa.CheckConstraint(
            "taken >= 0 AND (seats IS NULL OR taken <= seats)", name=op.f("ck_tool_slot_never_overfull")
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "programme_id"],
            ["programme.institute_id", "programme.id"],
            name=op.f("fk_tool_slot_institute_id_programme_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_tool_slot_institute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tool_slot")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_tool_slot_tenant")),
    )
    with op.batch_alter_table("tool_slot", schema=None) as batch_op:
        batch_op.create_index("ix_tool_slot_programme_id", ["programme_id"], unique=False)
    op.create_table(
        "tool_seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["institute_id", "given_by"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_tool_seat_institute_id_given_by"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "person_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_tool_seat_institute_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "slot_id"],
            ["tool_slot.institute_id", "tool_slot.id"],
            name=op.f("fk_tool_seat_institute_id_slot_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_tool_seat_institute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tool_seat")),
    )
    with op.batch_alter_table("tool_seat", schema=None) as batch_op:
        batch_op.create_index("ix_tool_seat_person_id", ["person_id"], unique=False)
        batch_op.create_index(
            "uq_tool_seat_given",
            ["slot_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
    op.create_table(
        "presentation",
        sa.Column("submission_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("link", sa.String(length=2000), nullable=False),
        sa.Column("scheduled_by", sa.Integer(), nullable=False),
        sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(held_by IS NULL) = (held_at IS NULL)", name=op.f("ck_presentation_held_by_somebody")
        ),
        sa.CheckConstraint("minutes BETWEEN 1 AND 480", name=op.f("ck_presentation_credible")),
        sa.ForeignKeyConstraint(
            ["institute_id", "held_by"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_presentation_institute_id_held_by"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "scheduled_by"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_presentation_institute_id_scheduled_by"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "submission_id"],
            ["submission.institute_id", "submission.id"],
            name=op.f("fk_presentation_institute_id_submission_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_presentation_institute_id")
        ),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_presentation")),
    )
    with op.batch_alter_table("presentation", schema=None) as batch_op:
        batch_op.create_index("ix_presentation_starts_at", ["institute_id", "starts_at"], unique=False)
    op.create_table(
        "submission_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "link", "plan", "session", name="kind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=True),
        sa.Column("ref", sa.Integer(), nullable=True),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'link') = (ref IS NULL)", name=op.f("ck_submission_item_others_name_a_thing")
        ),
        sa.CheckConstraint(
            "(kind = 'link') = (url IS NOT NULL)", name=op.f("ck_submission_item_link_has_an_address")
        ),
        sa.CheckConstraint("position >= 1", name=op.f("ck_submission_item_position_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["institute_id", "submission_id"],
            ["submission.institute_id", "submission.id"],
            name=op.f("fk_submission_item_institute_id_submission_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_submission_item_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_item")),
        sa.UniqueConstraint("submission_id", "kind", "ref", name=op.f("uq_submission_item_once")),
    )
    with op.batch_alter_table("submission_item", schema=None) as batch_op:
        batch_op.create_index("ix_submission_item_submission_id", ["submission_id"], unique=False)


CHANGED = (
    "NEW.state = 'draft' OR NEW.text <> OLD.text OR NEW.submitted_at <> OLD.submitted_at"
    " OR NEW.saved_at <> OLD.saved_at OR NEW.institute_id <> OLD.institute_id"
    " OR NEW.requirement_id <> OLD.requirement_id OR NEW.enrolment_id <> OLD.enrolment_id"
    " OR NEW.person_id <> OLD.person_id OR NEW.author_id <> OLD.author_id OR NEW.attempt <> OLD.attempt"
    " OR NEW.language <> OLD.language OR COALESCE(NEW.previous_id, 0) <> COALESCE(OLD.previous_id, 0)"
)
CHANGED_BEFORE = (
    "NEW.state = 'draft' OR NEW.text <> OLD.text OR NEW.submitted_at <> OLD.submitted_at"
    " OR NEW.saved_at <> OLD.saved_at OR NEW.institute_id <> OLD.institute_id"
    " OR NEW.requirement_id <> OLD.requirement_id OR NEW.enrolment_id <> OLD.enrolment_id"
    " OR NEW.person_id <> OLD.person_id OR NEW.attempt <> OLD.attempt"
)
OF_A_DRAFT = "SELECT 1 FROM submission WHERE id = {row}.submission_id AND state = 'draft'"
ROW = {"insert": ("NEW",), "update": ("OLD", "NEW"), "delete": ("OLD",)}


def _thaw(submission: str, *parts: str) -> None:
    """Take the guards off."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER {submission}_frozen_{verb}")
        for table in parts:
            for verb in ROW:
                op.execute(f"DROP TRIGGER {table}_frozen_{verb}")
        return
    for table in (submission, *parts):
        op.execute(f"DROP TRIGGER {table}_frozen ON {table}")
        op.execute(f"DROP FUNCTION {table}_frozen")


def _freeze(changed: str, *parts: str) -> None:
    """Have the database refuse to change what was submitted."""
    if op.get_bind().dialect.name == "sqlite":
        _freeze_sqlite(changed, parts)
        return
    refuse = "RAISE EXCEPTION 'a submission is frozen';"
    _guard(
        "submission",
        "IF OLD.state = 'draft' THEN IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END IF;"
        f" IF TG_OP = 'DELETE' THEN {refuse} END IF;"
        f" IF {changed} THEN {refuse} END IF; RETURN NEW;",
        "UPDATE OR DELETE",
    )
    for table in parts:
        _guard(
            table,
            f"IF TG_OP <> 'INSERT' AND NOT EXISTS ({OF_A_DRAFT.format(row='OLD')}) THEN {refuse} END IF;"
            " IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;"
            f" IF NOT EXISTS ({OF_A_DRAFT.format(row='NEW')}) THEN {refuse} END IF; RETURN NEW;",
            "INSERT OR UPDATE OR DELETE",
        )


def _freeze_sqlite(changed: str, parts: tuple[str, ...]) -> None:
    refuse = "BEGIN SELECT RAISE(ABORT, 'a submission is frozen'); END"
    op.execute(
        "CREATE TRIGGER submission_frozen_update BEFORE UPDATE ON submission"
        f" WHEN OLD.state <> 'draft' AND ({changed}) {refuse}"
    )
    op.execute(
        "CREATE TRIGGER submission_frozen_delete BEFORE DELETE ON submission"
        f" WHEN OLD.state <> 'draft' {refuse}"
    )
    for table in parts:
        for verb, rows in ROW.items():
            missing = " OR ".join(f"NOT EXISTS ({OF_A_DRAFT.format(row=row)})" for row in rows)
            op.execute(
                f"CREATE TRIGGER {table}_frozen_{verb} BEFORE {verb.upper()} ON {table} WHEN {missing} {refuse}"
            )


def _guard(table: str, body: str, verbs: str) -> None:
    name = f"{table}_frozen"
    op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$")
    op.execute(f"CREATE TRIGGER {name} BEFORE {verbs} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
