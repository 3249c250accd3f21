"""The tables of a catalogue that has one present state, as they were until versions came."""

import sqlalchemy as sa
from alembic import op

TABLES = (
    "module",
    "area_of_focus",
    "segment",
    "activity",
    "material",
    "objective",
    "session_plan",
    "plan_step",
    "reflective_question",
)


def make_tables() -> None:
    """Make them, parents first."""
    op.create_table(
        "module",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("description", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("reading_min", sa.Integer(), nullable=False),
        sa.Column("reading_max", sa.Integer(), nullable=False),
        sa.Column("coaching_min", sa.Integer(), nullable=False),
        sa.Column("coaching_max", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "coaching_min BETWEEN 0 AND coaching_max", name=op.f("ck_module_coaching_range_ordered")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_module_number_positive")),
        sa.CheckConstraint(
            "reading_min BETWEEN 0 AND reading_max", name=op.f("ck_module_reading_range_ordered")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_module_programme_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_module")),
        sa.UniqueConstraint("programme_id", "number", name=op.f("uq_module_number")),
        sa.UniqueConstraint("programme_id", "slug", name=op.f("uq_module_slug")),
    )
    op.create_table(
        "area_of_focus",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("module_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("title", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("toolkit", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint("position >= 1", name=op.f("ck_area_of_focus_position_positive")),
        sa.ForeignKeyConstraint(
            ["module_id"], ["module.id"], name=op.f("fk_area_of_focus_module_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_of_focus")),
        sa.UniqueConstraint("module_id", "key", name=op.f("uq_area_of_focus_key")),
    )
    op.create_table(
        "segment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("module_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("reading_min", sa.Integer(), nullable=False),
        sa.Column("reading_max", sa.Integer(), nullable=False),
        sa.Column("coaching_min", sa.Integer(), nullable=False),
        sa.Column("coaching_max", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "coaching_min BETWEEN 0 AND coaching_max", name=op.f("ck_segment_coaching_range_ordered")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_segment_number_positive")),
        sa.CheckConstraint(
            "reading_min BETWEEN 0 AND reading_max", name=op.f("ck_segment_reading_range_ordered")
        ),
        sa.ForeignKeyConstraint(
            ["module_id"], ["module.id"], name=op.f("fk_segment_module_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment")),
        sa.UniqueConstraint("module_id", "number", name=op.f("uq_segment_number")),
        sa.UniqueConstraint("module_id", "slug", name=op.f("uq_segment_slug")),
    )
    op.create_table(
        "activity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("segment_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column(
            "timing",
            sa.Enum(
                "before",
                "between",
                "during",
                "after",
                "preparation",
                name="timing",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("session_number", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "acknowledgement",
                "reading",
                "watching",
                "reflection",
                "assessment",
                "document",
                "upload",
                "practice",
                "attend",
                "preparation",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("title", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("note", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("minutes >= 0", name=op.f("ck_activity_minutes_not_negative")),
        sa.CheckConstraint("position >= 1", name=op.f("ck_activity_position_positive")),
        sa.CheckConstraint("session_number >= 1", name=op.f("ck_activity_session_number_positive")),
        sa.ForeignKeyConstraint(
            ["segment_id"], ["segment.id"], name=op.f("fk_activity_segment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sa.UniqueConstraint("segment_id", "key", name=op.f("uq_activity_key")),
    )
    op.create_table(
        "material",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("segment_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "document",
                "instrument",
                "template",
                "link",
                "video",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("detail", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("body", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("url", sa.String(length=2000), nullable=True),
        sa.CheckConstraint(
            "url IS NULL OR substr(url, 1, 8) = 'https://' OR substr(url, 1, 7) = 'http://'",
            name=op.f("ck_material_url_is_web"),
        ),
        sa.CheckConstraint("position >= 1", name=op.f("ck_material_position_positive")),
        sa.ForeignKeyConstraint(
            ["segment_id"], ["segment.id"], name=op.f("fk_material_segment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material")),
        sa.UniqueConstraint("segment_id", "key", name=op.f("uq_material_key")),
    )
    op.create_table(
        "objective",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("module_id", sa.Integer(), nullable=True),
        sa.Column("segment_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "knowledge",
                "skill",
                "attitude",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.JSON(none_as_null=True), nullable=False),
        sa.CheckConstraint(
            "(module_id IS NULL) <> (segment_id IS NULL)", name=op.f("ck_objective_of_module_or_segment")
        ),
        sa.CheckConstraint("position >= 1", name=op.f("ck_objective_position_positive")),
        sa.ForeignKeyConstraint(
            ["module_id"], ["module.id"], name=op.f("fk_objective_module_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["segment_id"], ["segment.id"], name=op.f("fk_objective_segment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objective")),
    )
    with op.batch_alter_table("objective", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_objective_module_id"), ["module_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_objective_segment_id"), ["segment_id"], unique=False)

    op.create_table(
        "session_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("segment_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("minutes_min", sa.Integer(), nullable=False),
        sa.Column("minutes_max", sa.Integer(), nullable=False),
        sa.Column("opening", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("wrap_up", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("equity_prompt", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint(
            "minutes_min BETWEEN 0 AND minutes_max", name=op.f("ck_session_plan_minutes_range_ordered")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_session_plan_number_positive")),
        sa.ForeignKeyConstraint(
            ["segment_id"], ["segment.id"], name=op.f("fk_session_plan_segment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_plan")),
        sa.UniqueConstraint("segment_id", name=op.f("uq_session_plan_segment")),
    )
    op.create_table(
        "plan_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_plan_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.JSON(none_as_null=True), nullable=False),
        sa.Column(
            "audience",
            sa.Enum("both", "coach", name="audience", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.CheckConstraint("position >= 1", name=op.f("ck_plan_step_position_positive")),
        sa.ForeignKeyConstraint(
            ["session_plan_id"],
            ["session_plan.id"],
            name=op.f("fk_plan_step_session_plan_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_step")),
    )
    with op.batch_alter_table("plan_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_step_session_plan_id"), ["session_plan_id"], unique=False)

    op.create_table(
        "reflective_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_plan_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.JSON(none_as_null=True), nullable=False),
        sa.CheckConstraint("position >= 1", name=op.f("ck_reflective_question_position_positive")),
        sa.ForeignKeyConstraint(
            ["session_plan_id"],
            ["session_plan.id"],
            name=op.f("fk_reflective_question_session_plan_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reflective_question")),
    )
    with op.batch_alter_table("reflective_question", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reflective_question_session_plan_id"), ["session_plan_id"], unique=False
        )
