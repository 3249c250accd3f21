"""Accounts at two platforms that are one person."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0022", "0021"


def upgrade() -> None:
    """Everybody there is one person with one row."""
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("linked", sa.Boolean(), nullable=True))
    op.execute(sa.text("UPDATE person SET linked = :no").bindparams(no=False))
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.alter_column("linked", existing_type=sa.Boolean(), nullable=False)
    op.create_table(
        "person_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kept_id <> other_id", name=op.f("ck_person_link_two_rows")),
        sa.CheckConstraint(
            "undone_by_id IS NULL OR undone_at IS NOT NULL", name=op.f("ck_person_link_undone_dated")
        ),
        *(
            sa.ForeignKeyConstraint(
                ["institute_id", column],
                ["person.institute_id", "person.id"],
                name=op.f(f"fk_person_link_institute_id_{column}"),
            )
            for column in ("kept_id", "other_id", "undone_by_id")
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_person_link_institute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_link")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_person_link_tenant")),
    )
    with op.batch_alter_table("person_link", schema=None) as batch_op:
        batch_op.create_index("ix_person_link_kept_id", ["kept_id"], unique=False)
        batch_op.create_index("ix_person_link_other_id", ["other_id"], unique=False)
    op.create_table(
        "lti_account_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("identity_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "shown",
                "typed",
                "confirmed",
                "linked",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("typed_identity_id", sa.Integer(), nullable=True),
        sa.Column("typed_person_id", sa.Integer(), nullable=True),
        sa.Column("link_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(typed_identity_id IS NULL) = (typed_person_id IS NULL)",
            name=op.f("ck_lti_account_code_typed_whole"),
        ),
        sa.CheckConstraint(
            "state IN ('shown', 'withdrawn') OR typed_identity_id IS NOT NULL",
            name=op.f("ck_lti_account_code_typed_by_somebody"),
        ),
        sa.CheckConstraint(
            "(state = 'linked') = (link_id IS NOT NULL)", name=op.f("ck_lti_account_code_linked_names_link")
        ),
        sa.CheckConstraint(
            "typed_identity_id IS NULL OR typed_identity_id <> identity_id",
            name=op.f("ck_lti_account_code_two_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["identity_id"], ["lti_identity.id"], name=op.f("fk_lti_account_code_identity_id")
        ),
        sa.ForeignKeyConstraint(
            ["typed_identity_id"], ["lti_identity.id"], name=op.f("fk_lti_account_code_typed_identity_id")
        ),
        *(
            sa.ForeignKeyConstraint(
                ["institute_id", column],
                ["person.institute_id", "person.id"],
                name=op.f(f"fk_lti_account_code_institute_id_{column}"),
            )
            for column in ("person_id", "typed_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "link_id"],
            ["person_link.institute_id", "person_link.id"],
            name=op.f("fk_lti_account_code_institute_id_link_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_lti_account_code_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_account_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_lti_account_code_code_hash")),
    )
    with op.batch_alter_table("lti_account_code", schema=None) as batch_op:
        batch_op.create_index("ix_lti_account_code_person_id", ["person_id"], unique=False)
        batch_op.create_index("ix_lti_account_code_typed_person_id", ["typed_person_id"], unique=False)


def downgrade() -> None:
    """Take them away; people stay, each with the rows they had."""
    op.drop_table("lti_account_code")
    op.drop_table("person_link")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("linked")
