"""Make the tables of awards: applications, awards, what became of them."""

import sqlalchemy as sa
from alembic import op

from institute.db import append_only_ddl, append_only_removal

revision, down_revision = "0014", "0013"

APPEND_ONLY = ("application_step", "award_change")
ISSUED = (
    "institute_id, application_id, enrolment_id, person_id, level_id, rule_set_id, code, serial, year, number,"
    " name_frozen, locale, second_locale, institute_name, level_name, title, level_position, signatory, minutes,"
    " issued_at, issued_by, valid_until, snapshot, snapshot_sha256, status_index"
)
DOCUMENT = "document_key_id, badge_key_id, document_file_id, document_sha256"
REFUSE = "BEGIN SELECT RAISE(ABORT, 'an award is frozen'); END"
CALL = "EXECUTE FUNCTION award_frozen()"
FROZEN = {
    "sqlite": (
        f"CREATE TRIGGER award_frozen_update BEFORE UPDATE OF {ISSUED} ON award {REFUSE}",
        (
            f"CREATE TRIGGER award_frozen_document BEFORE UPDATE OF {DOCUMENT} ON award"
            f" WHEN OLD.document_file_id IS NOT NULL {REFUSE}"
        ),
        f"CREATE TRIGGER award_frozen_delete BEFORE DELETE ON award {REFUSE}",
    ),
    "postgresql": (
        (
            "CREATE FUNCTION award_frozen() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'an award is frozen'; END $$"
        ),
        f"CREATE TRIGGER award_frozen_update BEFORE UPDATE OF {ISSUED} ON award FOR EACH ROW {CALL}",
        (
            f"CREATE TRIGGER award_frozen_document BEFORE UPDATE OF {DOCUMENT} ON award"
            f" FOR EACH ROW WHEN (OLD.document_file_id IS NOT NULL) {CALL}"
        ),
        f"CREATE TRIGGER award_frozen_delete BEFORE DELETE ON award FOR EACH ROW {CALL}",
    ),
}
THAWED = {
    "sqlite": tuple(f"DROP TRIGGER award_frozen_{what}" for what in ("update", "document", "delete")),
    "postgresql": (
        *(f"DROP TRIGGER award_frozen_{what} ON award" for what in ("update", "document", "delete")),
        "DROP FUNCTION award_frozen()",
    ),
}


