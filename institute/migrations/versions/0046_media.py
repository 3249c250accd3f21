"""Clips, who is shown in them and agrees, and comments in time or on a page."""

import sqlalchemy as sa
from alembic import op

from institute.migrations import consent_words

revision, down_revision = "0046", "0045"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "document_pages",
        sa.Column("file_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "made",
                "failed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'made') = (count IS NOT NULL)", name=op.f("ck_document_pages_made_is_counted")
        ),
        sa.CheckConstraint("count IS NULL OR count >= 1", name=op.f("ck_document_pages_has_a_page")),
        sa.ForeignKeyConstraint(
            ["institute_id", "file_id"],
            ["stored_file.institute_id", "stored_file.id"],
            name=op.f("fk_document_pages_institute_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_document_pages_institute_id")
        ),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_document_pages")),
        sa.UniqueConstraint("institute_id", "file_id", name=op.f("uq_document_pages_tenant")),
    )
    op.create_table(
        "media_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("at_ms", sa.Integer(), nullable=True),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "strength",
                "question",
                "suggestion",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "participant",
                "coach",
                "rater",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("reader", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(role = 'rater') = (task_id IS NOT NULL)", name=op.f("ck_media_comment_raters_have_a_task")
        ),
        sa.CheckConstraint(
            "(parent_id IS NULL AND kind IS NOT NULL AND (at_ms IS NULL) <> (page IS NULL))"
            " OR (parent_id IS NOT NULL AND kind IS NULL AND at_ms IS NULL AND page IS NULL)",
            name=op.f("ck_media_comment_stands_somewhere"),
        ),
        sa.CheckConstraint(
            "at_ms IS NULL OR at_ms >= 0", name=op.f("ck_media_comment_time_counts_from_zero")
        ),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 4000", name=op.f("ck_media_comment_text_fits")),
        sa.CheckConstraint("page IS NULL OR page >= 1", name=op.f("ck_media_comment_page_counts_from_one")),
        sa.CheckConstraint(
            "parent_id IS NULL OR task_id IS NULL", name=op.f("ck_media_comment_raters_answer_nobody")
        ),
        sa.CheckConstraint(
            "reader IS NULL OR task_id IS NOT NULL", name=op.f("ck_media_comment_readers_are_raters")
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "author_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_media_comment_institute_id_author_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "file_id"],
            ["stored_file.institute_id", "stored_file.id"],
            name=op.f("fk_media_comment_institute_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "parent_id"],
            ["media_comment.institute_id", "media_comment.id"],
            name=op.f("fk_media_comment_institute_id_parent_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_media_comment_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_comment")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_media_comment_tenant")),
    )
    with op.batch_alter_table("media_comment", schema=None) as batch_op:
        batch_op.create_index("ix_media_comment_file_id", ["file_id"], unique=False)
        batch_op.create_index("ix_media_comment_task_id", ["task_id"], unique=False)

    op.create_table(
        "document_page",
        sa.Column("file_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("picture_id", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_document_page_number_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["institute_id", "file_id"],
            ["document_pages.institute_id", "document_pages.file_id"],
            name=op.f("fk_document_page_institute_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "picture_id"],
            ["stored_file.institute_id", "stored_file.id"],
            name=op.f("fk_document_page_institute_id_picture_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_document_page_institute_id")
        ),
        sa.PrimaryKeyConstraint("file_id", "number", name=op.f("pk_document_page")),
    )
    op.create_table(
        "clip",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "medium",
            sa.Enum(
                "video",
                "audio",
                "document",
                name="medium",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(file_id IS NULL) = (removed_at IS NOT NULL)", name=op.f("ck_clip_has_its_file")),
        sa.CheckConstraint("duration_ms IS NULL OR duration_ms >= 0", name=op.f("ck_clip_duration_credible")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_clip_digest_whole")),
        sa.CheckConstraint(
            "shared_at IS NULL OR removed_at IS NULL", name=op.f("ck_clip_removed_is_not_shared")
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "enrolment_id"],
            ["enrolment.institute_id", "enrolment.id"],
            name=op.f("fk_clip_institute_id_enrolment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "file_id"],
            ["stored_file.institute_id", "stored_file.id"],
            name=op.f("fk_clip_institute_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "person_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_clip_institute_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_clip_institute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clip")),
        sa.UniqueConstraint("enrolment_id", "sha256", name=op.f("uq_clip_once")),
        sa.UniqueConstraint("file_id", name=op.f("uq_clip_file")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_clip_tenant")),
    )
    with op.batch_alter_table("clip", schema=None) as batch_op:
        batch_op.create_index("ix_clip_person_id", ["person_id"], unique=False)
        batch_op.create_index("ix_clip_sha256", ["institute_id", "sha256"], unique=False)

    op.create_table(
        "clip_caption",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("clip_id", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(length=12), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institute_id", "clip_id"],
            ["clip.institute_id", "clip.id"],
            name=op.f("fk_clip_caption_institute_id_clip_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "file_id"],
            ["stored_file.institute_id", "stored_file.id"],
            name=op.f("fk_clip_caption_institute_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_clip_caption_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clip_caption")),
        sa.UniqueConstraint("clip_id", "locale", name=op.f("uq_clip_caption_language")),
    )
    op.create_table(
        "person_shown",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("clip_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("adult", "child", name="kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.CheckConstraint("length(label) > 0", name=op.f("ck_person_shown_labelled")),
        sa.ForeignKeyConstraint(
            ["institute_id", "clip_id"],
            ["clip.institute_id", "clip.id"],
            name=op.f("fk_person_shown_institute_id_clip_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_person_shown_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_shown")),
        sa.UniqueConstraint("clip_id", "label", name=op.f("uq_person_shown_label")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_person_shown_tenant")),
    )
    op.create_table(
        "media_consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("person_shown_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "given",
                "refused",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "way",
            sa.Enum("link", "paper", name="way", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("contact_name", sa.String(length=200), nullable=False),
        sa.Column("contact_email", sa.String(length=254), nullable=False),
        sa.Column("locale", sa.String(length=12), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_name", sa.String(length=200), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("training", sa.Boolean(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'asked') = (answered_at IS NULL)", name=op.f("ck_media_consent_answered")
        ),
        sa.CheckConstraint(
            "way <> 'link' OR length(contact_email) > 0", name=op.f("ck_media_consent_asked_somewhere")
        ),
        sa.CheckConstraint(
            "way <> 'paper' OR (document_id IS NOT NULL AND signed_on IS NOT NULL)",
            name=op.f("ck_media_consent_paper_is_kept"),
        ),
        sa.CheckConstraint(
            "way <> 'paper' OR state <> 'asked'", name=op.f("ck_media_consent_paper_asks_nothing")
        ),
        sa.CheckConstraint("letters >= 0", name=op.f("ck_media_consent_letters_counted")),
        sa.ForeignKeyConstraint(
            ["institute_id", "document_id"],
            ["stored_file.institute_id", "stored_file.id"],
            name=op.f("fk_media_consent_institute_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "person_shown_id"],
            ["person_shown.institute_id", "person_shown.id"],
            name=op.f("fk_media_consent_institute_id_person_shown_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_media_consent_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_consent")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_media_consent_tenant")),
        sa.UniqueConstraint("person_shown_id", name=op.f("uq_media_consent_person")),
    )
    consent_words.make()


def downgrade() -> None:
    """Drop them."""
    consent_words.drop()
    op.drop_table("media_consent")
    op.drop_table("person_shown")
    op.drop_table("clip_caption")
    with op.batch_alter_table("clip", schema=None) as batch_op:
        batch_op.drop_index("ix_clip_sha256")
        batch_op.drop_index("ix_clip_person_id")

    op.drop_table("clip")
    op.drop_table("document_page")
    with op.batch_alter_table("media_comment", schema=None) as batch_op:
        batch_op.drop_index("ix_media_comment_task_id")
        batch_op.drop_index("ix_media_comment_file_id")

    op.drop_table("media_comment")
    op.drop_table("document_pages")
