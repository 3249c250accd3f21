"""Make the door's tables: platforms, their courses and links, logins and launches."""

import sqlalchemy as sa
from alembic import op

from institute.db import append_only_ddl, append_only_removal

revision, down_revision = "0005", "0004"

APPEND_ONLY = ("lti_refusal",)


def upgrade() -> None:
    """Make them, parents first."""
    op.create_table(
        "lti_tool_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kid", sa.String(length=64), nullable=False),
        sa.Column("algorithm", sa.String(length=10), nullable=False),
        sa.Column("public_jwk", sa.JSON(), nullable=False),
        sa.Column("private_pem_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("algorithm = 'RS256'", name=op.f("ck_lti_tool_key_algorithm_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_tool_key")),
        sa.UniqueConstraint("kid", name=op.f("uq_lti_tool_key_kid")),
    )
    op.create_table(
        "lti_registration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("client_id", sa.String(length=255), nullable=False),
        sa.Column("auth_url", sa.String(length=2000), nullable=False),
        sa.Column("token_url", sa.String(length=2000), nullable=False),
        sa.Column("jwks_url", sa.String(length=2000), nullable=False),
        sa.Column("token_audience", sa.String(length=2000), nullable=True),
        sa.Column(
            "state",
            sa.Enum("active", "disabled", name="state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("allow_anonymous", sa.Boolean(), nullable=False),
        sa.Column("trust_administrators", sa.Boolean(), nullable=False),
        sa.Column(
            "deployment_policy",
            sa.Enum(
                "pending",
                "approve",
                name="deployment_policy",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "length(issuer) > 0 AND length(client_id) > 0", name=op.f("ck_lti_registration_named_by_platform")
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_lti_registration_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_registration")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_lti_registration_tenant")),
        sa.UniqueConstraint("issuer", "client_id", name=op.f("uq_lti_registration_issuer_client")),
    )
    op.create_table(
        "lti_deployment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("deployment_id", sa.String(length=255), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "active",
                "pending",
                "disabled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(deployment_id) > 0", name=op.f("ck_lti_deployment_named_by_platform")),
        sa.ForeignKeyConstraint(
            ["institute_id", "registration_id"],
            ["lti_registration.institute_id", "lti_registration.id"],
            name=op.f("fk_lti_deployment_institute_id_registration_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_lti_deployment_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_deployment")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_lti_deployment_tenant")),
        sa.UniqueConstraint(
            "registration_id", "deployment_id", name=op.f("uq_lti_deployment_registration_deployment")
        ),
    )
    op.create_table(
        "lti_identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("sub", sa.String(length=255), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(sub) > 0", name=op.f("ck_lti_identity_named_by_platform")),
        sa.ForeignKeyConstraint(
            ["institute_id", "person_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_lti_identity_institute_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "registration_id"],
            ["lti_registration.institute_id", "lti_registration.id"],
            name=op.f("fk_lti_identity_institute_id_registration_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_lti_identity_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_identity")),
        sa.UniqueConstraint("registration_id", "sub", name=op.f("uq_lti_identity_registration_sub")),
    )
    with op.batch_alter_table("lti_identity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lti_identity_person_id"), ["person_id"], unique=False)

    op.create_table(
        "lti_login",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("client_id", sa.String(length=255), nullable=False),
        sa.Column("deployment_hint", sa.String(length=255), nullable=True),
        sa.Column("target_link_uri", sa.String(length=2000), nullable=False),
        sa.Column("login_hint", sa.String(length=2000), nullable=False),
        sa.Column("message_hint", sa.String(length=4000), nullable=True),
        sa.Column("storage_target", sa.String(length=255), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_by_token", sa.String(length=64), nullable=True),
        sa.Column("ticket_hash", sa.String(length=64), nullable=True),
        sa.Column("ticket_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ticket_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(ticket_hash IS NULL) = (ticket_expires_at IS NULL)", name=op.f("ck_lti_login_ticket_expires")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["lti_registration.id"], name=op.f("fk_lti_login_registration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_login")),
        sa.UniqueConstraint("state_hash", name=op.f("uq_lti_login_state_hash")),
        sa.UniqueConstraint("ticket_hash", name=op.f("uq_lti_login_ticket_hash")),
    )
    with op.batch_alter_table("lti_login", schema=None) as batch_op:
        batch_op.create_index(
            "ix_lti_login_unfinished",
            ["expires_at"],
            unique=False,
            sqlite_where=sa.text("used_at IS NULL"),
            postgresql_where=sa.text("used_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_lti_login_registration_id"), ["registration_id"], unique=False)

    op.create_table(
        "lti_refusal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["lti_registration.id"], name=op.f("fk_lti_refusal_registration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_refusal")),
    )
    with op.batch_alter_table("lti_refusal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lti_refusal_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_lti_refusal_registration_id"), ["registration_id"], unique=False)

    op.create_table(
        "lti_context",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("context_id", sa.String(length=255), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("enrol_learners", sa.Boolean(), nullable=False),
        sa.Column("bound_by_id", sa.Integer(), nullable=True),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(cohort_id IS NULL) = (bound_at IS NULL)", name=op.f("ck_lti_context_binding_dated")
        ),
        sa.ForeignKeyConstraint(["bound_by_id"], ["person.id"], name=op.f("fk_lti_context_bound_by_id")),
        sa.ForeignKeyConstraint(
            ["institute_id", "cohort_id"],
            ["cohort.institute_id", "cohort.id"],
            name=op.f("fk_lti_context_institute_id_cohort_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "deployment_id"],
            ["lti_deployment.institute_id", "lti_deployment.id"],
            name=op.f("fk_lti_context_institute_id_deployment_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_lti_context_institute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_context")),
        sa.UniqueConstraint("deployment_id", "context_id", name=op.f("uq_lti_context_deployment_context")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_lti_context_tenant")),
    )
    with op.batch_alter_table("lti_context", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lti_context_cohort_id"), ["cohort_id"], unique=False)

    op.create_table(
        "lti_resource_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("context_id", sa.Integer(), nullable=True),
        sa.Column("resource_link_id", sa.String(length=255), nullable=False),
        sa.Column("target", sa.String(length=500), nullable=True),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("lineitem_url", sa.String(length=2000), nullable=True),
        sa.Column("lineitems_url", sa.String(length=2000), nullable=True),
        sa.Column("ags_scopes", sa.JSON(), nullable=False),
        sa.Column("nrps_url", sa.String(length=2000), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["context_id"], ["lti_context.id"], name=op.f("fk_lti_resource_link_context_id")
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "deployment_id"],
            ["lti_deployment.institute_id", "lti_deployment.id"],
            name=op.f("fk_lti_resource_link_institute_id_deployment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_lti_resource_link_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_resource_link")),
        sa.UniqueConstraint(
            "deployment_id", "resource_link_id", name=op.f("uq_lti_resource_link_deployment_link")
        ),
    )
    with op.batch_alter_table("lti_resource_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lti_resource_link_context_id"), ["context_id"], unique=False)

    op.create_table(
        "lti_launch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.String(length=24), nullable=False),
        sa.Column("login_id", sa.Integer(), nullable=False),
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("context_id", sa.Integer(), nullable=True),
        sa.Column("resource_link_id", sa.Integer(), nullable=True),
        sa.Column("identity_id", sa.Integer(), nullable=True),
        sa.Column("message_type", sa.String(length=60), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("is_learner", sa.Boolean(), nullable=False),
        sa.Column("is_test_user", sa.Boolean(), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=True),
        sa.Column("return_url", sa.String(length=2000), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["context_id"], ["lti_context.id"], name=op.f("fk_lti_launch_context_id")),
        sa.ForeignKeyConstraint(["identity_id"], ["lti_identity.id"], name=op.f("fk_lti_launch_identity_id")),
        sa.ForeignKeyConstraint(
            ["institute_id", "deployment_id"],
            ["lti_deployment.institute_id", "lti_deployment.id"],
            name=op.f("fk_lti_launch_institute_id_deployment_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_lti_launch_institute_id")),
        sa.ForeignKeyConstraint(["login_id"], ["lti_login.id"], name=op.f("fk_lti_launch_login_id")),
        sa.ForeignKeyConstraint(
            ["resource_link_id"], ["lti_resource_link.id"], name=op.f("fk_lti_launch_resource_link_id")
        ),
        sa.ForeignKeyConstraint(["session_id"], ["launch_session.id"], name=op.f("fk_lti_launch_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_launch")),
        sa.UniqueConstraint("session_id", name=op.f("uq_lti_launch_session")),
    )
    with op.batch_alter_table("lti_launch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lti_launch_context_id"), ["context_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lti_launch_identity_id"), ["identity_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lti_launch_login_id"), ["login_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_lti_launch_resource_link_id"), ["resource_link_id"], unique=False
        )
    for table in APPEND_ONLY:
        for verb in ("update", "delete"):
            for statement in append_only_ddl(table, verb)[op.get_bind().dialect.name]:
                op.execute(statement)


def downgrade() -> None:
    """Drop them, children first."""
    for table in APPEND_ONLY:
        for verb in ("update", "delete"):
            for statement in append_only_removal(table, verb)[op.get_bind().dialect.name]:
                op.execute(statement)
    with op.batch_alter_table("lti_launch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lti_launch_resource_link_id"))
        batch_op.drop_index(batch_op.f("ix_lti_launch_login_id"))
        batch_op.drop_index(batch_op.f("ix_lti_launch_identity_id"))
        batch_op.drop_index(batch_op.f("ix_lti_launch_context_id"))

    op.drop_table("lti_launch")
    with op.batch_alter_table("lti_resource_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lti_resource_link_context_id"))

    op.drop_table("lti_resource_link")
    with op.batch_alter_table("lti_context", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lti_context_cohort_id"))

    op.drop_table("lti_context")
    with op.batch_alter_table("lti_refusal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lti_refusal_registration_id"))
        batch_op.drop_index(batch_op.f("ix_lti_refusal_created_at"))

    op.drop_table("lti_refusal")
    with op.batch_alter_table("lti_login", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lti_login_registration_id"))
        batch_op.drop_index("ix_lti_login_unfinished")

    op.drop_table("lti_login")
    with op.batch_alter_table("lti_identity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lti_identity_person_id"))

    op.drop_table("lti_identity")
    op.drop_table("lti_deployment")
    op.drop_table("lti_registration")
    op.drop_table("lti_tool_key")
