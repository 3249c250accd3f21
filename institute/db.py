"""The database: one declarative base, one way to write, and the rules both databases keep.

Reading uses ``db.session`` as it is. Writing happens inside ``transaction()`` and nowhere else, so that a use
case is whole or not at all. On SQLite a writing transaction is ``BEGIN IMMEDIATE``: SQLAlchemy's default, a
deferred one, fails with "database is locked" when two readers want to become writers.

What is committed survives a power cut, unless the use case says ``transaction(durable=False)``: such a commit does not
wait for the disk, and the next durable one takes it along.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, TypeVar

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    MetaData,
    PoolProxiedConnection,
    Select,
    Table,
    event,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, MappedColumn, ORMExecuteState, Session, mapped_column
from sqlalchemy.types import TypeDecorator

NAMING: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(constraint_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
BUSY_TIMEOUT_MS: Final = 10_000


class _Writing(StrEnum):
    """How a transaction is written, as SQLite's ``synchronous`` names it."""

    DURABLE = "FULL"
    RELAXED = "NORMAL"


_writing: ContextVar[_Writing | None] = ContextVar("writing", default=None)


class Base(DeclarativeBase):
    """What every table of the product derives from."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(metadata=Base.metadata)


@event.listens_for(db.session, "do_orm_execute")
def _read_what_is_locked(state: ORMExecuteState) -> None:
    """Read a row afresh when it is locked, even where the use case has read it before.

    SQLAlchemy would keep what it read: with PostgreSQL the use case would decide on what was true before it waited.
    """
    if isinstance(state.statement, Select) and state.statement._for_update_arg is not None:
        state.update_execution_options(populate_existing=True)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware on the Python side, stored in UTC. A naive value is a programming error."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("instants are stored aware")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


E = TypeVar("E", bound=StrEnum)


def enum_column(kind: type[E], *, name: str, **more: Any) -> MappedColumn[E]:
    """Return a column that holds the members of ``kind`` and nothing else, in Python and in the database.

    ``name`` names the CHECK constraint (the table's name is put before it).
    """
    values = Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )
    return mapped_column(values, **more)


def insert_into(session: Session, model: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """Return an INSERT that knows ``on_conflict_do_…``, of the database at hand: both write it alike."""
    on_server = session.get_bind().dialect.name == "postgresql"
    return postgresql.insert(model) if on_server else sqlite.insert(model)


def append_only(table: Table) -> None:
    """Have both databases refuse UPDATE and DELETE on ``table``: what is written there stays."""

    def forbid(_table: Table, connection: Connection, **_more: Any) -> None:
        for verb in ("update", "delete"):
            for statement in append_only_ddl(table.name, verb)[connection.dialect.name]:
                connection.exec_driver_sql(statement)

    event.listen(table, "after_create", forbid)


def append_only_ddl(table: str, verb: str) -> dict[str, tuple[str, ...]]:
    """Return the statements that forbid ``verb`` on ``table``, by dialect. Migrations use them too."""
    name = f"{table}_no_{verb}"
    return {
        "sqlite": (
            (
                f"CREATE TRIGGER {name} BEFORE {verb.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            ),
        ),
        "postgresql": (
            (
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
            ),
            f"CREATE TRIGGER {name} BEFORE {verb.upper()} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        ),
    }


def append_only_removal(table: str, verb: str) -> dict[str, tuple[str, ...]]:
    """Return the statements that take back what ``append_only_ddl`` made, by dialect."""
    name = f"{table}_no_{verb}"
    return {
        "sqlite": (f"DROP TRIGGER {name}",),
        "postgresql": (f"DROP TRIGGER {name} ON {table}", f"DROP FUNCTION {name}()"),
    }


@contextmanager
def transaction(*, durable: bool = True) -> Iterator[Session]:
    """Open the one writing transaction of a use case, or join the one that is open.

    The outermost block commits; an exception rolls everything back and goes on. What was read before is
    read afresh, so that a use case decides on what is true now. With ``durable=False`` a power cut may undo what was
    committed in the last moment: for rows that somebody can make again at once. Raises RuntimeError if a durable
    transaction would join one that is not.
    """
    session = db.session()
    outer = _writing.get()
    if outer is not None:
        if durable and outer is _Writing.RELAXED:
            raise RuntimeError("what must last would be written with what need not")
        yield session
        return
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("changes were made outside a transaction")
    session.rollback()
    token = _writing.set(_Writing.DURABLE if durable else _Writing.RELAXED)
    try:
        connection = session.connection()
        if not durable and connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        _writing.reset(token)


def is_writing() -> bool:
    """Tell whether a writing transaction is open here: what takes long is done before it."""
    return _writing.get() is not None


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.close()

    def begin(connection: PoolProxiedConnection) -> None:
        driver: Any = connection.driver_connection
        writing = _writing.get()
        if writing is not None and connection.info.get("synchronous", _Writing.DURABLE) is not writing:
            driver.execute(f"PRAGMA synchronous = {writing}")  # not taken inside a transaction
            connection.info["synchronous"] = writing
        driver.execute("BEGIN" if writing is None else "BEGIN IMMEDIATE")

    # Not a listener: with one, every statement would look for listeners of its own.
    engine.dialect.do_begin = begin  # type: ignore[method-assign, assignment]


def init_app(app: Flask) -> None:
    """Attach the database named by DATABASE_URL."""
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _prepare_sqlite(db.engine)
