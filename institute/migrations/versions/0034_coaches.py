"""Coaches, their qualifications, assignments and concerns."""

import sqlalchemy as sa
from alembic import op

from institute.db import append_only_ddl, append_only_removal

revision, down_revision = "0034", "0033"


def _within(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_institute_id_{column}")
    return sa.ForeignKeyConstraint(["institute_id", column], [f"{to}.institute_id", f"{to}.id"], name=name)


def _of(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def _one(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    """Make the tables."""
    _make_coaches()
    _make_conflicts()
    _make_assignments()
    _make_concerns()


def downgrade() -> None:
    """Drop them."""
    _drop_concerns()
    with op.batch_alter_table("coach_assignment", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_coach_assignment_span_in_order"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_coach_assignment_institute_id_ended_by"), type_="foreignkey")
        batch_op.drop_column("ended_by")
        batch_op.drop_column("end_reason")
        batch_op.drop_column("ends_on")

    with op.batch_alter_table("confidential_recipient", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_confidential_recipient_open",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index("ix_confidential_recipient_institute_id")

    op.drop_table("confidential_recipient")
    op.drop_table("coaching_track")
    with op.batch_alter_table("conflict_declaration", schema=None) as batch_op:
        batch_op.drop_index("ix_conflict_declaration_person_id")
        batch_op.drop_index("ix_conflict_declaration_other_id")

    op.drop_table("conflict_declaration")
    with op.batch_alter_table("coach_record", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_coach_record_event",
            sqlite_where=sa.text("event_ref <> ''"),
            postgresql_where=sa.text("event_ref <> ''"),
        )
        batch_op.drop_index("ix_coach_record_person")

    op.drop_table("coach_record")
    with op.batch_alter_table("coach_qualification", schema=None) as batch_op:
        batch_op.drop_index("ix_coach_qualification_person_id")

    op.drop_table("coach_qualification")
    op.drop_table("coach_profile")
    op.drop_table("coach_requirement")


def _make_coaches() -> None:
    op.create_table(
        "coach_requirement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column(
            "kind",
            _one(
                "kind",
                "degree",
                "experience",
                "knowledge",
                "recommendation",
                "commitment",
                "training",
                "other",
            ),
            nullable=False,
        ),
        sa.Column("title", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("note", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("within_months", sa.Integer(), nullable=False),
        sa.Column("renews_months", sa.Integer(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "minutes IS NULL OR (kind = 'training' AND minutes BETWEEN 1 AND 60000)",
            name=op.f("ck_coach_requirement_minutes_of_training"),
        ),
        sa.CheckConstraint(
            "renews_months IS NULL OR renews_months BETWEEN 1 AND 600",
            name=op.f("ck_coach_requirement_renewal_credible"),
        ),
        sa.CheckConstraint(
            "within_months BETWEEN 0 AND 600", name=op.f("ck_coach_requirement_within_credible")
        ),
        _of("coach_requirement", "institute_id", "institute"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coach_requirement")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_coach_requirement_tenant")),
        sa.UniqueConstraint("institute_id", "key", name=op.f("uq_coach_requirement_key")),
    )
    op.create_table(
        "coach_profile",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("specialties", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("accepting", sa.Boolean(), nullable=False),
        sa.Column("coaches_since", sa.Date(), nullable=True),
        _within("coach_profile", "organisation_id", "organisation"),
        _within("coach_profile", "person_id", "person"),
        _of("coach_profile", "institute_id", "institute"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coach_profile")),
        sa.UniqueConstraint("institute_id", "person_id", name=op.f("uq_coach_profile_person")),
    )
    op.create_table(
        "coach_qualification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("granted_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("granted_by", sa.Integer(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        _within("coach_qualification", "granted_by", "person"),
        _within("coach_qualification", "person_id", "person"),
        _of("coach_qualification", "institute_id", "institute"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coach_qualification")),
        sa.UniqueConstraint(
            "institute_id", "person_id", "key", "source", name=op.f("uq_coach_qualification_once")
        ),
    )
    with op.batch_alter_table("coach_qualification", schema=None) as batch_op:
        batch_op.create_index("ix_coach_qualification_person_id", ["person_id"], unique=False)

    op.create_table(
        "coach_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("requirement_id", sa.Integer(), nullable=False),
        sa.Column("kind", _one("kind", "evidence", "training", "waiver"), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("expires", sa.Date(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("pathway", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("event_ref", sa.String(length=80), nullable=False),
        sa.Column("verified_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind <> 'waiver' OR (expires IS NOT NULL AND length(reason) > 0 AND length(pathway) > 0)",
            name=op.f("ck_coach_record_waiver_whole"),
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (length(end_reason) = 0)", name=op.f("ck_coach_record_ended_with_reason")
        ),
        sa.CheckConstraint("expires IS NULL OR expires >= on_day", name=op.f("ck_coach_record_in_order")),
        sa.CheckConstraint(
            "minutes IS NULL OR minutes BETWEEN 1 AND 60000", name=op.f("ck_coach_record_minutes_credible")
        ),
        sa.CheckConstraint(
            "verified_by IS NULL OR verified_by <> person_id",
            name=op.f("ck_coach_record_verified_by_another"),
        ),
        _of("coach_record", "file_id", "stored_file"),
        _within("coach_record", "ended_by", "person"),
        _within("coach_record", "person_id", "person"),
        _within("coach_record", "requirement_id", "coach_requirement"),
        _within("coach_record", "verified_by", "person"),
        _of("coach_record", "institute_id", "institute"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coach_record")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_coach_record_tenant")),
    )
    with op.batch_alter_table("coach_record", schema=None) as batch_op:
        batch_op.create_index("ix_coach_record_person", ["person_id", "requirement_id"], unique=False)
        batch_op.create_index(
            "uq_coach_record_event",
            ["person_id", "requirement_id", "event_ref"],
            unique=True,
            sqlite_where=sa.text("event_ref <> ''"),
            postgresql_where=sa.text("event_ref <> ''"),
        )


def _make_conflicts() -> None:
    op.create_table(
        "conflict_declaration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("named", sa.String(length=300), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("declared_by", sa.Integer(), nullable=True),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_conflict_declaration_says_why")),
        sa.CheckConstraint(
            "other_id IS NOT NULL OR length(named) > 0", name=op.f("ck_conflict_declaration_about_somebody")
        ),
        sa.CheckConstraint(
            "other_id IS NULL OR other_id <> person_id", name=op.f("ck_conflict_declaration_two_people")
        ),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_conflict_declaration_in_order")),
        _within("conflict_declaration", "declared_by", "person"),
        _within("conflict_declaration", "ended_by", "person"),
        _within("conflict_declaration", "other_id", "person"),
        _within("conflict_declaration", "person_id", "person"),
        _of("conflict_declaration", "institute_id", "institute"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict_declaration")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_conflict_declaration_tenant")),
    )
    with op.batch_alter_table("conflict_declaration", schema=None) as batch_op:
        batch_op.create_index("ix_conflict_declaration_other_id", ["other_id"], unique=False)
        batch_op.create_index("ix_conflict_declaration_person_id", ["person_id"], unique=False)


def _make_assignments() -> None:
    op.create_table(
        "coaching_track",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("span_months", sa.Integer(), nullable=True),
        sa.Column("caseload", sa.Integer(), nullable=True),
        sa.Column(
            "recipient_type",
            _one("recipient_type", "lead_teacher", "assistant", "home_based", "site_leader", "other"),
            nullable=True,
        ),
        sa.CheckConstraint(
            "caseload IS NULL OR caseload BETWEEN 1 AND 999", name=op.f("ck_coaching_track_caseload_credible")
        ),
        sa.CheckConstraint(
            "span_months IS NULL OR span_months BETWEEN 1 AND 120",
            name=op.f("ck_coaching_track_span_credible"),
        ),
        _within("coaching_track", "programme_id", "programme"),
        _of("coaching_track", "institute_id", "institute"),
        sa.PrimaryKeyConstraint("programme_id", name=op.f("pk_coaching_track")),
    )
    op.create_table(
        "confidential_recipient",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        _within("confidential_recipient", "enrolment_id", "enrolment"),
        _within("confidential_recipient", "recorded_by", "person"),
        _of("confidential_recipient", "institute_id", "institute"),
        _of("confidential_recipient", "letter_id", "stored_file"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confidential_recipient")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_confidential_recipient_tenant")),
    )
    with op.batch_alter_table("confidential_recipient", schema=None) as batch_op:
        batch_op.create_index("ix_confidential_recipient_institute_id", ["institute_id"], unique=False)
        batch_op.create_index(
            "uq_confidential_recipient_open",
            ["enrolment_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    # Every assignment that has ended so far ended without a word.
    with op.batch_alter_table("coach_assignment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ends_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("end_reason", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("ended_by", sa.Integer(), nullable=True))
    op.execute("UPDATE coach_assignment SET end_reason = ''")
    with op.batch_alter_table("coach_assignment", schema=None) as batch_op:
        batch_op.alter_column("end_reason", existing_type=sa.Text(), nullable=False)
        batch_op.create_check_constraint(
            op.f("ck_coach_assignment_span_in_order"), "ends_on IS NULL OR ends_on >= since"
        )
        batch_op.create_foreign_key(
            op.f("fk_coach_assignment_institute_id_ended_by"),
            "person",
            ["institute_id", "ended_by"],
            ["institute_id", "id"],
        )


def _make_concerns() -> None:
    op.create_table(
        "concern",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("raised_by", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("direct", sa.Boolean(), nullable=False),
        sa.Column("state", _one("state", "between", "coordinator", "reassigned", "closed"), nullable=False),
        sa.Column("between_until", sa.Date(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("NOT direct OR state <> 'between'", name=op.f("ck_concern_direct_is_not_between")),
        sa.CheckConstraint("raised_by <> other_id", name=op.f("ck_concern_two_people")),
        _of("concern", "assignment_id", "coach_assignment"),
        _within("concern", "enrolment_id", "enrolment"),
        _within("concern", "other_id", "person"),
        _within("concern", "raised_by", "person"),
        _of("concern", "institute_id", "institute"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_concern_tenant")),
    )
    with op.batch_alter_table("concern", schema=None) as batch_op:
        batch_op.create_index("ix_concern_enrolment_id", ["enrolment_id"], unique=False)
        batch_op.create_index("ix_concern_institute", ["institute_id", "state"], unique=False)

    op.create_table(
        "concern_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("state", _one("state", "between", "coordinator", "reassigned", "closed"), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("kept_inside", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _within("concern_step", "concern_id", "concern"),
        _within("concern_step", "person_id", "person"),
        _of("concern_step", "institute_id", "institute"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_step")),
    )
    with op.batch_alter_table("concern_step", schema=None) as batch_op:
        batch_op.create_index("ix_concern_step_concern_id", ["concern_id"], unique=False)
    for verb in ("update", "delete"):
        for statement in append_only_ddl("concern_step", verb)[op.get_bind().dialect.name]:
            op.execute(statement)


def _drop_concerns() -> None:
    for verb in ("update", "delete"):
        for statement in append_only_removal("concern_step", verb)[op.get_bind().dialect.name]:
            op.execute(statement)
    with op.batch_alter_table("concern_step", schema=None) as batch_op:
        batch_op.drop_index("ix_concern_step_concern_id")

    op.drop_table("concern_step")
    with op.batch_alter_table("concern", schema=None) as batch_op:
        batch_op.drop_index("ix_concern_institute")
        batch_op.drop_index("ix_concern_enrolment_id")

    op.drop_table("concern")
