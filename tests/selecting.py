"""Which tests run where: a second database is asked what asks one, and each test with its first values if it may."""

from __future__ import annotations

import pytest

OPTION = "--one-of-each"
# What a test reaches a database by: every application stands on the first.
ASKING = frozenset({"database", "postgres_database"})


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run take each test once."""
    parser.addoption(
        OPTION,
        action="store_true",
        help="run each test of a database with its first values, but for those marked every_value",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what the database would not notice: other values of a test that runs, and tests without one."""
    if not config.getoption(OPTION):
        return
    seen: set[str] = set()
    kept: list[pytest.Item] = []
    left_out: list[pytest.Item] = []
    for item in items:
        name = item.nodeid.partition("[")[0]
        again = name in seen and item.get_closest_marker("every_value") is None
        (left_out if again or not _asks_database(item) else kept).append(item)
        seen.add(name)
    config.hook.pytest_deselected(items=left_out)
    items[:] = kept


def _asks_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(fixtures & ASKING) or item.get_closest_marker("postgres") is not None
