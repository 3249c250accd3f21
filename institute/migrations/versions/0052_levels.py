"""Tracks of levels, pathways and renewal in their versions, and what is being written of the next one."""

import sqlalchemy as sa
from alembic import op

from institute.migrations.guards import put_aside

revision, down_revision = "0052", "0051"

TRACKS = ("participant", "coach", "trainer", "mentor")


def upgrade() -> None:
    """Make the table and the columns; every level so far is a participant's."""
    with put_aside(("rule_set",)):
        with op.batch_alter_table("level") as batch:
            batch.add_column(
                sa.Column(
                    "track",
                    sa.Enum(*TRACKS, name="track", native_enum=False, create_constraint=True, length=40),
                    nullable=False,
                    server_default="participant",
                )
            )
            batch.add_column(sa.Column("next_id", sa.Integer(), nullable=True))
            batch.drop_constraint(op.f("uq_level_position"), type_="unique")
            batch.create_unique_constraint(op.f("uq_level_position"), ["institute_id", "track", "position"])
            batch.create_foreign_key(
                op.f("fk_level_institute_id_next_id"),
                "level",
                ["institute_id", "next_id"],
                ["institute_id", "id"],
            )
        with op.batch_alter_table("level") as batch:
            batch.alter_column("track", server_default=None)
        with op.batch_alter_table("rule_set") as batch:
            batch.add_column(sa.Column("pathways", sa.JSON(), nullable=False, server_default="[]"))
            batch.add_column(sa.Column("renewal", sa.JSON(), nullable=False, server_default="[]"))
            batch.add_column(sa.Column("valid_months", sa.Integer(), nullable=True))
            batch.add_column(sa.Column("texts", sa.JSON(), nullable=False, server_default="{}"))
            batch.create_check_constraint(
                op.f("ck_rule_set_valid_for_a_month"), "valid_months IS NULL OR valid_months >= 1"
            )
        with op.batch_alter_table("rule_set") as batch:
            for column in ("pathways", "renewal", "texts"):
                batch.alter_column(column, server_default=None)
    op.create_table(
        "rule_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_rule_draft_revision_positive")),
        sa.ForeignKeyConstraint(
            ["institute_id", "level_id"],
            ["level.institute_id", "level.id"],
            name=op.f("fk_rule_draft_institute_id_level_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "updated_by"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_rule_draft_institute_id_updated_by"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_rule_draft_institute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_draft")),
        sa.UniqueConstraint("level_id", name=op.f("uq_rule_draft_level")),
    )


def downgrade() -> None:
    """Forget drafts, and the levels of other tracks where nothing hangs on them.

    Those that were awarded or applied for stay: they follow the participants' ladder, lowest first.
    """
    op.drop_table("rule_draft")
    with put_aside(("rule_set",)):
        op.execute("UPDATE level SET next_id = NULL")
        _close_ranks()
        with op.batch_alter_table("rule_set") as batch:
            batch.drop_constraint(op.f("ck_rule_set_valid_for_a_month"), type_="check")
            for column in ("texts", "valid_months", "renewal", "pathways"):
                batch.drop_column(column)
        with op.batch_alter_table("level") as batch:
            batch.drop_constraint(op.f("fk_level_institute_id_next_id"), type_="foreignkey")
            batch.drop_constraint(op.f("uq_level_position"), type_="unique")
            batch.drop_constraint(op.f("ck_level_track"), type_="check")
            batch.create_unique_constraint(op.f("uq_level_position"), ["institute_id", "position"])
            batch.drop_column("next_id")
            batch.drop_column("track")


def _close_ranks() -> None:
    """Let the levels of other tracks stand above the participants', so that no two have one place."""
    level = sa.table(
        "level",
        *(sa.column(name, sa.Integer()) for name in ("id", "institute_id", "position")),
        sa.column("track", sa.String()),
    )
    bind = op.get_bind()
    rows = bind.execute(
        sa.select(level.c.id, level.c.institute_id, level.c.track).order_by(
            level.c.institute_id,
            sa.case({track: place for place, track in enumerate(TRACKS)}, value=level.c.track, else_=9),
            level.c.position,
        )
    ).all()
    places: dict[int, int] = {}
    for row in rows:
        places[row.institute_id] = places.get(row.institute_id, 0) + 1
        if row.track != TRACKS[0]:
            bind.execute(
                sa.update(level).where(level.c.id == row.id).values(position=places[row.institute_id])
            )
