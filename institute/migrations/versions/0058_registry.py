"""The public registry, the tags of awards, and packets for auditors."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0058", "0057"

OPEN = "made_at IS NULL AND gone_at IS NULL"


def upgrade() -> None:
    """Make the tables: nothing is public and nothing is tagged at first."""
    op.create_table(
        "registry_publicity",
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institute_id", "changed_by"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_registry_publicity_institute_id_changed_by"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_registry_publicity_institute_id")
        ),
        sa.PrimaryKeyConstraint("institute_id", name=op.f("pk_registry_publicity")),
    )
    op.create_table(
        "award_tag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "scholarship",
                "incentive",
                "qris",
                "own",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("folded", sa.String(length=240), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(kind = 'own') = (length(name) > 0)", name=op.f("ck_award_tag_own_has_name")),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_award_tag_institute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_tag")),
        sa.UniqueConstraint("institute_id", "folded", name=op.f("uq_award_tag_folded")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_award_tag_tenant")),
    )
    op.create_table(
        "award_tagging",
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("tagged_by", sa.Integer(), nullable=True),
        sa.Column("tagged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institute_id", "award_id"],
            ["award.institute_id", "award.id"],
            name=op.f("fk_award_tagging_institute_id_award_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "tag_id"],
            ["award_tag.institute_id", "award_tag.id"],
            name=op.f("fk_award_tagging_institute_id_tag_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "tagged_by"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_award_tagging_institute_id_tagged_by"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_award_tagging_institute_id")
        ),
        sa.PrimaryKeyConstraint("award_id", "tag_id", name=op.f("pk_award_tagging")),
    )
    op.create_index("ix_award_tagging_tag_id", "award_tagging", ["tag_id"])
    _make_packets()


def _make_packets() -> None:
    op.create_table(
        "award_packet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("done BETWEEN 0 AND 100", name=op.f("ck_award_packet_done_of_a_hundred")),
        sa.CheckConstraint(
            "file_id IS NULL OR (sha256 IS NOT NULL AND made_at IS NOT NULL)",
            name=op.f("ck_award_packet_file_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "asked_by"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_award_packet_institute_id_asked_by"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "award_id"],
            ["award.institute_id", "award.id"],
            name=op.f("fk_award_packet_institute_id_award_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "file_id"],
            ["stored_file.institute_id", "stored_file.id"],
            name=op.f("fk_award_packet_institute_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_award_packet_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_packet")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_award_packet_tenant")),
    )
    op.create_index("ix_award_packet_award_id", "award_packet", ["award_id"])
    op.create_index("ix_award_packet_made_at", "award_packet", ["made_at"])
    op.create_index(
        "uq_award_packet_open",
        "award_packet",
        ["award_id"],
        unique=True,
        sqlite_where=sa.text(OPEN),
        postgresql_where=sa.text(OPEN),
    )


def downgrade() -> None:
    """Take them away again; the files of packets are swept."""
    op.drop_table("award_packet")
    op.drop_table("award_tagging")
    op.drop_table("award_tag")
    op.drop_table("registry_publicity")
