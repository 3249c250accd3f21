"""Frameworks of competencies, and the vocabularies of an institute."""

import sqlalchemy as sa
from alembic import op

from institute.db import append_only_ddl, append_only_removal

revision, down_revision = "0027", "0026"

APPEND_ONLY = ("framework_save",)


def upgrade() -> None:
    """Create both, and the history of what was saved for them."""
    op.create_table(
        "framework",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("title", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("description", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("for_coaches", sa.Boolean(), nullable=False),
        sa.Column("for_educators", sa.Boolean(), nullable=False),
        sa.Column("for_leaders", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "for_coaches OR for_educators OR for_leaders", name=op.f("ck_framework_for_somebody")
        ),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_framework_revision_positive")),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_framework_institute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework")),
        sa.UniqueConstraint("institute_id", "key", name=op.f("uq_framework_key")),
    )
    op.create_table(
        "vocabulary",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("title", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("description", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_vocabulary_revision_positive")),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_vocabulary_institute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vocabulary")),
        sa.UniqueConstraint("institute_id", "key", name=op.f("uq_vocabulary_key")),
    )
    op.create_table(
        "framework_column",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("framework_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("description", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("position >= 1", name=op.f("ck_framework_column_position_positive")),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_framework_column_revision_positive")),
        sa.ForeignKeyConstraint(
            ["framework_id"],
            ["framework.id"],
            name=op.f("fk_framework_column_framework_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework_column")),
        sa.UniqueConstraint("framework_id", "id", name=op.f("uq_framework_column_framework")),
        sa.UniqueConstraint("framework_id", "key", name=op.f("uq_framework_column_key")),
    )
    op.create_table(
        "framework_element",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("framework_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("description", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_framework_element_not_own_parent")),
        sa.CheckConstraint("position >= 1", name=op.f("ck_framework_element_position_positive")),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_framework_element_revision_positive")),
        sa.ForeignKeyConstraint(
            ["framework_id", "parent_id"],
            ["framework_element.framework_id", "framework_element.id"],
            name=op.f("fk_framework_element_framework_id_parent_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["framework_id"],
            ["framework.id"],
            name=op.f("fk_framework_element_framework_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework_element")),
        sa.UniqueConstraint("framework_id", "id", name=op.f("uq_framework_element_framework")),
        sa.UniqueConstraint("framework_id", "key", name=op.f("uq_framework_element_key")),
    )
    op.create_table(
        "framework_save",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "framework",
                "column",
                "element",
                "vocabulary",
                "term",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=161), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("kept", "clashed", name="outcome", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_framework_save_revision_positive")),
        sa.ForeignKeyConstraint(
            ["institute_id", "author_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_framework_save_institute_id_author_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_framework_save_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework_save")),
    )
    with op.batch_alter_table("framework_save", schema=None) as batch_op:
        batch_op.create_index("ix_framework_save_subject", ["institute_id", "kind", "subject"], unique=False)

    op.create_table(
        "vocabulary_term",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vocabulary_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("description", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("position >= 1", name=op.f("ck_vocabulary_term_position_positive")),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_vocabulary_term_revision_positive")),
        sa.ForeignKeyConstraint(
            ["vocabulary_id"],
            ["vocabulary.id"],
            name=op.f("fk_vocabulary_term_vocabulary_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vocabulary_term")),
        sa.UniqueConstraint("vocabulary_id", "key", name=op.f("uq_vocabulary_term_key")),
    )
    op.create_table(
        "framework_practice",
        sa.Column("element_id", sa.Integer(), nullable=False),
        sa.Column("column_id", sa.Integer(), nullable=False),
        sa.Column("framework_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["framework_id", "column_id"],
            ["framework_column.framework_id", "framework_column.id"],
            name=op.f("fk_framework_practice_framework_id_column_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["framework_id", "element_id"],
            ["framework_element.framework_id", "framework_element.id"],
            name=op.f("fk_framework_practice_framework_id_element_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("element_id", "column_id", name=op.f("pk_framework_practice")),
    )
    with op.batch_alter_table("framework_practice", schema=None) as batch_op:
        batch_op.create_index("ix_framework_practice_framework_id", ["framework_id"], unique=False)

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
    with op.batch_alter_table("framework_practice", schema=None) as batch_op:
        batch_op.drop_index("ix_framework_practice_framework_id")

    op.drop_table("framework_practice")
    op.drop_table("vocabulary_term")
    with op.batch_alter_table("framework_save", schema=None) as batch_op:
        batch_op.drop_index("ix_framework_save_subject")

    op.drop_table("framework_save")
    op.drop_table("framework_element")
    op.drop_table("framework_column")
    op.drop_table("vocabulary")
    op.drop_table("framework")
