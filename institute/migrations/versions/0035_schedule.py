"""Planned sessions and calendars."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0035", "0034"


def upgrade() -> None:
    """Make room for plans and for the addresses of calendars."""
    op.create_table(
        "planned_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=False),
        sa.Column("start_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
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
        sa.Column("place", sa.String(length=500), nullable=False),
        sa.Column("segment_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "held",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("end_utc > start_utc", name=op.f("ck_planned_session_in_order")),
        sa.CheckConstraint("sequence >= 0", name=op.f("ck_planned_session_sequence_grows")),
        sa.ForeignKeyConstraint(
            ["institute_id", "coach_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_planned_session_institute_id_coach_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "cohort_id"],
            ["cohort.institute_id", "cohort.id"],
            name=op.f("fk_planned_session_institute_id_cohort_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_planned_session_institute_id")
        ),
        sa.ForeignKeyConstraint(
            ["segment_id"], ["segment.id"], name=op.f("fk_planned_session_segment_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_session")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_planned_session_tenant")),
    )
    op.create_index("ix_planned_session_coach", "planned_session", ["coach_id", "start_utc"])
    op.create_index("ix_planned_session_cohort", "planned_session", ["cohort_id", "start_utc"])

    op.create_table(
        "planned_member",
        sa.Column("planned_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked", sa.String(length=500), nullable=False),
        sa.Column("log_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "asked_at IS NOT NULL OR asked = ''", name=op.f("ck_planned_member_asked_at_some_time")
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "enrolment_id"],
            ["enrolment.institute_id", "enrolment.id"],
            name=op.f("fk_planned_member_institute_id_enrolment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "log_id"],
            ["session_log.institute_id", "session_log.id"],
            name=op.f("fk_planned_member_institute_id_log_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "planned_id"],
            ["planned_session.institute_id", "planned_session.id"],
            name=op.f("fk_planned_member_institute_id_planned_id"),
        ),
        sa.PrimaryKeyConstraint("planned_id", "enrolment_id", name=op.f("pk_planned_member")),
        sa.UniqueConstraint("log_id", name=op.f("uq_planned_member_log")),
    )
    op.create_index("ix_planned_member_enrolment_id", "planned_member", ["enrolment_id"])
    op.create_table(
        "calendar_feed",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("sealed_token", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institute_id", "person_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_calendar_feed_institute_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token")),
    )


def downgrade() -> None:
    """Forget both."""
    op.drop_table("calendar_feed")
    op.drop_index("ix_planned_member_enrolment_id", table_name="planned_member")

    op.drop_table("planned_member")
    op.drop_index("ix_planned_session_cohort", table_name="planned_session")
    op.drop_index("ix_planned_session_coach", table_name="planned_session")

    op.drop_table("planned_session")
