"""The tables of versions, as they were when versions came."""

import sqlalchemy as sa
from alembic import op

TABLES = (
    "part",
    "step",
    "programme_version",
    "module",
    "segment",
    "activity",
    "instrument",
    "cohort_opening",
)


def make_tables() -> None:
    """Make them, parents first."""
    op.create_table(
        "part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "module",
                "segment",
                "instrument",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_part_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part")),
        sa.UniqueConstraint("programme_id", "id", name=op.f("uq_part_programme")),
    )
    op.create_table(
        "step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id", "part_id"],
            ["part.programme_id", "part.id"],
            name=op.f("fk_step_programme_id_part_id"),
        ),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_step_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step")),
        sa.UniqueConstraint("part_id", "key", name=op.f("uq_step_key")),
    )
    op.create_index(op.f("ix_step_programme_id"), "step", ["programme_id"])
    op.create_table(
        "programme_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("summary", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("step_count", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_programme_version_number_positive")),
        sa.CheckConstraint("step_count >= 0", name=op.f("ck_programme_version_steps_counted")),
        sa.ForeignKeyConstraint(
            ["institute_id", "programme_id"],
            ["programme.institute_id", "programme.id"],
            name=op.f("fk_programme_version_institute_id_programme_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_programme_version_institute_id")
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["person.id"], name=op.f("fk_programme_version_published_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_version")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_programme_version_tenant")),
        sa.UniqueConstraint("programme_id", "id", name=op.f("uq_programme_version_programme")),
        sa.UniqueConstraint("programme_id", "number", name=op.f("uq_programme_version_number")),
    )
    op.create_table(
        "module",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("reading_min", sa.Integer(), nullable=False),
        sa.Column("reading_max", sa.Integer(), nullable=False),
        sa.Column("coaching_min", sa.Integer(), nullable=False),
        sa.Column("coaching_max", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "coaching_min BETWEEN 0 AND coaching_max", name=op.f("ck_module_coaching_range_ordered")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_module_number_positive")),
        sa.CheckConstraint(
            "reading_min BETWEEN 0 AND reading_max", name=op.f("ck_module_reading_range_ordered")
        ),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"], name=op.f("fk_module_part_id")),
        sa.ForeignKeyConstraint(["version_id"], ["programme_version.id"], name=op.f("fk_module_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_module")),
        sa.UniqueConstraint("version_id", "number", name=op.f("uq_module_number")),
        sa.UniqueConstraint("version_id", "part_id", name=op.f("uq_module_part")),
        sa.UniqueConstraint("version_id", "slug", name=op.f("uq_module_slug")),
    )
    op.create_index(op.f("ix_module_part_id"), "module", ["part_id"])
    op.create_table(
        "segment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("module_id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("reading_min", sa.Integer(), nullable=False),
        sa.Column("reading_max", sa.Integer(), nullable=False),
        sa.Column("coaching_min", sa.Integer(), nullable=False),
        sa.Column("coaching_max", sa.Integer(), nullable=False),
        sa.Column("opens", sa.JSON(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
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
        sa.ForeignKeyConstraint(["part_id"], ["part.id"], name=op.f("fk_segment_part_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment")),
        sa.UniqueConstraint("module_id", "number", name=op.f("uq_segment_number")),
        sa.UniqueConstraint("module_id", "part_id", name=op.f("uq_segment_part")),
        sa.UniqueConstraint("module_id", "slug", name=op.f("uq_segment_slug")),
    )
    op.create_index(op.f("ix_segment_part_id"), "segment", ["part_id"])
    op.create_table(
        "activity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("segment_id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
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
        sa.CheckConstraint("minutes >= 0", name=op.f("ck_activity_minutes_not_negative")),
        sa.CheckConstraint("position >= 1", name=op.f("ck_activity_position_positive")),
        sa.CheckConstraint("session_number >= 1", name=op.f("ck_activity_session_number_positive")),
        sa.ForeignKeyConstraint(
            ["segment_id"], ["segment.id"], name=op.f("fk_activity_segment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["step_id"], ["step.id"], name=op.f("fk_activity_step_id")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["programme_version.id"], name=op.f("fk_activity_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sa.UniqueConstraint("segment_id", "key", name=op.f("uq_activity_key")),
        sa.UniqueConstraint("version_id", "step_id", name=op.f("uq_activity_step")),
    )
    op.create_index(op.f("ix_activity_step_id"), "activity", ["step_id"])
    op.create_table(
        "instrument",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.CheckConstraint("position >= 1", name=op.f("ck_instrument_position_positive")),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"], name=op.f("fk_instrument_part_id")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["programme_version.id"], name=op.f("fk_instrument_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instrument")),
        sa.UniqueConstraint("version_id", "key", name=op.f("uq_instrument_key")),
        sa.UniqueConstraint("version_id", "part_id", name=op.f("uq_instrument_part")),
    )
    op.create_index(op.f("ix_instrument_part_id"), "instrument", ["part_id"])
    op.create_table(
        "cohort_opening",
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_cohort_opening_cohort_id")),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"], name=op.f("fk_cohort_opening_part_id")),
        sa.PrimaryKeyConstraint("cohort_id", "part_id", name=op.f("pk_cohort_opening")),
    )
