"""Renewal, reminders and the holder's own door."""

import sqlalchemy as sa
from alembic import op

from institute.db import append_only_ddl, append_only_removal

revision, down_revision = "0057", "0056"


def upgrade() -> None:
    """Make the tables of what follows an award; whom a reminder reached never changes."""
    op.create_table(
        "holder_address",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(address) > 0", name=op.f("ck_holder_address_address_said")),
        sa.ForeignKeyConstraint(
            ["institute_id", "person_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_holder_address_institute_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_holder_address")),
    )
    with op.batch_alter_table("holder_address", schema=None) as batch_op:
        batch_op.create_index("ix_holder_address_address", ["address"], unique=False)

    op.create_table(
        "holder_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum("enter", "confirm", name="purpose", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(purpose = 'confirm') = (person_id IS NOT NULL) AND (person_id IS NULL) = (institute_id IS NULL)",
            name=op.f("ck_holder_link_confirmed_for_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "person_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_holder_link_institute_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holder_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_holder_link_token_hash")),
    )
    with op.batch_alter_table("holder_link", schema=None) as batch_op:
        batch_op.create_index("ix_holder_link_expires_at", ["expires_at"], unique=False)
        batch_op.create_index("ix_holder_link_person_id", ["person_id"], unique=False)

    op.create_table(
        "award_reminder",
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("days > 0", name=op.f("ck_award_reminder_before_the_end")),
        sa.ForeignKeyConstraint(
            ["institute_id", "award_id"],
            ["award.institute_id", "award.id"],
            name=op.f("fk_award_reminder_institute_id_award_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_award_reminder_institute_id")
        ),
        sa.PrimaryKeyConstraint("award_id", "days", name=op.f("pk_award_reminder")),
    )
    op.create_table(
        "correction_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proof_file_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "open", "done", "refused", name="state", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("corrected_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'done') = (corrected_id IS NOT NULL)",
            name=op.f("ck_correction_request_done_with_another"),
        ),
        sa.CheckConstraint(
            "(state = 'open') = (decided_at IS NULL)", name=op.f("ck_correction_request_decided_when")
        ),
        sa.CheckConstraint(
            "state <> 'refused' OR length(note) > 0", name=op.f("ck_correction_request_refused_with_a_word")
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL)",
            name=op.f("ck_correction_request_decided_by_somebody"),
        ),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_correction_request_name_said")),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_correction_request_says_why")),
        sa.ForeignKeyConstraint(
            ["institute_id", "award_id"],
            ["award.institute_id", "award.id"],
            name=op.f("fk_correction_request_institute_id_award_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "corrected_id"],
            ["award.institute_id", "award.id"],
            name=op.f("fk_correction_request_institute_id_corrected_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "decided_by"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_correction_request_institute_id_decided_by"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "person_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_correction_request_institute_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "proof_file_id"],
            ["stored_file.institute_id", "stored_file.id"],
            name=op.f("fk_correction_request_institute_id_proof_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_correction_request_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction_request")),
    )
    with op.batch_alter_table("correction_request", schema=None) as batch_op:
        batch_op.create_index("ix_correction_request_state", ["institute_id", "state"], unique=False)
        batch_op.create_index(
            "uq_correction_request_open",
            ["award_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "holder_choice",
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Boolean(), nullable=False),
        sa.Column("competencies", sa.Boolean(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institute_id", "award_id"],
            ["award.institute_id", "award.id"],
            name=op.f("fk_holder_choice_institute_id_award_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "person_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_holder_choice_institute_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("award_id", name=op.f("pk_holder_choice")),
    )
    with op.batch_alter_table("holder_choice", schema=None) as batch_op:
        batch_op.create_index("ix_holder_choice_person_id", ["person_id"], unique=False)
        batch_op.create_index("ix_holder_choice_listed", ["institute_id", "listed"], unique=False)

    for verb in ("update", "delete"):
        for statement in append_only_ddl("award_reminder", verb)[op.get_bind().dialect.name]:
            op.execute(statement)


def downgrade() -> None:
    """Forget reminders, wishes for other names, and what belongs to holders."""
    for verb in ("update", "delete"):
        for statement in append_only_removal("award_reminder", verb)[op.get_bind().dialect.name]:
            op.execute(statement)
    with op.batch_alter_table("holder_choice", schema=None) as batch_op:
        batch_op.drop_index("ix_holder_choice_listed")
        batch_op.drop_index("ix_holder_choice_person_id")

    op.drop_table("holder_choice")
    with op.batch_alter_table("correction_request", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_correction_request_open",
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.drop_index("ix_correction_request_state")

    op.drop_table("correction_request")
    op.drop_table("award_reminder")
    with op.batch_alter_table("holder_link", schema=None) as batch_op:
        batch_op.drop_index("ix_holder_link_person_id")
        batch_op.drop_index("ix_holder_link_expires_at")

    op.drop_table("holder_link")
    with op.batch_alter_table("holder_address", schema=None) as batch_op:
        batch_op.drop_index("ix_holder_address_address")

    op.drop_table("holder_address")
