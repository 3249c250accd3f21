"""The versions of a programme: what was published stays as it was, and every enrolment has a version of its own."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from institute.db import append_only_ddl, append_only_removal
from institute.migrations.catalogue import after, before
from institute.migrations.catalogue.downward import take_apart
from institute.migrations.catalogue.rows import read
from institute.migrations.catalogue.upward import put_together

revision, down_revision = "0024", "0023"

POINTING = (("enrolment", "last_segment_id"), ("session_log", "segment_id"))
PUBLISHED = ("programme_version", "module", "segment", "activity", "instrument")


def upgrade() -> None:
    """Make what is there the newest version of each programme."""
    old = read(op.get_bind(), before.TABLES)
    _let_go("activity_id")
    for table in reversed(before.TABLES):
        op.drop_table(table)
    after.make_tables()
    for table in ("programme", "cohort", "enrolment"):
        name = "current_version_id" if table == "programme" else "version_id"
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column(name, sa.Integer(), nullable=True))
    put_together(op.get_bind(), old)
    _pin()
    _hold("activity_id", "step_id", "step")
    _each_trigger(append_only_ddl)


def downgrade() -> None:
    """Keep the newest version of each programme; steps that it lacks are retired.

    There is no place for instruments, nor for ticks in a segment that the newest version lacks.
    """
    _each_trigger(append_only_removal)
    new = read(op.get_bind(), after.TABLES)
    _let_go("step_id")
    _unpin()
    for table in reversed(after.TABLES):
        op.drop_table(table)
    before.make_tables()
    with op.batch_alter_table("activity_completion") as batch:
        batch.alter_column("step_id", new_column_name="activity_id", existing_type=sa.Integer())
    take_apart(op.get_bind(), new)
    with op.batch_alter_table("programme") as batch:
        batch.drop_column("current_version_id")
    _hold("activity_id", "activity_id", "activity")


def _let_go(column: str) -> None:
    """Take away what refers to segments and to what is ticked off. SQLite refers by name: there it may stay."""
    if op.get_bind().dialect.name == "postgresql":
        for table, key in POINTING:
            op.drop_constraint(op.f(f"fk_{table}_{key}"), table, type_="foreignkey")
    with op.batch_alter_table("activity_completion") as batch:
        batch.drop_index("uq_activity_completion_standing")
        batch.drop_index(op.f(f"ix_activity_completion_{column}"))
        batch.drop_constraint(op.f(f"fk_activity_completion_{column}"), type_="foreignkey")


def _hold(name: str, column: str, target: str) -> None:
    """Refer to them again; what is ticked off is called by another name from now on."""
    if op.get_bind().dialect.name == "postgresql":
        for table, key in POINTING:
            name_of_key = op.f(f"fk_{table}_{key}")
            op.create_foreign_key(name_of_key, table, "segment", [key], ["id"], ondelete="SET NULL")
    if name != column:
        with op.batch_alter_table("activity_completion") as batch:
            batch.alter_column(name, new_column_name=column, existing_type=sa.Integer())
    with op.batch_alter_table("activity_completion") as batch:
        batch.create_foreign_key(op.f(f"fk_activity_completion_{column}"), target, [column], ["id"])
        batch.create_index(op.f(f"ix_activity_completion_{column}"), [column])
        batch.create_index(
            "uq_activity_completion_standing",
            ["enrolment_id", column],
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )


def _pin() -> None:
    with op.batch_alter_table("programme") as batch:
        batch.create_foreign_key(
            op.f("fk_programme_current_version_id"), "programme_version", ["current_version_id"], ["id"]
        )
    for table, owner in (("cohort", "programme_id"), ("enrolment", "institute_id")):
        with op.batch_alter_table(table) as batch:
            batch.alter_column("version_id", existing_type=sa.Integer(), nullable=False)
            batch.create_foreign_key(
                op.f(f"fk_{table}_{owner}_version_id"),
                "programme_version",
                [owner, "version_id"],
                [owner, "id"],
            )
            batch.create_index(op.f(f"ix_{table}_version_id"), ["version_id"])


def _unpin() -> None:
    with op.batch_alter_table("programme") as batch:
        batch.drop_constraint(op.f("fk_programme_current_version_id"), type_="foreignkey")
    for table, owner in (("cohort", "programme_id"), ("enrolment", "institute_id")):
        with op.batch_alter_table(table) as batch:
            batch.drop_index(op.f(f"ix_{table}_version_id"))
            batch.drop_constraint(op.f(f"fk_{table}_{owner}_version_id"), type_="foreignkey")
            batch.drop_column("version_id")


def _each_trigger(statements_of: Callable[[str, str], dict[str, tuple[str, ...]]]) -> None:
    for table in PUBLISHED:
        for verb in ("update", "delete"):
            for statement in statements_of(table, verb)[op.get_bind().dialect.name]:
                op.execute(statement)
