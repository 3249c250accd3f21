"""Where a login's proof is kept, notices of platforms, and the addresses that platforms took for them."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0018", "0017"


def upgrade() -> None:
    """Make them."""
    with op.batch_alter_table("lti_login", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kept_by", sa.String(length=40), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_lti_login_kept_by"), sa.column("kept_by", sa.String()).in_(("platform", "access"))
        )
    op.create_table(
        "lti_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.String(length=255), nullable=False),
        sa.Column("notice_type", sa.String(length=255), nullable=False),
        sa.Column("said_at", sa.String(length=60), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(notice_id) > 0", name=op.f("ck_lti_notice_named_by_platform")),
        sa.ForeignKeyConstraint(
            ["institute_id", "deployment_id"],
            ["lti_deployment.institute_id", "lti_deployment.id"],
            name=op.f("fk_lti_notice_institute_id_deployment_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_lti_notice_institute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_notice")),
        sa.UniqueConstraint("deployment_id", "notice_id", name=op.f("uq_lti_notice_deployment_notice")),
    )
    op.create_table(
        "lti_notice_handler",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("notice_type", sa.String(length=255), nullable=False),
        sa.Column("service_url", sa.String(length=2000), nullable=False),
        sa.Column("handler", sa.String(length=2000), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institute_id", "deployment_id"],
            ["lti_deployment.institute_id", "lti_deployment.id"],
            name=op.f("fk_lti_notice_handler_institute_id_deployment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_lti_notice_handler_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_notice_handler")),
        sa.UniqueConstraint(
            "deployment_id", "notice_type", name=op.f("uq_lti_notice_handler_deployment_type")
        ),
    )


def downgrade() -> None:
    """Take them away; logins stay."""
    op.drop_table("lti_notice_handler")
    op.drop_table("lti_notice")
    with op.batch_alter_table("lti_login", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_lti_login_kept_by"), type_="check")
        batch_op.drop_column("kept_by")
