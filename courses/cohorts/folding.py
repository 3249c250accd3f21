"""Names as people look for them: without case, and without the marks that not every keyboard has.

"Ángel" stands between "Andrew" and "Anna", and "nguyen" finds "Nguyễn". Both databases fold alike: PostgreSQL by its
own functions, SQLite by ours.
"""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import String, event
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from institute.db import db
from institute.folding import BARRED, MARKS, fold


class folded(FunctionElement[str]):  # noqa: N801  (it reads as a function of SQL)
    """``fold`` in a statement."""

    type = String()
    inherit_cache = True
    name = "folded"


@compiles(folded, "sqlite")
def _on_sqlite(element: folded, compiler: SQLCompiler, **more: Any) -> str:
    return f"folded({compiler.process(element.clauses, **more)})"


@compiles(folded, "postgresql")
def _on_postgresql(element: folded, compiler: SQLCompiler, **more: Any) -> str:
    text = f"normalize({compiler.process(element.clauses, **more)}, NFKD)"
    bare = f"lower(regexp_replace({text}, '{MARKS.pattern}', '', 'g'))"
    return f"translate({bare}, '{''.join(BARRED)}', '{''.join(BARRED.values())}') COLLATE \"C\""


def init_app(app: Flask) -> None:
    """Teach SQLite to fold."""
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _teach)


def _teach(connection: Any, _record: Any) -> None:
    connection.create_function("folded", 1, fold, deterministic=True)
