"""What each person wants to be told, and when."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0040", "0039"


def upgrade() -> None:
    """Make room for choices, and for what waits for a digest."""
    op.create_table(
        "held_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("wish", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institute_id", "person_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_held_mail_institute_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_mail")),
        sa.UniqueConstraint("wish", name=op.f("uq_held_mail_wish")),
    )
    op.create_index("ix_held_mail_person_id", "held_mail", ["person_id", "due_at"])

    op.create_table(
        "mail_choice",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column(
            "cadence",
            sa.Enum(
                "at_once",
                "daily",
                "weekly",
                "none",
                name="cadence",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institute_id", "person_id"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_mail_choice_institute_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("person_id", "topic", name=op.f("pk_mail_choice")),
    )


def downgrade() -> None:
    """Forget both."""
    op.drop_table("mail_choice")
    op.drop_index("ix_held_mail_person_id", table_name="held_mail")

    op.drop_table("held_mail")
