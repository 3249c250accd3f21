"""Which tests run where: on a second database a test runs with its first values, unless the values ask the database."""

from __future__ import annotations

import pytest

OPTION = "--one-of-each"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run take each test once."""
    parser.addoption(
        OPTION,
        action="store_true",
        help="run each test with its first values, but for those marked every_value",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what differs from a test that runs by nothing that the database would notice."""
    if not config.getoption(OPTION):
        return
    seen: set[str] = set()
    kept: list[pytest.Item] = []
    left_out: list[pytest.Item] = []
    for item in items:
        name = item.nodeid.partition("[")[0]
        again = name in seen and item.get_closest_marker("every_value") is None
        (left_out if again else kept).append(item)
        seen.add(name)
    config.hook.pytest_deselected(items=left_out)
    items[:] = kept
