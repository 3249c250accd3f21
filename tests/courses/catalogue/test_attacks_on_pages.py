"""No page that shows what authors wrote holds an attack, for whoever reads it, published or previewed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from institute.actors import Role
from tests.browsing import Visitor
from tests.courses.catalogue.attacks import dangers_in, every_attack
from tests.courses.catalogue.conftest import Attacked

# What every page of the tool has of its own.
FRAME: Final = re.compile(
    r"<!doctype html\Z|<html lang=\S+ dir=\S+ ?.*\Z|<body data-sending=[^<>]*\Z|<meta charset=utf-8\Z"
    r"|<meta name=viewport content=width=device-width, initial-scale=1\Z"
    r"|<link rel=(icon|stylesheet) href=/static/[\w./-]+( type=image/svg\+xml)?\Z"
    r"|<script src=/static/[\w./-]+ defer=None\Z",
    re.IGNORECASE,
)


def test_no_page_holds_anything_that_runs_loads_or_restyles(
    attacked: Attacked, sign_in: Callable[..., Visitor]
) -> None:
    visitors: dict[object, Visitor] = {}
    found, seen = [], 0
    for person, role, path in attacked.pages:
        if role not in visitors:
            visitors[role] = sign_in(person, roles=[role], place=attacked.cohort_id)
        answer = visitors[role].get(path, follow_redirects=True)
        assert answer.status_code == 200, path
        found += [f"{path}: {danger}" for danger in dangers_in(answer.text) if not FRAME.match(danger)]
        seen += "XSS" in answer.text
    assert found == []
    assert seen >= len(attacked.pages) - 1


def test_every_attack_stands_on_the_segment_s_page_by_itself(
    attacked: Attacked, sign_in: Callable[..., Visitor]
) -> None:
    visitor = sign_in(attacked.participant, roles=[Role.PARTICIPANT], place=attacked.cohort_id)
    page = visitor.get("/participant/modules/module-1/segment-1")
    headings = re.findall(r"<h3>((?:owasp|own)-[\w-]+)", page.text)
    assert headings == [name.partition(":")[0] for name, _ in every_attack()]
