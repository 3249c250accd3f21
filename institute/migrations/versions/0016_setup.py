"""What administrators decide about a registration, from when a key signs, and a registration's latest check."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0016", "0015"

FAMILIES = ("moodle", "canvas", "brightspace", "blackboard", "openedx", "sakai", "other")
CHECK_STATES = ("waiting", "running", "passed", "failed", "skipped")


def upgrade() -> None:
    """Fill the new columns for what is there, then let none of them be empty."""
    with op.batch_alter_table("lti_registration", schema=None) as batch_op:
        batch_op.add_column(sa.Column("role_overrides", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("family", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("version", sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column("edition", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE lti_registration SET role_overrides = '{}', family = 'other', version = '', edition = 1"
    )
    with op.batch_alter_table("lti_registration", schema=None) as batch_op:
        batch_op.alter_column("role_overrides", existing_type=sa.JSON(), nullable=False)
        batch_op.alter_column("family", existing_type=sa.String(length=40), nullable=False)
        batch_op.alter_column("version", existing_type=sa.String(length=100), nullable=False)
        batch_op.alter_column("edition", existing_type=sa.Integer(), nullable=False)
        batch_op.create_check_constraint(
            op.f("ck_lti_registration_family"), sa.column("family", sa.String()).in_(FAMILIES)
        )
        batch_op.create_check_constraint(
            op.f("ck_lti_registration_edition_counts_from_one"), sa.text("edition >= 1")
        )
    with op.batch_alter_table("lti_tool_key", schema=None) as batch_op:
        batch_op.add_column(sa.Column("signs_from", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE lti_tool_key SET signs_from = created_at")
    with op.batch_alter_table("lti_tool_key", schema=None) as batch_op:
        batch_op.alter_column("signs_from", existing_type=sa.DateTime(timezone=True), nullable=False)
    op.create_table(
        "lti_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=60), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*CHECK_STATES, name="state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("finding", sa.String(length=60), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(finished_at IS NULL) = (state IN ('waiting', 'running'))",
            name=op.f("ck_lti_check_finished_dated"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "registration_id"],
            ["lti_registration.institute_id", "lti_registration.id"],
            name=op.f("fk_lti_check_institute_id_registration_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_lti_check_institute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_check")),
        sa.UniqueConstraint("registration_id", "step", name=op.f("uq_lti_check_step")),
    )


def downgrade() -> None:
    """Take them away; registrations and keys stay."""
    op.drop_table("lti_check")
    with op.batch_alter_table("lti_tool_key", schema=None) as batch_op:
        batch_op.drop_column("signs_from")
    with op.batch_alter_table("lti_registration", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_lti_registration_edition_counts_from_one"), type_="check")
        batch_op.drop_constraint(op.f("ck_lti_registration_family"), type_="check")
        for column in ("edition", "version", "family", "role_overrides"):
            batch_op.drop_column(column)
