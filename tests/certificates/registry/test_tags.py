"""Tags: made, put on one certificate and on a whole list after a look, never on another institute's."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.registry.models import Tag, Tagging, TagKind
from institute.db import transaction
from institute.people.models import Institute
from tests.browsing import Visitor
from tests.certificates.registry.conftest import REGISTRY, Hall


def carried(session: Session) -> dict[int, set[str]]:
    """Return the tags that each award carries, by what they are looked for by."""
    session.rollback()
    found: dict[int, set[str]] = {}
    for award_id, name in session.execute(
        select(Tagging.award_id, Tag.folded).join(Tag, Tag.id == Tagging.tag_id)
    ):
        found.setdefault(award_id, set()).add(name)
    return found


def mark(page: str) -> str:
    """Return the mark of what a preview showed."""
    found = re.search(r'name="seen_list" value="([0-9a-f]{64})"', page)
    assert found is not None
    return found[1]


def make_tag(clerk: Visitor, name: str) -> int:
    """Make a tag through the form."""
    return clerk.post(f"{REGISTRY}/tags", {"tag_name": name}).status_code


def test_of_two_who_make_the_same_tag_at_once_the_second_is_told(
    hall: Hall, clerk: Visitor, sign_in: Callable[..., Visitor], session: Session
) -> None:
    clerks, start = [clerk, sign_in(hall.issuer), sign_in(hall.issuer)], Barrier(3)
    session.rollback()

    def make(clerk: Visitor) -> int:
        start.wait()
        return make_tag(clerk, "County fund")

    with ThreadPoolExecutor(len(clerks)) as pool:
        assert sorted(pool.map(make, clerks)) == [303, 422, 422]
    assert [one.name for one in session.scalars(select(Tag))] == ["County fund"]


def test_a_certificate_carries_exactly_the_tags_that_are_ticked(
    hall: Hall, clerk: Visitor, session: Session
) -> None:
    award_id = hall.hold("Ana")
    assert make_tag(clerk, "County  fund") == 303
    (tag,) = session.scalars(select(Tag)).all()
    assert tag.name == "County fund"
    put = f"{REGISTRY}/{award_id}/tags"
    assert clerk.post(put, {"put": ["qris", str(tag.id)]}).status_code == 303
    assert carried(session) == {award_id: {"qris", "county fund"}}
    assert "County fund, QRIS" in clerk.get(f"{REGISTRY}/").text.replace("\n", "")
    assert "County fund, QRIS" in clerk.get(f"{REGISTRY}/registry.csv").text
    assert clerk.post(put, {"put": "qris"}).status_code == 303
    assert carried(session) == {award_id: {"qris"}}
    assert clerk.post(put, {"put": "no such tag"}).status_code == 404
    assert clerk.post(put).status_code == 303
    assert carried(session) == {}


@pytest.mark.parametrize("name", ["", "  \0 ", "x" * 61, "QRIS", "scholarship", "Fönds"])
def test_a_name_that_is_none_or_taken_is_refused_beside_its_field(
    hall: Hall, clerk: Visitor, session: Session, name: str
) -> None:
    make_tag(clerk, "Fonds")
    answer = clerk.post(f"{REGISTRY}/tags", {"tag_name": name})
    assert answer.status_code == 422
    assert 'id="tag_name-error"' in answer.text
    session.rollback()
    assert len(session.scalars(select(Tag)).all()) == 1


def test_a_whole_list_is_tagged_after_a_look_and_nothing_beside_it(
    hall: Hall, clerk: Visitor, session: Session
) -> None:
    ids = [hall.hold(f"Ana {number}") for number in range(3)]
    hall.hold("Ben")
    clerk.post(f"{REGISTRY}/{ids[0]}/tags", {"put": "incentive"})
    wish = {"q": "ana", "put": "incentive", "do": "add"}
    page = clerk.get(f"{REGISTRY}/tagging", query_string=wish).text
    assert "2 certificates would get the tag." in page
    assert "1 stays as it is." in page
    assert "Ana 0" not in page
    assert "Ana 2" in page
    assert clerk.post(f"{REGISTRY}/tagging", {**wish, "seen_list": mark(page)}).status_code == 303
    assert carried(session) == {one: {"incentive"} for one in ids}
    tag_id = session.scalars(select(Tag.id)).one()
    off = {"tag": str(tag_id), "put": "incentive", "do": "remove"}
    page = clerk.get(f"{REGISTRY}/tagging", query_string=off).text
    assert "3 certificates would lose the tag." in page
    assert clerk.post(f"{REGISTRY}/tagging", {**off, "seen_list": mark(page)}).status_code == 303
    assert carried(session) == {}


def test_a_list_that_changed_since_the_look_is_left_alone(
    hall: Hall, clerk: Visitor, session: Session
) -> None:
    hall.hold("Ana 1")
    wish = {"q": "ana", "put": "scholarship", "do": "add"}
    seen = mark(clerk.get(f"{REGISTRY}/tagging", query_string=wish).text)
    hall.hold("Ana 2")
    answer = clerk.post(f"{REGISTRY}/tagging", {**wish, "seen_list": seen})
    assert answer.status_code == 409
    assert "REGISTRY-CHANGED" in answer.text
    assert carried(session) == {}
    assert clerk.post(f"{REGISTRY}/tagging", {**wish, "put": ""}).status_code == 422
    assert clerk.get(f"{REGISTRY}/tagging", query_string={"q": "ana"}).status_code == 303


def test_another_institutes_tag_is_not_there(
    hall: Hall,
    clerk: Visitor,
    session: Session,
    make_institute: Callable[..., Institute],
) -> None:
    award_id = hall.hold("Ana")
    elsewhere = make_institute(slug="harbour", name="Harbour")
    with transaction() as writing:
        foreign = Tag(institute_id=elsewhere.id, kind=TagKind.OWN, name="Theirs", folded="theirs")
        writing.add(foreign)
        writing.flush()
        foreign_id = foreign.id
    assert "Theirs" not in clerk.get(f"{REGISTRY}/tags").text
    assert clerk.post(f"{REGISTRY}/tags/{foreign_id}/remove").status_code == 404
    assert clerk.post(f"{REGISTRY}/{award_id}/tags", {"put": str(foreign_id)}).status_code == 404
    wish = {"put": str(foreign_id), "do": "add"}
    assert clerk.get(f"{REGISTRY}/tagging", query_string=wish).status_code == 404
    make_tag(clerk, "Ours")
    own = session.scalars(select(Tag.id).where(Tag.name == "Ours")).one()
    clerk.post(f"{REGISTRY}/{award_id}/tags", {"put": str(own)})
    assert clerk.post(f"{REGISTRY}/tags/{own}/remove").status_code == 303
    assert carried(session) == {}
