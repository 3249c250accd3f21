"""Awards issued many at once."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0056", "0055"


def upgrade() -> None:
    """Make the tables: a batch, and a line for each of its applications."""
    op.create_table(
        "issue_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=True),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "checking",
                "ready",
                "running",
                "paused",
                "done",
                "stopped",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("seen", sa.String(length=64), nullable=False),
        sa.Column("cause", sa.String(length=60), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'paused') = (cause <> '')", name=op.f("ck_issue_batch_paused_for_a_cause")
        ),
        sa.CheckConstraint(
            "state NOT IN ('running', 'paused', 'done') OR seen <> ''",
            name=op.f("ck_issue_batch_seen_before_issue"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "cohort_id"],
            ["cohort.institute_id", "cohort.id"],
            name=op.f("fk_issue_batch_institute_id_cohort_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "level_id"],
            ["level.institute_id", "level.id"],
            name=op.f("fk_issue_batch_institute_id_level_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "person_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_issue_batch_institute_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_issue_batch_institute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_batch")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_issue_batch_tenant")),
    )
    op.create_index("ix_issue_batch_institute_id", "issue_batch", ["institute_id", "id"])

    op.create_table(
        "issue_batch_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "ready",
                "unfit",
                "left_out",
                "issued",
                "refused",
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
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'issued') = (award_id IS NOT NULL)", name=op.f("ck_issue_batch_line_issued_is_an_award")
        ),
        sa.CheckConstraint(
            "(state IN ('unfit', 'refused')) = (code <> '')",
            name=op.f("ck_issue_batch_line_refused_for_a_reason"),
        ),
        sa.CheckConstraint("minutes >= 0", name=op.f("ck_issue_batch_line_minutes_counted")),
        sa.ForeignKeyConstraint(
            ["institute_id", "application_id"],
            ["application.institute_id", "application.id"],
            name=op.f("fk_issue_batch_line_institute_id_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "award_id"],
            ["award.institute_id", "award.id"],
            name=op.f("fk_issue_batch_line_institute_id_award_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "batch_id"],
            ["issue_batch.institute_id", "issue_batch.id"],
            name=op.f("fk_issue_batch_line_institute_id_batch_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_issue_batch_line_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_batch_line")),
        sa.UniqueConstraint("award_id", name=op.f("uq_issue_batch_line_award")),
        sa.UniqueConstraint("batch_id", "application_id", name=op.f("uq_issue_batch_line_application")),
        sa.UniqueConstraint("batch_id", "position", name=op.f("uq_issue_batch_line_position")),
    )
    op.create_index("ix_issue_batch_line_state", "issue_batch_line", ["batch_id", "state", "position"])


def downgrade() -> None:
    """Drop them: the awards themselves stay."""
    op.drop_index("ix_issue_batch_line_state", table_name="issue_batch_line")
    op.drop_table("issue_batch_line")
    op.drop_index("ix_issue_batch_institute_id", table_name="issue_batch")
    op.drop_table("issue_batch")
