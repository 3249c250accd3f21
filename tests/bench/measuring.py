"""What the benchmarks share: an application with the sample institute, and CPU time of one thread."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event

import certificates
import courses
import lti
from institute.app import create_app
from institute.config import Settings
from institute.db import db
from tests.browsing import Visitor


def make_app(folder: Path) -> Flask:
    """Make the application with the sample institute, on TEST_DATABASE_URL or on SQLite in ``folder``."""
    given = {
        "DATA_DIR": str(folder),
        "DATABASE_URL": os.environ.get("TEST_DATABASE_URL", ""),
        "PLATFORM_NETWORKS": "loopback",
    }
    app = create_app(courses, certificates, lti, settings=Settings.from_environment(given))
    for command in ("migrate", "load-sample"):
        result = app.test_cli_runner().invoke(args=["institute", command])
        if result.exit_code:
            raise SystemExit(result.output)
    return app


def cpu_ms(work: Callable[..., Any], *given: Any, **named: Any) -> tuple[float, Any]:
    """Do the work. Return the milliseconds of CPU that this thread spent on it, and its result."""
    before = time.thread_time()
    result = work(*given, **named)
    return (time.thread_time() - before) * 1000, result


def spread(figures: Sequence[float]) -> str:
    """Return the median and the middle half of figures, in milliseconds, as text."""
    low, middle, high = statistics.quantiles(figures, n=4)
    return f"{middle:6.2f} ms  (half of them {low:.2f} to {high:.2f})"


def queries_of(app: Flask, visitor: Visitor, address: str) -> int:
    """Return how many statements one view of a page sends to the database."""
    sent: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    visitor.get(address)
    event.remove(engine, "before_cursor_execute", note)
    return len(sent)
