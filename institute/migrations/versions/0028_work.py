"""What participants do, and their plans."""

import sqlalchemy as sa
from alembic import op

from institute.db import append_only_ddl, append_only_removal

revision, down_revision = "0028", "0027"


def upgrade() -> None:
    """Make them, parents first."""
    op.create_table(
        "plan_goal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("area", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("area_key", sa.String(length=80), nullable=True),
        sa.Column("step_id", sa.Integer(), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("text <> '' OR area IS NOT NULL", name=op.f("ck_plan_goal_says_something")),
        sa.CheckConstraint(
            "(step_id IS NULL) = (area_key IS NULL)", name=op.f("ck_plan_goal_area_of_a_step")
        ),
        sa.CheckConstraint("length(text) <= 500", name=op.f("ck_plan_goal_text_fits")),
        sa.CheckConstraint("rank >= 1", name=op.f("ck_plan_goal_rank_counts_from_one")),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_plan_goal_revision_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["institute_id", "enrolment_id"],
            ["enrolment.institute_id", "enrolment.id"],
            name=op.f("fk_plan_goal_institute_id_enrolment_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_plan_goal_institute_id")),
        sa.ForeignKeyConstraint(["step_id"], ["step.id"], name=op.f("fk_plan_goal_step_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_goal")),
        sa.UniqueConstraint("enrolment_id", "step_id", "area_key", name=op.f("uq_plan_goal_area")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_plan_goal_tenant")),
    )
    with op.batch_alter_table("plan_goal", schema=None) as batch_op:
        batch_op.create_index("ix_plan_goal_enrolment_id", ["enrolment_id"], unique=False)
        batch_op.create_index("ix_plan_goal_step_id", ["step_id"], unique=False)

    op.create_table(
        "plan_action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(text) <= 500", name=op.f("ck_plan_action_text_fits")),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_plan_action_says_something")),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_plan_action_revision_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["institute_id", "added_by"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_plan_action_institute_id_added_by"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "goal_id"],
            ["plan_goal.institute_id", "plan_goal.id"],
            name=op.f("fk_plan_action_institute_id_goal_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_plan_action_institute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_action")),
    )
    with op.batch_alter_table("plan_action", schema=None) as batch_op:
        batch_op.create_index("ix_plan_action_goal_id", ["goal_id"], unique=False)
    op.create_table(
        "work",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("filled", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(text) <= 50000", name=op.f("ck_work_text_fits")),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_work_revision_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["institute_id", "enrolment_id"],
            ["enrolment.institute_id", "enrolment.id"],
            name=op.f("fk_work_institute_id_enrolment_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_work_institute_id")),
        sa.ForeignKeyConstraint(["step_id"], ["step.id"], name=op.f("fk_work_step_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work")),
        sa.UniqueConstraint("enrolment_id", "step_id", name=op.f("uq_work_step")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_work_tenant")),
    )
    with op.batch_alter_table("work", schema=None) as batch_op:
        batch_op.create_index("ix_work_step_id", ["step_id"], unique=False)

    op.create_table(
        "work_file",
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("position >= 1", name=op.f("ck_work_file_position_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["institute_id", "file_id"],
            ["stored_file.institute_id", "stored_file.id"],
            name=op.f("fk_work_file_institute_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "work_id"],
            ["work.institute_id", "work.id"],
            name=op.f("fk_work_file_institute_id_work_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_work_file_institute_id")),
        sa.PrimaryKeyConstraint("work_id", "file_id", name=op.f("pk_work_file")),
        sa.UniqueConstraint("file_id", name=op.f("uq_work_file_file")),
    )
    op.create_table(
        "work_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("kept", "clashed", name="outcome", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("filled", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(text) <= 50000", name=op.f("ck_work_revision_text_fits")),
        sa.ForeignKeyConstraint(
            ["institute_id", "work_id"],
            ["work.institute_id", "work.id"],
            name=op.f("fk_work_revision_institute_id_work_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_work_revision_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_revision")),
    )
    with op.batch_alter_table("work_revision", schema=None) as batch_op:
        batch_op.create_index("ix_work_revision_work_id", ["work_id"], unique=False)
    dialect = op.get_bind().dialect.name
    for verb in ("update", "delete"):
        for statement in append_only_ddl("work_revision", verb)[dialect]:
            op.execute(statement)


def downgrade() -> None:
    """Remove them, children first."""
    dialect = op.get_bind().dialect.name
    for verb in ("update", "delete"):
        for statement in append_only_removal("work_revision", verb)[dialect]:
            op.execute(statement)
    with op.batch_alter_table("work_revision", schema=None) as batch_op:
        batch_op.drop_index("ix_work_revision_work_id")

    op.drop_table("work_revision")
    op.drop_table("work_file")
    with op.batch_alter_table("work", schema=None) as batch_op:
        batch_op.drop_index("ix_work_step_id")

    op.drop_table("work")
    with op.batch_alter_table("plan_action", schema=None) as batch_op:
        batch_op.drop_index("ix_plan_action_goal_id")

    op.drop_table("plan_action")
    with op.batch_alter_table("plan_goal", schema=None) as batch_op:
        batch_op.drop_index("ix_plan_goal_step_id")
        batch_op.drop_index("ix_plan_goal_enrolment_id")

    op.drop_table("plan_goal")
