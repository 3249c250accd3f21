"""A programme of 300 things: few queries, one address that keeps them all."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from courses.catalogue.models import Programme
from institute.actors import Actor
from institute.db import db
from institute.paths import ROOT
from tests.databases import counted
from tests.lti.acting import Course
from tests.lti.deep_linking.conftest import Picking, read_back
from tests.programmes import english, module, renew, segment_draft, with_modules

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
    modules = []
    for number in range(2, MODULES + 1):
        title = english(f"Chapter {number}")
        segments = (
            segment_draft(number=one, title=title, content=title, session=None, activities=(), materials=())
            for one in range(1, SEGMENTS + 1)
        )
        modules.append(module(*segments, number=number, title=title))
    system = Actor(institute_id=db.session.scalars(select(Programme.institute_id)).one(), person_id=None)
    renew(with_modules(*modules), slug="programme-1", actor=system)


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
