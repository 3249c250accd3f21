"""Make the services' tables: tokens, line items, scores."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0006", "0005"


def upgrade() -> None:
    """Make them, parents first."""
    op.create_table(
        "lti_access_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("scopes_hash", sa.String(length=64), nullable=False),
        sa.Column("token_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["lti_registration.id"],
            name=op.f("fk_lti_access_token_registration_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_access_token")),
        sa.UniqueConstraint(
            "registration_id", "scopes_hash", name=op.f("uq_lti_access_token_registration_scopes")
        ),
    )
    op.create_table(
        "lti_line_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("resource_link_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=60), nullable=False),
        sa.Column("resource_id", sa.String(length=255), nullable=False),
        sa.Column("score_maximum", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=True),
        sa.Column("gone_url", sa.String(length=2000), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("score_maximum >= 1", name=op.f("ck_lti_line_item_maximum_positive")),
        sa.CheckConstraint("url IS NULL OR length(url) > 0", name=op.f("ck_lti_line_item_url_not_empty")),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_lti_line_item_institute_id")
        ),
        sa.ForeignKeyConstraint(
            ["resource_link_id"], ["lti_resource_link.id"], name=op.f("fk_lti_line_item_resource_link_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_line_item")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_lti_line_item_tenant")),
        sa.UniqueConstraint("resource_link_id", "tag", name=op.f("uq_lti_line_item_link_tag")),
    )
    op.create_table(
        "lti_score",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("line_item_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("identity_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("given", sa.Integer(), nullable=False),
        sa.Column("maximum", sa.Integer(), nullable=False),
        sa.Column("comment", sa.String(length=1000), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "idle",
                "waiting",
                "sent",
                "not_in_course",
                "failed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("sent_version", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_timestamp", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("stale_answers", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state <> 'sent' OR sent_version = version", name=op.f("ck_lti_score_sent_is_latest")
        ),
        sa.CheckConstraint("failures >= 0 AND stale_answers >= 0", name=op.f("ck_lti_score_tries_counted")),
        sa.CheckConstraint("given >= 0 AND given <= maximum", name=op.f("ck_lti_score_given_within_maximum")),
        sa.CheckConstraint("maximum >= 1", name=op.f("ck_lti_score_maximum_positive")),
        sa.CheckConstraint(
            "sent_version >= 0 AND sent_version <= version", name=op.f("ck_lti_score_sent_was_wished")
        ),
        sa.ForeignKeyConstraint(["identity_id"], ["lti_identity.id"], name=op.f("fk_lti_score_identity_id")),
        sa.ForeignKeyConstraint(
            ["institute_id", "line_item_id"],
            ["lti_line_item.institute_id", "lti_line_item.id"],
            name=op.f("fk_lti_score_institute_id_line_item_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "person_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_lti_score_institute_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_lti_score_institute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_score")),
        sa.UniqueConstraint("line_item_id", "person_id", name=op.f("uq_lti_score_line_item_person")),
    )
    with op.batch_alter_table("lti_score", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lti_score_identity_id"), ["identity_id"], unique=False)
        batch_op.create_index("ix_lti_score_person_id", ["person_id"], unique=False)
        batch_op.create_index("ix_lti_score_state", ["institute_id", "state"], unique=False)


def downgrade() -> None:
    """Drop them, children first."""
    with op.batch_alter_table("lti_score", schema=None) as batch_op:
        batch_op.drop_index("ix_lti_score_state")
        batch_op.drop_index("ix_lti_score_person_id")
        batch_op.drop_index(batch_op.f("ix_lti_score_identity_id"))

    op.drop_table("lti_score")
    op.drop_table("lti_line_item")
    op.drop_table("lti_access_token")
