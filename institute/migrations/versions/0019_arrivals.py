"""Requests for content, mentors, copied courses, and deployments that belong to another institute."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0019", "0018"

ROLES = (
    "participant",
    "coach",
    "mentor",
    "facilitator",
    "trainer",
    "coordinator",
    "administrator",
    "platform_administrator",
)


def upgrade() -> None:
    """Make the requests' table; let deployments and identities belong to an institute of their own."""
    op.create_table(
        "lti_deep_linking_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.String(length=24), nullable=False),
        sa.Column("context_id", sa.Integer(), nullable=True),
        sa.Column("return_url", sa.String(length=2000), nullable=False),
        sa.Column("data", sa.Text(), nullable=True),
        sa.Column("accept_types", sa.JSON(), nullable=False),
        sa.Column("accept_targets", sa.JSON(), nullable=False),
        sa.Column("accept_media_types", sa.String(length=1000), nullable=True),
        sa.Column("accept_multiple", sa.Boolean(), nullable=True),
        sa.Column("accept_lineitem", sa.Boolean(), nullable=True),
        sa.Column("auto_create", sa.Boolean(), nullable=True),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institute_id", "context_id"],
            ["lti_context.institute_id", "lti_context.id"],
            name=op.f("fk_lti_deep_linking_request_institute_id_context_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_lti_deep_linking_request_institute_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["launch_session.id"], name=op.f("fk_lti_deep_linking_request_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_deep_linking_request")),
        sa.UniqueConstraint("session_id", name=op.f("uq_lti_deep_linking_request_session")),
    )
    with op.batch_alter_table("lti_deep_linking_request", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_lti_deep_linking_request_context_id"), ["context_id"], unique=False
        )

    op.create_table(
        "lti_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.String(length=24), nullable=False),
        sa.Column("sub", sa.String(length=255), nullable=False),
        sa.Column("lineitem_url", sa.String(length=2000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_lti_review_institute_id")),
        sa.ForeignKeyConstraint(["session_id"], ["launch_session.id"], name=op.f("fk_lti_review_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_review")),
        sa.UniqueConstraint("session_id", name=op.f("uq_lti_review_session")),
    )

    with op.batch_alter_table("lti_context", schema=None) as batch_op:
        batch_op.add_column(sa.Column("origin_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_lti_context_origin_id"), ["origin_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_lti_context_institute_id_origin_id"),
            "lti_context",
            ["institute_id", "origin_id"],
            ["institute_id", "id"],
        )
        batch_op.create_check_constraint(op.f("ck_lti_context_no_copy_of_itself"), sa.text("origin_id <> id"))

    with op.batch_alter_table("lti_resource_link", schema=None) as batch_op:
        batch_op.add_column(sa.Column("copied", sa.Boolean(), nullable=True))
    op.execute("UPDATE lti_resource_link SET copied = false")
    with op.batch_alter_table("lti_resource_link", schema=None) as batch_op:
        batch_op.alter_column("copied", existing_type=sa.Boolean(), nullable=False)

    with op.batch_alter_table("lti_deployment", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_lti_deployment_institute_id_registration_id"), type_="foreignkey")
        batch_op.create_foreign_key(
            batch_op.f("fk_lti_deployment_registration_id"), "lti_registration", ["registration_id"], ["id"]
        )

    with op.batch_alter_table("lti_identity", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_lti_identity_registration_sub"), type_="unique")
        batch_op.create_unique_constraint(
            op.f("uq_lti_identity_registration_institute_sub"), ["registration_id", "institute_id", "sub"]
        )
        batch_op.drop_constraint(op.f("fk_lti_identity_institute_id_registration_id"), type_="foreignkey")
        batch_op.create_foreign_key(
            batch_op.f("fk_lti_identity_registration_id"), "lti_registration", ["registration_id"], ["id"]
        )

    with op.batch_alter_table("lti_launch", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mentored", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("other_roles", sa.JSON(), nullable=True))
    op.execute("UPDATE lti_launch SET mentored = '[]', other_roles = '[]'")
    with op.batch_alter_table("lti_launch", schema=None) as batch_op:
        batch_op.alter_column("mentored", existing_type=sa.JSON(), nullable=False)
        batch_op.alter_column("other_roles", existing_type=sa.JSON(), nullable=False)
    _let_grants_name(*ROLES)


def downgrade() -> None:
    """Take them away. Refused by the database while a deployment belongs to another institute than its registration."""
    _let_grants_name(*(role for role in ROLES if role != "mentor"))
    with op.batch_alter_table("lti_launch", schema=None) as batch_op:
        batch_op.drop_column("other_roles")
        batch_op.drop_column("mentored")

    with op.batch_alter_table("lti_resource_link", schema=None) as batch_op:
        batch_op.drop_column("copied")

    with op.batch_alter_table("lti_identity", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_lti_identity_registration_id"), type_="foreignkey")
        batch_op.create_foreign_key(
            batch_op.f("fk_lti_identity_institute_id_registration_id"),
            "lti_registration",
            ["institute_id", "registration_id"],
            ["institute_id", "id"],
        )
        batch_op.drop_constraint(op.f("uq_lti_identity_registration_institute_sub"), type_="unique")
        batch_op.create_unique_constraint(
            op.f("uq_lti_identity_registration_sub"), ["registration_id", "sub"]
        )

    with op.batch_alter_table("lti_deployment", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_lti_deployment_registration_id"), type_="foreignkey")
        batch_op.create_foreign_key(
            batch_op.f("fk_lti_deployment_institute_id_registration_id"),
            "lti_registration",
            ["institute_id", "registration_id"],
            ["institute_id", "id"],
        )

    with op.batch_alter_table("lti_context", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_lti_context_no_copy_of_itself"), type_="check")
        batch_op.drop_constraint(op.f("fk_lti_context_institute_id_origin_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_lti_context_origin_id"))
        batch_op.drop_column("origin_id")

    op.drop_table("lti_review")
    op.drop_table("lti_deep_linking_request")


def _let_grants_name(*roles: str) -> None:
    """Say which roles there are; which of them may be granted is another rule of the table, and stays."""
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_role_grant_role"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_role_grant_role"), sa.column("role", sa.String()).in_(roles)
        )
