"""Private notes, months that both sides signed, and awards to look at again."""

import sqlalchemy as sa
from alembic import op

from institute.db import append_only_ddl, append_only_removal

revision, down_revision = "0038", "0037"


def upgrade() -> None:
    """Make the tables, and let an objection name the times that somebody remembers."""
    for name in ("begins", "ends"):
        op.add_column(
            "session_answer", sa.Column(name, sa.String(length=5), nullable=False, server_default="")
        )
    op.create_table(
        "notes_key",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institute_id", "person_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_notes_key_institute_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_notes_key_institute_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_notes_key")),
    )
    op.create_table(
        "private_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("log_id", sa.Integer(), nullable=True),
        sa.Column("enrolment_id", sa.Integer(), nullable=True),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(log_id IS NULL) <> (enrolment_id IS NULL)", name=op.f("ck_private_note_one_subject")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_private_note_version_positive")),
        sa.ForeignKeyConstraint(
            ["institute_id", "author_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_private_note_institute_id_author_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "enrolment_id"],
            ["enrolment.institute_id", "enrolment.id"],
            name=op.f("fk_private_note_institute_id_enrolment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "log_id"],
            ["session_log.institute_id", "session_log.id"],
            name=op.f("fk_private_note_institute_id_log_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_private_note_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_private_note")),
        sa.UniqueConstraint("author_id", "enrolment_id", name=op.f("uq_private_note_on_enrolment")),
        sa.UniqueConstraint("author_id", "log_id", name=op.f("uq_private_note_on_log")),
    )
    with op.batch_alter_table("private_note") as batch_op:
        batch_op.create_index("ix_private_note_enrolment_id", ["enrolment_id"], unique=False)
        batch_op.create_index("ix_private_note_log_id", ["log_id"], unique=False)
    op.create_table(
        "month_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column(
            "paper",
            sa.Enum("a4", "letter", name="paper", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("edition", sa.String(length=16), nullable=False),
        sa.Column("wished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(file_id IS NULL) = (made_at IS NULL)", name=op.f("ck_month_document_made_whole")
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "enrolment_id"],
            ["enrolment.institute_id", "enrolment.id"],
            name=op.f("fk_month_document_institute_id_enrolment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "file_id"],
            ["stored_file.institute_id", "stored_file.id"],
            name=op.f("fk_month_document_institute_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_month_document_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_month_document")),
        sa.UniqueConstraint("enrolment_id", "month", "locale", "paper", name=op.f("uq_month_document_once")),
    )
    op.create_table(
        "month_sign_off",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column(
            "side",
            sa.Enum(
                "participant", "coach", name="side", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("minutes >= 0 AND sessions >= 1", name=op.f("ck_month_sign_off_signs_something")),
        sa.ForeignKeyConstraint(
            ["institute_id", "enrolment_id"],
            ["enrolment.institute_id", "enrolment.id"],
            name=op.f("fk_month_sign_off_institute_id_enrolment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "person_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_month_sign_off_institute_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_month_sign_off_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_month_sign_off")),
        sa.UniqueConstraint("enrolment_id", "month", "side", "digest", name=op.f("uq_month_sign_off_once")),
    )
    op.create_table(
        "award_flag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("amendment_id", sa.Integer(), nullable=False),
        sa.Column("minutes_before", sa.Integer(), nullable=False),
        sa.Column("minutes_after", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (settled_by IS NULL)", name=op.f("ck_award_flag_settled_by_somebody")
        ),
        sa.CheckConstraint(
            "settled_at IS NULL OR length(note) > 0", name=op.f("ck_award_flag_settled_with_a_word")
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "amendment_id"],
            ["session_amendment.institute_id", "session_amendment.id"],
            name=op.f("fk_award_flag_institute_id_amendment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "award_id"],
            ["award.institute_id", "award.id"],
            name=op.f("fk_award_flag_institute_id_award_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "settled_by"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_award_flag_institute_id_settled_by"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_award_flag_institute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_flag")),
        sa.UniqueConstraint("award_id", "amendment_id", name=op.f("uq_award_flag_once")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_award_flag_tenant")),
    )
    with op.batch_alter_table("award_flag") as batch_op:
        batch_op.create_index("ix_award_flag_open", ["institute_id", "settled_at"], unique=False)
    for verb in ("update", "delete"):
        for statement in append_only_ddl("month_sign_off", verb)[op.get_bind().dialect.name]:
            op.execute(statement)


def downgrade() -> None:
    """Drop them."""
    for verb in ("update", "delete"):
        for statement in append_only_removal("month_sign_off", verb)[op.get_bind().dialect.name]:
            op.execute(statement)
    with op.batch_alter_table("award_flag") as batch_op:
        batch_op.drop_index("ix_award_flag_open")

    op.drop_table("award_flag")
    op.drop_table("month_sign_off")
    op.drop_table("month_document")
    with op.batch_alter_table("private_note") as batch_op:
        batch_op.drop_index("ix_private_note_log_id")
        batch_op.drop_index("ix_private_note_enrolment_id")

    op.drop_table("private_note")
    op.drop_table("notes_key")
    for name in ("ends", "begins"):
        op.drop_column("session_answer", name)
