"""Meetings, registrations and attendance, and what is made up for at an employer's."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0036", "0035"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "meeting_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_meeting_series_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_series")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_meeting_series_tenant")),
    )
    op.create_table(
        "training_of_trainers",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("marked_by", sa.Integer(), nullable=True),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institute_id", "marked_by"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_training_of_trainers_institute_id_marked_by"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "programme_id"],
            ["programme.institute_id", "programme.id"],
            name=op.f("fk_training_of_trainers_institute_id_programme_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_training_of_trainers_institute_id")
        ),
        sa.PrimaryKeyConstraint("programme_id", name=op.f("pk_training_of_trainers")),
    )
    with op.batch_alter_table("training_of_trainers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_training_of_trainers_institute_id"), ["institute_id"], unique=False
        )

    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=True),
        sa.Column("programme_id", sa.Integer(), nullable=True),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "coach",
                "cohort",
                "training",
                "professional_learning",
                "community",
                "check_in",
                "calibration",
                "orientation",
                "interagency",
                "end_of_year",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "audience",
            sa.Enum(
                "coaches",
                "participants",
                "everybody",
                name="audience",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("starts", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("link", sa.String(length=1000), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("competencies", sa.JSON(), nullable=False),
        sa.Column("requirement", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("capacity IS NULL OR capacity >= 1", name=op.f("ck_meeting_some_place")),
        sa.CheckConstraint("ends > starts", name=op.f("ck_meeting_in_order")),
        sa.CheckConstraint("programme_id IS NULL OR cohort_id IS NULL", name=op.f("ck_meeting_one_scope")),
        sa.CheckConstraint(
            "taken >= 0 AND (capacity IS NULL OR taken <= capacity)", name=op.f("ck_meeting_never_overfull")
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "cohort_id"],
            ["cohort.institute_id", "cohort.id"],
            name=op.f("fk_meeting_institute_id_cohort_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "created_by"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_meeting_institute_id_created_by"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "programme_id"],
            ["programme.institute_id", "programme.id"],
            name=op.f("fk_meeting_institute_id_programme_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "series_id"],
            ["meeting_series.institute_id", "meeting_series.id"],
            name=op.f("fk_meeting_institute_id_series_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_meeting_institute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_meeting_tenant")),
        sa.UniqueConstraint("institute_id", "key", name=op.f("uq_meeting_key")),
    )
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.create_index("ix_meeting_starts", ["institute_id", "starts"], unique=False)

    op.create_table(
        "meeting_attendance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "presence",
            sa.Enum(
                "present",
                "absent",
                "excused",
                name="presence",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.Column("early", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column(
            "way",
            sa.Enum(
                "code", "list", "imported", name="way", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("external_id", sa.String(length=120), nullable=True),
        sa.Column("imported_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "presence = 'present' OR minutes = 0", name=op.f("ck_meeting_attendance_absent_attends_nothing")
        ),
        sa.CheckConstraint(
            "late >= 0 AND early >= 0 AND minutes >= 0", name=op.f("ck_meeting_attendance_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "imported_by"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_meeting_attendance_institute_id_imported_by"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "meeting_id"],
            ["meeting.institute_id", "meeting.id"],
            name=op.f("fk_meeting_attendance_institute_id_meeting_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "person_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_meeting_attendance_institute_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "recorded_by"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_meeting_attendance_institute_id_recorded_by"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_attendance")),
        sa.UniqueConstraint("institute_id", "external_id", name=op.f("uq_meeting_attendance_external")),
        sa.UniqueConstraint("meeting_id", "person_id", name=op.f("uq_meeting_attendance_person")),
    )
    with op.batch_alter_table("meeting_attendance", schema=None) as batch_op:
        batch_op.create_index("ix_meeting_attendance_person_id", ["person_id"], unique=False)

    op.create_table(
        "meeting_make_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("employer", sa.String(length=200), nullable=False),
        sa.Column("contact_name", sa.String(length=200), nullable=False),
        sa.Column("contact_email", sa.String(length=254), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "verified",
                "declined",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reported_by", sa.Integer(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('verified', 'declined')) = (answered_at IS NOT NULL)",
            name=op.f("ck_meeting_make_up_answered"),
        ),
        sa.CheckConstraint(
            "state <> 'verified' OR sheet_id IS NOT NULL", name=op.f("ck_meeting_make_up_verified_by_a_sheet")
        ),
        sa.CheckConstraint("minutes >= 1", name=op.f("ck_meeting_make_up_some_minutes")),
        sa.ForeignKeyConstraint(
            ["institute_id", "meeting_id"],
            ["meeting.institute_id", "meeting.id"],
            name=op.f("fk_meeting_make_up_institute_id_meeting_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "person_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_meeting_make_up_institute_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "reported_by"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_meeting_make_up_institute_id_reported_by"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "sheet_id"],
            ["stored_file.institute_id", "stored_file.id"],
            name=op.f("fk_meeting_make_up_institute_id_sheet_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_make_up")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_meeting_make_up_tenant")),
    )
    with op.batch_alter_table("meeting_make_up", schema=None) as batch_op:
        batch_op.create_index("ix_meeting_make_up_person_id", ["person_id"], unique=False)
        batch_op.create_index(
            "uq_meeting_make_up_standing",
            ["meeting_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('asked', 'verified')"),
            postgresql_where=sa.text("state IN ('asked', 'verified')"),
        )

    op.create_table(
        "meeting_registration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "registered",
                "waiting",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["institute_id", "meeting_id"],
            ["meeting.institute_id", "meeting.id"],
            name=op.f("fk_meeting_registration_institute_id_meeting_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "person_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_meeting_registration_institute_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_registration")),
        sa.UniqueConstraint("meeting_id", "person_id", name=op.f("uq_meeting_registration_person")),
    )
    with op.batch_alter_table("meeting_registration", schema=None) as batch_op:
        batch_op.create_index("ix_meeting_registration_person_id", ["person_id"], unique=False)

    op.create_table(
        "make_up_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("make_up_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["institute_id", "make_up_id"],
            ["meeting_make_up.institute_id", "meeting_make_up.id"],
            name=op.f("fk_make_up_link_institute_id_make_up_id"),
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_make_up_link")),
    )
    with op.batch_alter_table("make_up_link", schema=None) as batch_op:
        batch_op.create_index("ix_make_up_link_make_up_id", ["make_up_id"], unique=False)


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("make_up_link", schema=None) as batch_op:
        batch_op.drop_index("ix_make_up_link_make_up_id")

    op.drop_table("make_up_link")
    with op.batch_alter_table("meeting_registration", schema=None) as batch_op:
        batch_op.drop_index("ix_meeting_registration_person_id")

    op.drop_table("meeting_registration")
    with op.batch_alter_table("meeting_make_up", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_meeting_make_up_standing",
            sqlite_where=sa.text("state IN ('asked', 'verified')"),
            postgresql_where=sa.text("state IN ('asked', 'verified')"),
        )
        batch_op.drop_index("ix_meeting_make_up_person_id")

    op.drop_table("meeting_make_up")
    with op.batch_alter_table("meeting_attendance", schema=None) as batch_op:
        batch_op.drop_index("ix_meeting_attendance_person_id")

    op.drop_table("meeting_attendance")
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_index("ix_meeting_starts")

    op.drop_table("meeting")
    with op.batch_alter_table("training_of_trainers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_training_of_trainers_institute_id"))

    op.drop_table("training_of_trainers")
    op.drop_table("meeting_series")
