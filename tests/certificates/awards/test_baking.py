"""The picture of an own badge: a picture to see, with the badge inside as Open Badges 3.0 has it (§5.3.2)."""

from __future__ import annotations

import json
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from flask import Flask

from certificates.awards.models import Award
from certificates.awards.proof.picture import BAKED, bake, draw_badge
from tests.certificates.awards.conftest import Candidate
from tests.working import work

SVG = "{http://www.w3.org/2000/svg}"


def inside(picture: bytes) -> str:
    """Return what is baked into an SVG picture: the first thing in it."""
    root = ET.fromstring(picture)  # noqa: S314  (ours)
    assert root.tag == f"{SVG}svg"
    assert root[0].tag == f"{{{BAKED}}}credential"
    assert "verify" not in root[0].attrib  # that is for tokens
    assert root.find(f"{SVG}text") is not None
    return root[0].text or ""


def test_the_picture_holds_the_badge_as_it_was_signed(
    app: Flask, candidate: Candidate, award: Award, make_candidate: Callable[..., Candidate]
) -> None:
    there = f"/participant/certificates/{award.id}"
    assert candidate.visitor.get(f"{there}/badge.svg").status_code == 404  # being made
    work(app)
    work(app)
    assert f"{there}/badge.svg" in candidate.visitor.get(there).text
    answer = candidate.visitor.get(f"{there}/badge.svg")
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert answer.headers["Content-Disposition"] == f"attachment; filename={award.serial}.svg"
    assert inside(answer.data) == candidate.visitor.get(f"{there}/badge").text
    assert json.loads(inside(answer.data))["proof"]
    assert make_candidate(met=False).visitor.get(f"{there}/badge.svg").status_code == 404


@pytest.mark.parametrize("name", ["Plain", "]]>", "<b>&amp;</b>", "Lucía 陳 \U0001f600", 'a"b\\c'])
def test_no_word_of_a_badge_ends_its_place_early(name: str) -> None:
    said = {"name": name, "list": [[1]]}
    assert json.loads(inside(bake(draw_badge(1, 3), json.dumps(said, ensure_ascii=False)))) == said
