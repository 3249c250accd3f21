"""A programme of 300 things: few queries, one address that keeps them all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import event

from courses.catalogue.models import Module, Programme, Segment
from institute.db import db, transaction
from institute.i18n import Localised
from institute.paths import ROOT
from tests.lti.acting import Course
from tests.lti.deep_linking.conftest import Picking, read_back

Ask = Callable[..., Picking]
TABLE = ROOT / "institute" / "running" / "processes.toml"
MODULES, SEGMENTS = 25, 11
LIMIT = re.search(r'"--limit-request-line", "(\d+)"', TABLE.read_text(encoding="utf-8"))
UNSAID_LIMIT = 4094  # of gunicorn
LONGEST_ADDRESS = int(LIMIT[1] if LIMIT else UNSAID_LIMIT) - len("GET  HTTP/1.1")
MOST_QUERIES = 16


@pytest.fixture
def long_programme(course: Course) -> None:
    """Put 300 things into the programme of the course's cohort."""
    times = {"reading_min": 0, "reading_max": 60, "coaching_min": 0, "coaching_max": 60}
    with transaction() as session:
        programme = session.query(Programme).one()
        for number in range(2, MODULES + 1):
            title = Localised.of({"en": f"Chapter {number}"})
            module = Module(number=number, slug=f"module-{number}", title=title, description=title, **times)
            module.segments = [
                Segment(number=one, slug=f"segment-{one}", title=title, content=title, **times)
                for one in range(1, SEGMENTS + 1)
            ]
            programme.modules.append(module)


@contextmanager
def counted() -> Iterator[list[str]]:
    """Note down the statements of what is done inside."""
    statements: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_long_programme_takes_few_queries(ask: Ask, long_programme: None) -> None:
    picking = ask()
    with counted() as statements:
        page = picking.browser.get(picking.path)
    assert page.text.count('name="_i"') > 280
    assert len(statements) <= MOST_QUERIES, statements


def test_everything_chosen_still_fits_into_an_address(ask: Ask, long_programme: None) -> None:
    picking = ask()
    page = picking.browser.get(f"{picking.path}?every=1")
    chosen = [part.partition('"')[0] for part in page.text.split('name="_i" value="')[1:]]
    assert page.text.count(" checked>") >= len(chosen)
    fields = [("q", ""), ("_kind", ""), *(("_i", one) for one in chosen), *(("_g", "") for _ in chosen)]
    assert len(f"{picking.path}?{urlencode(fields)}") < LONGEST_ADDRESS


def test_long_programme_is_handed_over_whole(course: Course, ask: Ask, long_programme: None) -> None:
    picking = ask()
    with counted() as statements:
        answer = picking.send(to="/programme")
    assert len(statements) <= MOST_QUERIES + 6, statements
    items = read_back(course, answer).items
    assert len(items) > 280
    assert len({item["url"] for item in items}) == len(items)
