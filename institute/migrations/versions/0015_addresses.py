"""Registrations by address: invitations, and those that wait for approval."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0015", "0014"


def upgrade() -> None:
    """Make them, parents first."""
    op.create_table(
        "lti_invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_through", sa.Integer(), nullable=True),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_lti_invitation_good_for_a_while")),
        sa.ForeignKeyConstraint(
            ["institute_id", "registration_id"],
            ["lti_registration.institute_id", "lti_registration.id"],
            name=op.f("fk_lti_invitation_institute_id_registration_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_lti_invitation_institute_id")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_lti_invitation_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_lti_invitation_token_hash")),
    )
    with op.batch_alter_table("lti_invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lti_invitation_institute_id"), ["institute_id"], unique=False)

    op.create_table(
        "lti_registration_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=True),
        sa.Column("invitation_id", sa.Integer(), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "waiting",
                "registered",
                "approved",
                "refused",
                "replaced",
                "failed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("origins", sa.JSON(), nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("client_id", sa.String(length=255), nullable=False),
        sa.Column("auth_url", sa.String(length=2000), nullable=False),
        sa.Column("token_url", sa.String(length=2000), nullable=False),
        sa.Column("jwks_url", sa.String(length=2000), nullable=False),
        sa.Column("token_audience", sa.String(length=2000), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "family",
            sa.Enum(
                "moodle",
                "canvas",
                "brightspace",
                "blackboard",
                "openedx",
                "sakai",
                "other",
                name="family",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.String(length=100), nullable=False),
        sa.Column("deployment_id", sa.String(length=255), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.String(length=300), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("opens_first_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'failed') = (length(code) > 0)",
            name=op.f("ck_lti_registration_request_failed_says_why"),
        ),
        sa.CheckConstraint(
            "(state IN ('approved', 'refused')) = (decided_at IS NOT NULL)",
            name=op.f("ck_lti_registration_request_decided_has_time"),
        ),
        sa.CheckConstraint(
            "state IN ('asked', 'failed') OR (length(issuer) > 0 AND length(client_id) > 0)",
            name=op.f("ck_lti_registration_request_answered_is_named"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('registered', 'approved') OR registration_id IS NOT NULL",
            name=op.f("ck_lti_registration_request_done_has_registration"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_lti_registration_request_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_lti_registration_request_institute_id")
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["lti_invitation.id"], name=op.f("fk_lti_registration_request_invitation_id")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["lti_registration.id"],
            name=op.f("fk_lti_registration_request_registration_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_registration_request")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_lti_registration_request_token_hash")),
    )
    with op.batch_alter_table("lti_registration_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lti_registration_request_asked_at"), ["asked_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_lti_registration_request_institute_id"), ["institute_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_lti_registration_request_registration_id"), ["registration_id"], unique=False
        )
        batch_op.create_index(
            "uq_lti_registration_request_waiting",
            ["issuer", "client_id"],
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )


def downgrade() -> None:
    """Take them back."""
    with op.batch_alter_table("lti_registration_request", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_lti_registration_request_waiting",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.drop_index(batch_op.f("ix_lti_registration_request_registration_id"))
        batch_op.drop_index(batch_op.f("ix_lti_registration_request_institute_id"))
        batch_op.drop_index(batch_op.f("ix_lti_registration_request_asked_at"))

    op.drop_table("lti_registration_request")
    with op.batch_alter_table("lti_invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lti_invitation_institute_id"))

    op.drop_table("lti_invitation")