def upgrade() -> None:
    """Make them, parents first."""
    op.create_table(
        "status_list",
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_status_list_institute_id")),
        sa.PrimaryKeyConstraint("institute_id", name=op.f("pk_status_list")),
    )
    op.create_table(
        "application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=False),
        sa.Column("rule_set_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "under_review",
                "returned",
                "denied",
                "approved",
                "awarded",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("second_locale", sa.String(length=10), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "second_locale IS NULL OR second_locale <> locale", name=op.f("ck_application_two_languages")
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "enrolment_id"],
            ["enrolment.institute_id", "enrolment.id"],
            name=op.f("fk_application_institute_id_enrolment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "level_id"],
            ["level.institute_id", "level.id"],
            name=op.f("fk_application_institute_id_level_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "person_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_application_institute_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "rule_set_id"],
            ["rule_set.institute_id", "rule_set.id"],
            name=op.f("fk_application_institute_id_rule_set_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_application_institute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_application_tenant")),
    )
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.create_index("ix_application_enrolment_id", ["enrolment_id"], unique=False)
        batch_op.create_index("ix_application_state", ["institute_id", "state"], unique=False)
        batch_op.create_index(
            "uq_application_open",
            ["person_id", "level_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('approved', 'returned', 'under_review')"),
            postgresql_where=sa.text("state IN ('approved', 'returned', 'under_review')"),
        )

    op.create_table(
        "application_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "under_review",
                "returned",
                "denied",
                "approved",
                "awarded",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institute_id", "application_id"],
            ["application.institute_id", "application.id"],
            name=op.f("fk_application_step_institute_id_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "person_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_application_step_institute_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_application_step_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_step")),
    )
    with op.batch_alter_table("application_step", schema=None) as batch_op:
        batch_op.create_index("ix_application_step_application_id", ["application_id"], unique=False)

    op.create_table(
        "award",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=False),
        sa.Column("rule_set_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("serial", sa.String(length=60), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name_frozen", sa.String(length=300), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("second_locale", sa.String(length=10), nullable=True),
        sa.Column("institute_name", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("level_name", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("title", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("level_position", sa.Integer(), nullable=False),
        sa.Column("signatory", sa.String(length=300), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.Integer(), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.Column("snapshot_sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "valid",
                "suspended",
                "revoked",
                "superseded",
                "expired",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("status_index", sa.Integer(), nullable=False),
        sa.Column("document_key_id", sa.Integer(), nullable=True),
        sa.Column("badge_key_id", sa.Integer(), nullable=True),
        sa.Column("document_file_id", sa.Integer(), nullable=True),
        sa.Column("document_sha256", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "(document_file_id IS NULL) = (document_sha256 IS NULL)", name=op.f("ck_award_document_whole")
        ),
        sa.CheckConstraint("issued_by <> person_id", name=op.f("ck_award_not_issued_to_oneself")),
        sa.CheckConstraint("length(code) >= 26", name=op.f("ck_award_code_unguessable")),
        sa.CheckConstraint("minutes >= 0", name=op.f("ck_award_minutes_counted")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_award_number_counts_from_one")),
        sa.CheckConstraint(
            "status_index >= 0 AND status_index < 131072", name=op.f("ck_award_status_index_in_list")
        ),
        sa.CheckConstraint("valid_until IS NULL OR valid_until > issued_at", name=op.f("ck_award_in_order")),
        sa.ForeignKeyConstraint(["badge_key_id"], ["institute_key.id"], name=op.f("fk_award_badge_key_id")),
        sa.ForeignKeyConstraint(
            ["document_key_id"], ["institute_key.id"], name=op.f("fk_award_document_key_id")
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "application_id"],
            ["application.institute_id", "application.id"],
            name=op.f("fk_award_institute_id_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "document_file_id"],
            ["stored_file.institute_id", "stored_file.id"],
            name=op.f("fk_award_institute_id_document_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "enrolment_id"],
            ["enrolment.institute_id", "enrolment.id"],
            name=op.f("fk_award_institute_id_enrolment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "issued_by"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_award_institute_id_issued_by"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "level_id"],
            ["level.institute_id", "level.id"],
            name=op.f("fk_award_institute_id_level_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "person_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_award_institute_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "rule_set_id"],
            ["rule_set.institute_id", "rule_set.id"],
            name=op.f("fk_award_institute_id_rule_set_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_award_institute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award")),
        sa.UniqueConstraint("application_id", name=op.f("uq_award_application")),
        sa.UniqueConstraint("code", name=op.f("uq_award_code")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_award_tenant")),
        sa.UniqueConstraint("institute_id", "serial", name=op.f("uq_award_serial")),
        sa.UniqueConstraint("institute_id", "status_index", name=op.f("uq_award_status_index")),
        sa.UniqueConstraint("institute_id", "year", "number", name=op.f("uq_award_number")),
    )
    with op.batch_alter_table("award", schema=None) as batch_op:
        batch_op.create_index("ix_award_issued_at", ["institute_id", "issued_at"], unique=False)
        batch_op.create_index(
            "uq_award_standing",
            ["person_id", "level_id"],
            unique=True,
            sqlite_where=sa.text("status IN ('suspended', 'valid')"),
            postgresql_where=sa.text("status IN ('suspended', 'valid')"),
        )

    op.create_table(
        "award_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "valid",
                "suspended",
                "revoked",
                "superseded",
                "expired",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "issued_in_error",
                "rules_not_met",
                "misconduct",
                "holder_asked",
                "under_review",
                "other",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institute_id", "award_id"],
            ["award.institute_id", "award.id"],
            name=op.f("fk_award_change_institute_id_award_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "person_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_award_change_institute_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_award_change_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_change")),
    )
    with op.batch_alter_table("award_change", schema=None) as batch_op:
        batch_op.create_index("ix_award_change_award_id", ["award_id"], unique=False)
    for table in APPEND_ONLY:
        for verb in ("update", "delete"):
            for statement in append_only_ddl(table, verb)[op.get_bind().dialect.name]:
                op.execute(statement)
    for statement in FROZEN[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """Drop them, children first."""
    for statement in THAWED[op.get_bind().dialect.name]:
        op.execute(statement)
    for table in APPEND_ONLY:
        for verb in ("update", "delete"):
            for statement in append_only_removal(table, verb)[op.get_bind().dialect.name]:
                op.execute(statement)
    with op.batch_alter_table("award_change", schema=None) as batch_op:
        batch_op.drop_index("ix_award_change_award_id")

    op.drop_table("award_change")
    with op.batch_alter_table("award", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_award_standing",
            sqlite_where=sa.text("status IN ('suspended', 'valid')"),
            postgresql_where=sa.text("status IN ('suspended', 'valid')"),
        )
        batch_op.drop_index("ix_award_issued_at")

    op.drop_table("award")
    with op.batch_alter_table("application_step", schema=None) as batch_op:
        batch_op.drop_index("ix_application_step_application_id")

    op.drop_table("application_step")
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_application_open",
            sqlite_where=sa.text("state IN ('approved', 'returned', 'under_review')"),
            postgresql_where=sa.text("state IN ('approved', 'returned', 'under_review')"),
        )
        batch_op.drop_index("ix_application_state")
        batch_op.drop_index("ix_application_enrolment_id")

    op.drop_table("application")
    op.drop_table("status_list")
