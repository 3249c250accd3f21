"""The tables of what people shown in clips say, and of the links they say it by, as revision 0046 makes them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from institute.db import append_only_ddl, append_only_removal


def make() -> None:
    """Make them."""
    op.create_table(
        "consent_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("consent_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institute_id", "consent_id"],
            ["media_consent.institute_id", "media_consent.id"],
            name=op.f("fk_consent_link_institute_id_consent_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_consent_link_institute_id")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_consent_link")),
    )
    with op.batch_alter_table("consent_link", schema=None) as batch_op:
        batch_op.create_index("ix_consent_link_consent_id", ["consent_id"], unique=False)

    op.create_table(
        "consent_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("consent_id", sa.Integer(), nullable=False),
        sa.Column(
            "said",
            sa.Enum(
                "asked",
                "given",
                "refused",
                "withdrawn",
                name="said",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "by",
            sa.Enum("link", "participant", name="by", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("training", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institute_id", "consent_id"],
            ["media_consent.institute_id", "media_consent.id"],
            name=op.f("fk_consent_word_institute_id_consent_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_consent_word_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_word")),
    )
    with op.batch_alter_table("consent_word", schema=None) as batch_op:
        batch_op.create_index("ix_consent_word_consent_id", ["consent_id"], unique=False)
    for verb in ("update", "delete"):
        for statement in append_only_ddl("consent_word", verb)[op.get_bind().dialect.name]:
            op.execute(sa.text(statement))


def drop() -> None:
    """Drop them."""
    for verb in ("update", "delete"):
        for statement in append_only_removal("consent_word", verb)[op.get_bind().dialect.name]:
            op.execute(sa.text(statement))
    with op.batch_alter_table("consent_word", schema=None) as batch_op:
        batch_op.drop_index("ix_consent_word_consent_id")

    op.drop_table("consent_word")
    with op.batch_alter_table("consent_link", schema=None) as batch_op:
        batch_op.drop_index("ix_consent_link_consent_id")

    op.drop_table("consent_link")
