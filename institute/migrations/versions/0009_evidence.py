"""Make the tables of evidence: requirements, submissions, their files; freeze what is submitted."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0009", "0008"

FROZEN = {
    "sqlite": (
        (
            "CREATE TRIGGER submission_frozen_update BEFORE UPDATE ON submission WHEN OLD.state <> "
            "'draft' AND (NEW.state = 'draft' OR NEW.text <> OLD.text OR NEW.submitted_at <> "
            "OLD.submitted_at OR NEW.saved_at <> OLD.saved_at OR NEW.institute_id <> OLD.institute_id OR "
            "NEW.requirement_id <> OLD.requirement_id OR NEW.enrolment_id <> OLD.enrolment_id OR "
            "NEW.person_id <> OLD.person_id OR NEW.attempt <> OLD.attempt) BEGIN SELECT RAISE(ABORT, 'a "
            "submission is frozen'); END"
        ),
        (
            "CREATE TRIGGER submission_frozen_delete BEFORE DELETE ON submission WHEN OLD.state <> "
            "'draft' BEGIN SELECT RAISE(ABORT, 'a submission is frozen'); END"
        ),
        (
            "CREATE TRIGGER submission_file_frozen_insert BEFORE INSERT ON submission_file WHEN NOT "
            "EXISTS (SELECT 1 FROM submission WHERE id = NEW.submission_id AND state = 'draft') BEGIN "
            "SELECT RAISE(ABORT, 'a submission is frozen'); END"
        ),
        (
            "CREATE TRIGGER submission_file_frozen_update BEFORE UPDATE ON submission_file WHEN NOT "
            "EXISTS (SELECT 1 FROM submission WHERE id = OLD.submission_id AND state = 'draft') OR NOT "
            "EXISTS (SELECT 1 FROM submission WHERE id = NEW.submission_id AND state = 'draft') BEGIN "
            "SELECT RAISE(ABORT, 'a submission is frozen'); END"
        ),
        (
            "CREATE TRIGGER submission_file_frozen_delete BEFORE DELETE ON submission_file WHEN NOT "
            "EXISTS (SELECT 1 FROM submission WHERE id = OLD.submission_id AND state = 'draft') BEGIN "
            "SELECT RAISE(ABORT, 'a submission is frozen'); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE FUNCTION submission_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
            "OLD.state = 'draft' THEN IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END IF; "
            "IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'a submission is frozen'; END IF; IF NEW.state = "
            "'draft' OR NEW.text <> OLD.text OR NEW.submitted_at <> OLD.submitted_at OR NEW.saved_at <> "
            "OLD.saved_at OR NEW.institute_id <> OLD.institute_id OR NEW.requirement_id <> "
            "OLD.requirement_id OR NEW.enrolment_id <> OLD.enrolment_id OR NEW.person_id <> "
            "OLD.person_id OR NEW.attempt <> OLD.attempt THEN RAISE EXCEPTION 'a submission is frozen'; "
            "END IF; RETURN NEW; END $$"
        ),
        (
            "CREATE TRIGGER submission_frozen BEFORE UPDATE OR DELETE ON submission FOR EACH ROW EXECUTE "
            "FUNCTION submission_frozen()"
        ),
        (
            "CREATE FUNCTION submission_file_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
            "TG_OP <> 'INSERT' AND NOT EXISTS (SELECT 1 FROM submission WHERE id = OLD.submission_id AND "
            "state = 'draft') THEN RAISE EXCEPTION 'a submission is frozen'; END IF; IF TG_OP = 'DELETE' "
            "THEN RETURN OLD; END IF; IF NOT EXISTS (SELECT 1 FROM submission WHERE id = "
            "NEW.submission_id AND state = 'draft') THEN RAISE EXCEPTION 'a submission is frozen'; END "
            "IF; RETURN NEW; END $$"
        ),
        (
            "CREATE TRIGGER submission_file_frozen BEFORE INSERT OR UPDATE OR DELETE ON submission_file "
            "FOR EACH ROW EXECUTE FUNCTION submission_file_frozen()"
        ),
    ),
}
THAWED = {
    "sqlite": (
        "DROP TRIGGER submission_frozen_update",
        "DROP TRIGGER submission_frozen_delete",
        "DROP TRIGGER submission_file_frozen_insert",
        "DROP TRIGGER submission_file_frozen_update",
        "DROP TRIGGER submission_file_frozen_delete",
    ),
    "postgresql": (
        "DROP TRIGGER submission_frozen ON submission",
        "DROP FUNCTION submission_frozen",
        "DROP TRIGGER submission_file_frozen ON submission_file",
        "DROP FUNCTION submission_file_frozen",
    ),
}


def upgrade() -> None:
    """Make them, parents first."""
    op.create_table(
        "requirement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("instructions", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("most_files", sa.Integer(), nullable=False),
        sa.Column("wants_text", sa.Boolean(), nullable=False),
        sa.Column("scored", sa.Boolean(), nullable=False),
        sa.Column("rubric_key", sa.String(length=60), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "NOT scored OR rubric_key IS NOT NULL", name=op.f("ck_requirement_scored_by_a_rubric")
        ),
        sa.CheckConstraint("most_files BETWEEN 0 AND 10", name=op.f("ck_requirement_few_files")),
        sa.CheckConstraint("position >= 1", name=op.f("ck_requirement_position_counts_from_one")),
        sa.CheckConstraint("wants_text OR most_files > 0", name=op.f("ck_requirement_asks_for_something")),
        sa.ForeignKeyConstraint(
            ["institute_id", "level_id"],
            ["level.institute_id", "level.id"],
            name=op.f("fk_requirement_institute_id_level_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_requirement_institute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirement")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_requirement_tenant")),
        sa.UniqueConstraint("institute_id", "key", name=op.f("uq_requirement_key")),
    )
    with op.batch_alter_table("requirement", schema=None) as batch_op:
        batch_op.create_index("ix_requirement_level_id", ["level_id"], unique=False)

    op.create_table(
        "submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("requirement_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "screening",
                "returned_unscorable",
                "in_scoring",
                "scored",
                "adjudicating",
                "adjudicated",
                "released",
                "accepted",
                "revise",
                "appealed",
                "upheld",
                "changed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'draft') = (submitted_at IS NULL)", name=op.f("ck_submission_submitted_once")
        ),
        sa.CheckConstraint("attempt >= 1", name=op.f("ck_submission_attempt_counts_from_one")),
        sa.CheckConstraint("length(text) <= 50000", name=op.f("ck_submission_text_fits")),
        sa.ForeignKeyConstraint(
            ["institute_id", "enrolment_id"],
            ["enrolment.institute_id", "enrolment.id"],
            name=op.f("fk_submission_institute_id_enrolment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "person_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_submission_institute_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "requirement_id"],
            ["requirement.institute_id", "requirement.id"],
            name=op.f("fk_submission_institute_id_requirement_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_submission_institute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_submission_tenant")),
        sa.UniqueConstraint("requirement_id", "enrolment_id", "attempt", name=op.f("uq_submission_attempt")),
    )
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.create_index("ix_submission_enrolment_id", ["enrolment_id"], unique=False)
        batch_op.create_index("ix_submission_state", ["institute_id", "state"], unique=False)
        batch_op.create_index(
            "uq_submission_standing",
            ["requirement_id", "enrolment_id"],
            unique=True,
            sqlite_where=sa.text("state NOT IN ('returned_unscorable', 'revise')"),
            postgresql_where=sa.text("state NOT IN ('returned_unscorable', 'revise')"),
        )

    op.create_table(
        "submission_file",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("position >= 1", name=op.f("ck_submission_file_position_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["institute_id", "file_id"],
            ["stored_file.institute_id", "stored_file.id"],
            name=op.f("fk_submission_file_institute_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "submission_id"],
            ["submission.institute_id", "submission.id"],
            name=op.f("fk_submission_file_institute_id_submission_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_submission_file_institute_id")
        ),
        sa.PrimaryKeyConstraint("submission_id", "file_id", name=op.f("pk_submission_file")),
        sa.UniqueConstraint("file_id", name=op.f("uq_submission_file_file")),
    )
    for statement in FROZEN[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """Drop them, children first."""
    for statement in THAWED[op.get_bind().dialect.name]:
        op.execute(statement)
    op.drop_table("submission_file")
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_submission_standing",
            sqlite_where=sa.text("state NOT IN ('returned_unscorable', 'revise')"),
            postgresql_where=sa.text("state NOT IN ('returned_unscorable', 'revise')"),
        )
        batch_op.drop_index("ix_submission_state")
        batch_op.drop_index("ix_submission_enrolment_id")

    op.drop_table("submission")
    with op.batch_alter_table("requirement", schema=None) as batch_op:
        batch_op.drop_index("ix_requirement_level_id")

    op.drop_table("requirement")
