"""The holder's own door: a link by mail, used once, that opens certificates and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.awards.holders.links import ask_for_link
from certificates.awards.holders.models import HolderAddress, HolderLink
from certificates.awards.holders.sharing import sharing_of
from certificates.awards.models import Award
from institute import clock
from institute.actors import Actor, PersonId, Role
from institute.db import transaction
from institute.jobs import worker
from institute.jobs.models import OutboxRow
from institute.messages.addresses import parse_address
from institute.people.granting import grant_role
from institute.people.models import Person
from tests.browsing import Visitor
from tests.certificates.awards.conftest import AWARDS, Candidate, Office
from tests.databases import counted
from tests.working import letters

LINK = re.compile(r"http://127\.0\.0\.1:8000(/holders/link/[\w-]+)")
OWN = "lucia@home.example"


def address(candidate: Candidate, email: str) -> None:
    """Let the institute have an address on file."""
    with transaction() as session:
        session.get_one(Person, candidate.person.id).email = email


def ask(app: Flask, email: str) -> int:
    """Ask at the door for a link, as anybody may; return the status."""
    return app.test_client().post("/holders/", data={"email": email}).status_code


def mailed(to: str, subject: str = "Your link to your certificates") -> str:
    """Return the path of the link that was mailed to an address."""
    bodies = [one.get_body(("plain",)) for one in letters() if (one["To"], one["Subject"]) == (to, subject)]
    found = [link[1] for body in bodies if body is not None and (link := LINK.search(body.get_content()))]
    assert found
    return found[-1]


def enter(app: Flask, path: str) -> Visitor:
    """Press the button of a link, and return the browser behind it."""
    client = app.test_client()
    answer = client.post(path, data={"place": "0"})
    assert answer.status_code == 303, answer.text
    found = re.fullmatch(r"/s/([\w-]+)/certificates/", answer.location)
    assert found
    page = client.get(answer.location)
    token = re.search(r'name="_token" value="(\w+)"', page.text)
    assert token, page.text
    return Visitor(client, found[1], token[1])


@pytest.fixture
def holder(candidate: Candidate, award: Award) -> Candidate:
    """Somebody who holds a certificate, whose address the institute knows."""
    address(candidate, "lucia@school.example")
    return candidate


def test_a_holder_reaches_their_certificates_by_a_link_that_works_once(
    app: Flask, holder: Candidate, award: Award
) -> None:
    assert ask(app, "Lucia@school.example") == 303
    path = mailed("lucia@school.example")
    assert app.test_client().get(path).status_code == 200
    visitor = enter(app, path)
    assert award.serial in visitor.get("/certificates/").text
    assert award.serial in visitor.get(f"/certificates/{award.id}").text
    assert visitor.get(f"/certificates/{award.id}/document").status_code in {200, 409}
    assert visitor.get("/").location.endswith("/certificates/")
    used = app.test_client().post(path, data={"place": "0"})
    assert (used.status_code, app.test_client().get(path).status_code) == (422, 422)
    unknown = app.test_client().get("/holders/link/nobody-ever-had-this-one")
    blank = re.compile(r"HOLDER-LINK-\w+|\d+:\d+:\d+")
    assert blank.sub("", unknown.text) == blank.sub("", app.test_client().get(path).text)


def test_behind_the_door_no_role_of_the_person_holds(
    app: Flask, holder: Candidate, system: Actor, award: Award
) -> None:
    grant_role(PersonId(holder.person.id), Role.ADMINISTRATOR, actor=system)
    ask(app, "lucia@school.example")
    visitor = enter(app, mailed("lucia@school.example"))
    for closed in (
        "/administrator/awards/",
        "/participant/level/",
        "/messages/",
        "/participant/certificates/",
    ):
        assert visitor.get(closed).status_code == 403, closed
    assert "administrator" not in visitor.get("/certificates/").text


def test_asking_is_answered_alike_and_does_the_same_whether_somebody_has_the_address(
    app: Flask, holder: Candidate, session: Session
) -> None:
    known, unknown = parse_address("lucia@school.example"), parse_address("nobody@school.example")
    assert known
    assert unknown
    answers = [app.test_client().post("/holders/", data={"email": str(one)}) for one in (known, unknown)]
    assert answers[0].status_code == answers[1].status_code == 303
    assert answers[0].location == answers[1].location
    with counted() as first:
        ask_for_link(known, locale="en")
    with counted() as second:
        ask_for_link(unknown, locale="en")
    assert len(first) == len(second)
    assert {one["To"] for one in letters()} >= {"lucia@school.example"}
    assert "nobody@school.example" not in {one["To"] for one in letters()}


def test_a_link_is_over_after_half_an_hour_and_its_address_forgotten_after_a_day(
    app: Flask, holder: Candidate, session: Session
) -> None:
    ask(app, "lucia@school.example")
    path = mailed("lucia@school.example")
    with clock.shift(seconds=31 * 60):
        assert app.test_client().post(path, data={"place": "0"}).status_code == 422
    with clock.shift(seconds=2 * 86400):
        ask(app, "somebody@else.example")
        session.rollback()
        assert [one.address for one in session.scalars(select(HolderLink))] == ["somebody@else.example"]


def test_more_than_five_letters_an_hour_to_one_address_are_dropped_without_a_word(
    app: Flask, holder: Candidate, session: Session
) -> None:
    assert {ask(app, "lucia@school.example") for _ in range(7)} == {303}
    session.rollback()
    wished = select(OutboxRow).where(OutboxRow.kind == "mail.outside")
    assert len(session.scalars(wished).all()) == 5


@pytest.mark.parametrize("path", ["", "sent", "link/nothing"])
def test_nothing_of_the_door_is_left_to_search_engines(app: Flask, path: str) -> None:
    assert "noindex" in app.test_client().get(f"/holders/{path}").headers["X-Robots-Tag"]


@pytest.mark.parametrize("typed", ["", "no address", "a@b\x00.example", "x" * 5000, "a@b.c\r\nBcc: d@e.f"])
def test_what_is_no_address_is_said_beside_the_field(app: Flask, typed: str) -> None:
    answer = app.test_client().post("/holders/", data={"email": typed})
    assert answer.status_code == 422
    assert "Write your e-mail address" in answer.text


@pytest.mark.parametrize("place", ["7", "-1", "9" * 40, "x", ""])
def test_a_place_that_is_nobodys_uses_nothing_up(app: Flask, holder: Candidate, place: str) -> None:
    ask(app, "lucia@school.example")
    path = mailed("lucia@school.example")
    assert app.test_client().post(path, data={"place": place}).status_code == 422
    enter(app, path)


def test_another_sites_form_opens_nothing(app: Flask, holder: Candidate) -> None:
    ask(app, "lucia@school.example")
    path = mailed("lucia@school.example")
    answer = app.test_client().post(path, data={"place": "0"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 303
    assert answer.location == path
    enter(app, path)


def test_an_address_of_ones_own_opens_the_door_once_it_is_confirmed_until_it_is_forgotten(
    app: Flask, holder: Candidate, session: Session
) -> None:
    address(holder, "")
    page = holder.visitor.get("/participant/certificates/").text
    assert "has no e-mail address of yours" in page
    assert holder.visitor.post("/participant/certificates/address", {"email": "nonsense"}).status_code == 422
    assert holder.visitor.post("/participant/certificates/address", {"email": OWN}).status_code == 303
    ask(app, OWN)
    assert [one["Subject"] for one in letters() if one["To"] == OWN] == ["Confirm your address"]
    path = mailed(OWN, "Confirm your address")
    assert "Confirm" in app.test_client().get(path).text
    assert "The address is yours" in app.test_client().post(path).text
    assert app.test_client().post(path).status_code == 422
    ask(app, OWN)
    visitor = enter(app, mailed(OWN))
    assert OWN in visitor.get("/certificates/").text
    assert visitor.post("/certificates/address/forget", {}).status_code == 303
    session.rollback()
    assert session.scalars(select(HolderAddress)).all() == []


def test_what_others_may_see_is_nothing_until_the_holder_chooses(
    holder: Candidate, award: Award, make_candidate: Callable[..., Candidate], session: Session
) -> None:
    assert sharing_of(award) == type(sharing_of(award))()
    there = f"/participant/certificates/{award.id}"
    chosen = {"hours": "1", "listed": "1", "piece": "not-a-piece-of-it"}
    assert holder.visitor.post(f"{there}/sharing", chosen).status_code == 303
    session.rollback()
    found = sharing_of(award)
    assert (found.hours, found.competencies, found.listed, found.evidence) == (True, False, True, frozenset())
    assert holder.visitor.get(there).text.count(" checked") == 2
    assert holder.visitor.post(f"{there}/sharing", {}).status_code == 303
    session.rollback()
    assert sharing_of(award) == type(found)()
    other = make_candidate(met=False)
    for path, post in (
        (there, False),
        (f"{there}/sharing", True),
        (f"{there}/name", True),
        (f"{there}/renew", True),
    ):
        answer = other.visitor.post(path, {"name": "X Y"}) if post else other.visitor.get(path)
        assert answer.status_code == 404, path


def test_the_pages_of_a_holder_ask_little(
    app: Flask, holder: Candidate, award: Award, office: Office
) -> None:
    with counted() as asked:
        holder.visitor.get("/participant/certificates/")
    assert len(asked) <= 12, asked
    with counted() as asked:
        holder.visitor.get(f"/participant/certificates/{award.id}")
    assert len(asked) <= 16, asked


def test_a_holder_saves_the_badge_and_the_papers_whatever_is_shared(
    app: Flask, holder: Candidate, make_candidate: Callable[..., Candidate], award: Award
) -> None:
    there = f"/participant/certificates/{award.id}"
    assert holder.visitor.get(f"{there}/badge").status_code == 404  # being made
    worker.run_once(app)
    worker.run_once(app)
    badge = holder.visitor.get(f"{there}/badge")
    assert badge.status_code == 200
    assert badge.headers["Content-Disposition"] == f"attachment; filename={award.serial}.json"
    assert badge.get_json(force=True)["credentialSubject"]["achievement"]["achievementType"]
    page = holder.visitor.get(there).text
    assert "Save the badge" in page
    assert "/credentials/" in page
    assert holder.visitor.get(f"{there}/papers/nonsense").status_code == 404
    papers = re.findall(r"/papers/(\w+)", page)
    assert "transcript" in papers
    for kind in papers:
        assert holder.visitor.get(f"{there}/papers/{kind}").data.startswith(b"%PDF")
    other = make_candidate(met=False)
    for path in (f"{there}/badge", f"{there}/papers/transcript", f"{there}/document"):
        assert other.visitor.get(path).status_code == 404


def test_a_certificate_goes_into_a_profile_only_while_it_holds(
    holder: Candidate, award: Award, office: Office
) -> None:
    there = f"/participant/certificates/{award.id}"
    found = re.search(r'href="(https://www\.linkedin\.com/[^"]+)"', holder.visitor.get(there).text)
    assert found is not None
    fields = parse_qs(urlsplit(unescape(found[1])).query)
    assert fields["name"] == [award.title.in_("en")]
    assert fields["certId"] == [award.serial]
    assert fields["certUrl"][0].endswith(f"/verify/{award.code}")
    assert {"issueYear", "issueMonth", "organizationName"} <= set(fields)
    office.visitor.post(
        f"{AWARDS}/{award.id}/suspend",
        {"reason_class": "under_review", "note": "A question came up"},
    )
    assert "linkedin" not in holder.visitor.get(there).text


def test_a_visit_that_ended_is_offered_the_door_again(app: Flask, holder: Candidate) -> None:
    ask(app, "lucia@school.example")
    visitor = enter(app, mailed("lucia@school.example"))
    with clock.shift(seconds=int(timedelta(days=3).total_seconds())):
        assert "/holders/" in visitor.get("/certificates/").text
