"""The library of resources."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0026", "0025"


def upgrade() -> None:
    """Make room for resources with their files, the words they are found by, and collections."""
    op.create_table(
        "resource_collection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("title", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("summary", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_resource_collection_revision_positive")),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_resource_collection_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource_collection")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_resource_collection_tenant")),
        sa.UniqueConstraint("institute_id", "key", name=op.f("uq_resource_collection_key")),
    )
    op.create_table(
        "resource",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "protocol",
                "framework",
                "rubric",
                "video",
                "audio",
                "image",
                "document",
                "link",
                "other",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("summary", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("body", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("alt", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("url", sa.String(length=2000), nullable=True),
        sa.Column("licence", sa.String(length=300), nullable=False),
        sa.Column("licence_url", sa.String(length=2000), nullable=True),
        sa.Column("version", sa.String(length=300), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("ready", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "licence_url IS NULL OR substr(licence_url, 1, 8) = 'https://' OR substr(licence_url, 1, 7) = 'http://'",
            name=op.f("ck_resource_licence_url_is_web"),
        ),
        sa.CheckConstraint(
            "url IS NULL OR substr(url, 1, 8) = 'https://' OR substr(url, 1, 7) = 'http://'",
            name=op.f("ck_resource_url_is_web"),
        ),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_resource_revision_positive")),
        sa.ForeignKeyConstraint(
            ["institute_id", "updated_by"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_resource_institute_id_updated_by"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_resource_institute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_resource_tenant")),
        sa.UniqueConstraint("institute_id", "key", name=op.f("uq_resource_key")),
    )
    op.create_table(
        "resource_collection_item",
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("position >= 1", name=op.f("ck_resource_collection_item_position_positive")),
        sa.ForeignKeyConstraint(
            ["institute_id", "collection_id"],
            ["resource_collection.institute_id", "resource_collection.id"],
            name=op.f("fk_resource_collection_item_institute_id_collection_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "resource_id"],
            ["resource.institute_id", "resource.id"],
            name=op.f("fk_resource_collection_item_institute_id_resource_id"),
        ),
        sa.PrimaryKeyConstraint("collection_id", "resource_id", name=op.f("pk_resource_collection_item")),
    )
    op.create_index("ix_resource_collection_item_resource_id", "resource_collection_item", ["resource_id"])

    op.create_table(
        "resource_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "content", "captions", name="purpose", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.CheckConstraint("(width IS NULL) = (height IS NULL)", name=op.f("ck_resource_file_size_whole")),
        sa.CheckConstraint("width > 0 AND height > 0", name=op.f("ck_resource_file_size_positive")),
        sa.ForeignKeyConstraint(
            ["institute_id", "file_id"],
            ["stored_file.institute_id", "stored_file.id"],
            name=op.f("fk_resource_file_institute_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "resource_id"],
            ["resource.institute_id", "resource.id"],
            name=op.f("fk_resource_file_institute_id_resource_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource_file")),
        sa.UniqueConstraint("resource_id", "purpose", "locale", name=op.f("uq_resource_file_language")),
    )
    op.create_index("ix_resource_file_file_id", "resource_file", ["file_id"])

    op.create_table(
        "resource_label",
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("tag", "element", name="kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("label", sa.String(length=160), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resource.id"], name=op.f("fk_resource_label_resource_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("resource_id", "kind", "label", name=op.f("pk_resource_label")),
    )
    op.create_index("ix_resource_label_label", "resource_label", ["kind", "label"])

    op.create_table(
        "resource_language",
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resource.id"],
            name=op.f("fk_resource_language_resource_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("resource_id", "locale", name=op.f("pk_resource_language")),
    )
    op.create_table(
        "resource_words",
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("is_source", sa.Boolean(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resource.id"], name=op.f("fk_resource_words_resource_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("resource_id", "locale", name=op.f("pk_resource_words")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("resource_words")
    op.drop_table("resource_language")
    op.drop_index("ix_resource_label_label", "resource_label")

    op.drop_table("resource_label")
    op.drop_index("ix_resource_file_file_id", "resource_file")

    op.drop_table("resource_file")
    op.drop_index("ix_resource_collection_item_resource_id", "resource_collection_item")

    op.drop_table("resource_collection_item")
    op.drop_table("resource")
    op.drop_table("resource_collection")
