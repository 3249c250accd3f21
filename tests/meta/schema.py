"""A database's schema as sets of lines, complete enough that two equal ones behave alike."""

from __future__ import annotations

import re

from sqlalchemy import Connection, inspect

SPACES = re.compile(r"\s+")

# Each yields lines; alembic_version belongs to the migrations, not to the models.
POSTGRESQL = (
    """SELECT 'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
              pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated
         FROM pg_attribute a
         JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'v', 'm')
         LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
          AND c.relname <> 'alembic_version'""",
    """SELECT 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid)
         FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
          AND conrelid::regclass::text <> 'alembic_version'""",
    "SELECT 'index', indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'",
    "SELECT 'trigger', pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT 'function', proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    """SELECT 'type', typname FROM pg_type
        WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')""",
    "SELECT 'sequence', sequencename FROM pg_sequences WHERE schemaname = 'public'",
)


def described(connection: Connection) -> set[str]:
    """Return the schema behind a connection: columns, constraints, indexes, triggers, functions."""
    if connection.dialect.name == "postgresql":
        rows = [row for query in POSTGRESQL for row in connection.exec_driver_sql(query)]
        return {_line(*row) for row in rows}
    return _sqlite(connection)


def _sqlite(connection: Connection) -> set[str]:
    lines: set[str] = set()
    inspector = inspect(connection)
    for table in set(inspector.get_table_names()) - {"alembic_version"}:
        for _, *column in connection.exec_driver_sql(f"PRAGMA table_xinfo({table})"):
            lines.add(_line("column", table, *column))
        for unique in inspector.get_unique_constraints(table):
            lines.add(_line("unique", table, unique["name"], unique["column_names"]))
        for check in inspector.get_check_constraints(table):
            lines.add(_line("check", table, check["name"], check["sqltext"]))
        for key in inspector.get_foreign_keys(table):
            target = (key["referred_table"], key["referred_columns"], sorted(key["options"].items()))
            lines.add(_line("reference", table, key["name"], key["constrained_columns"], *target))
    statements = "SELECT type, name, sql FROM sqlite_master WHERE type <> 'table' AND sql IS NOT NULL"
    return lines | {_line(*row) for row in connection.exec_driver_sql(statements)}


def _line(*facts: object) -> str:
    return SPACES.sub(" ", " | ".join(str(fact) for fact in facts))
