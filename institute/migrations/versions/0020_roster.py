"""Rosters of courses, their members, and when an enrolled person was found to have left the course they came from."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0020", "0019"


def upgrade() -> None:
    """Make the tables and the column; no roster has been read yet."""
    op.create_table(
        "lti_roster",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("context_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "reading",
                "read",
                "failed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("pass_number", sa.Integer(), nullable=False),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.Column("page_number", sa.Integer(), nullable=False),
        sa.Column("stale_pages", sa.Integer(), nullable=False),
        sa.Column("whole_pass", sa.Integer(), nullable=False),
        sa.Column("next_url", sa.String(length=2000), nullable=True),
        sa.Column("differences_url", sa.String(length=2000), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("whole_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "page_number >= 0 AND stale_pages >= 0 AND failures >= 0", name=op.f("ck_lti_roster_counted")
        ),
        sa.CheckConstraint(
            "state <> 'failed' OR length(reason) > 0", name=op.f("ck_lti_roster_failure_named")
        ),
        sa.CheckConstraint(
            "state <> 'read' OR read_at IS NOT NULL", name=op.f("ck_lti_roster_reading_dated")
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "context_id"],
            ["lti_context.institute_id", "lti_context.id"],
            name=op.f("fk_lti_roster_institute_id_context_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_lti_roster_institute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_roster")),
        sa.UniqueConstraint("context_id", name=op.f("uq_lti_roster_context")),
    )
    op.create_table(
        "lti_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("context_id", sa.Integer(), nullable=False),
        sa.Column("identity_id", sa.Integer(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("learns", sa.Boolean(), nullable=False),
        sa.Column("seen_pass", sa.Integer(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["identity_id"], ["lti_identity.id"], name=op.f("fk_lti_member_identity_id")),
        sa.ForeignKeyConstraint(
            ["institute_id", "context_id"],
            ["lti_context.institute_id", "lti_context.id"],
            name=op.f("fk_lti_member_institute_id_context_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_lti_member_institute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_member")),
        sa.UniqueConstraint("context_id", "identity_id", name=op.f("uq_lti_member_context_identity")),
    )
    op.create_index(op.f("ix_lti_member_identity_id"), "lti_member", ["identity_id"])
    op.create_index(
        "ix_person_provisioned",
        "person",
        ["institute_id"],
        sqlite_where=sa.text("provisioned IS 1"),
        postgresql_where=sa.text("provisioned IS TRUE"),
    )
    with op.batch_alter_table("enrolment") as batch:
        batch.add_column(sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Forget who is on a roster; the people and their enrolments stay."""
    with op.batch_alter_table("enrolment") as batch:
        batch.drop_column("left_at")
    op.drop_index("ix_person_provisioned", "person")
    op.drop_table("lti_member")
    op.drop_table("lti_roster")
