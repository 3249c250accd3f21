"""What authors write before it is published: drafts, and every text that was ever sent."""

import sqlalchemy as sa
from alembic import op

from institute.db import append_only_ddl, append_only_removal

revision, down_revision = "0025", "0024"


def upgrade() -> None:
    """Add them, empty: a programme is taken up when an author opens it."""
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "programme",
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
        sa.Column("part_id", sa.Integer(), nullable=True),
        sa.Column("parent_part_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("written", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Boolean(), nullable=False),
        sa.Column("core", sa.Boolean(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.Column("title", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("reading_min", sa.Integer(), nullable=False),
        sa.Column("reading_max", sa.Integer(), nullable=False),
        sa.Column("coaching_min", sa.Integer(), nullable=False),
        sa.Column("coaching_max", sa.Integer(), nullable=False),
        sa.Column("gap_count", sa.Integer(), nullable=False),
        sa.Column("gaps", sa.JSON(), nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("stale", sa.JSON(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'programme') = (part_id IS NULL)", name=op.f("ck_draft_part_but_of_programme")
        ),
        sa.CheckConstraint(
            "(kind = 'segment') = (parent_part_id IS NOT NULL)", name=op.f("ck_draft_segment_in_module")
        ),
        sa.CheckConstraint(
            "coaching_min BETWEEN 0 AND coaching_max", name=op.f("ck_draft_coaching_range_ordered")
        ),
        sa.CheckConstraint("position >= 1", name=op.f("ck_draft_position_positive")),
        sa.CheckConstraint(
            "reading_min BETWEEN 0 AND reading_max", name=op.f("ck_draft_reading_range_ordered")
        ),
        sa.CheckConstraint("revision BETWEEN 1 AND written", name=op.f("ck_draft_revision_written")),
        sa.ForeignKeyConstraint(
            ["institute_id", "programme_id"],
            ["programme.institute_id", "programme.id"],
            name=op.f("fk_draft_institute_id_programme_id"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_id", "parent_part_id"],
            ["part.programme_id", "part.id"],
            name=op.f("fk_draft_programme_id_parent_part_id"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_id", "part_id"],
            ["part.programme_id", "part.id"],
            name=op.f("fk_draft_programme_id_part_id"),
        ),
        sa.ForeignKeyConstraint(["updated_by"], ["person.id"], name=op.f("fk_draft_updated_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("programme_id", "part_id", name=op.f("uq_draft_part")),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index("ix_draft_institute_updated", ["institute_id", "updated_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_draft_parent_part_id"), ["parent_part_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_draft_part_id"), ["part_id"], unique=False)
        batch_op.create_index(
            "ix_draft_programme",
            ["programme_id"],
            unique=True,
            sqlite_where=sa.text("part_id IS NULL"),
            postgresql_where=sa.text("part_id IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_draft_updated_by"), ["updated_by"], unique=False)

    op.create_table(
        "draft_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("kept", "clashed", name="outcome", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_draft_revision_number_positive")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_draft_revision_author_id")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_revision_draft_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_revision")),
        sa.UniqueConstraint("draft_id", "number", name=op.f("uq_draft_revision_number")),
    )
    with op.batch_alter_table("draft_revision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_revision_author_id"), ["author_id"], unique=False)
    for verb in ("update", "delete"):
        for statement in append_only_ddl("draft_revision", verb)[op.get_bind().dialect.name]:
            op.execute(statement)


def downgrade() -> None:
    """Take them back; what is published stays."""
    for verb in ("update", "delete"):
        for statement in append_only_removal("draft_revision", verb)[op.get_bind().dialect.name]:
            op.execute(statement)
    with op.batch_alter_table("draft_revision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_revision_author_id"))

    op.drop_table("draft_revision")
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_updated_by"))
        batch_op.drop_index(
            "ix_draft_programme",
            sqlite_where=sa.text("part_id IS NULL"),
            postgresql_where=sa.text("part_id IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_draft_part_id"))
        batch_op.drop_index(batch_op.f("ix_draft_parent_part_id"))
        batch_op.drop_index("ix_draft_institute_updated")

    op.drop_table("draft")
