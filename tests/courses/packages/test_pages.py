"""An author hands a package in, sees what it would change, and brings it in."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.authoring.shelf import read_content
from courses.catalogue.drafts import ProgrammeContent
from courses.catalogue.models import Programme, ProgrammeVersion
from courses.packages.models import PackageUpload
from courses.packages.plans import renumbered
from courses.packages.reading import read_zip
from institute import clock
from institute.actors import Role
from institute.audit.models import AuditEvent
from institute.files.models import StoredFile
from institute.i18n import Localised
from institute.jobs import worker
from institute.people.models import Institute, Person
from tests.browsing import Visitor
from tests.courses.packages.conftest import PAGE, as_package, bring_in, hand_in, plan_on, waiting
from tests.courses.packages.spoilt import FOLDER, SPOILT, WHOLE, packed
from tests.programmes import english


def count(session: Session, table: type) -> int:
    """Return how many rows there are."""
    session.rollback()
    return session.scalar(select(func.count()).select_from(table)) or 0


def taken_out(visitor: Visitor, which: str) -> bytes:
    """Return a programme's package as the page sends it."""
    with visitor.get(f"{PAGE}export/{which}") as answer:
        assert (answer.status_code, answer.mimetype) == (200, "application/zip")
        assert f"filename={which.partition('?')[0]}.zip" in answer.headers["Content-Disposition"]
        return bytes(answer.data)


def draft_here(session: Session, slug: str = "leadership") -> ProgrammeContent:
    """Return what is being written of a programme."""
    session.rollback()
    return read_content(session.scalars(select(Programme.id).where(Programme.slug == slug)).one())


@pytest.mark.parametrize("what", SPOILT)
def test_a_spoilt_package_is_given_back_with_what_is_wrong_and_nothing_is_kept(
    author: Visitor, session: Session, what: str
) -> None:
    make, (code, _file, line, _piece) = SPOILT[what]
    answer = hand_in(author, make())
    assert answer.status_code == 422
    assert code in answer.text
    assert line is None or f"Line {line}" in answer.text
    assert count(session, PackageUpload) == count(session, StoredFile) == count(session, Programme) == 0


@pytest.mark.parametrize("name", ["", "x.zip"])
def test_a_form_without_a_package_is_given_back(author: Visitor, name: str) -> None:
    answer = author.post(PAGE, {"package": (io.BytesIO(b""), name)}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert author.post(PAGE, {"package": "text"}).status_code == 422
    assert author.post(PAGE).status_code == 422


def test_a_new_programme_comes_into_what_authors_write_and_in_front_of_nobody(
    author: Visitor, session: Session
) -> None:
    page = author.get(waiting(author)).text
    assert "A new programme" in page
    assert "3 parts are new" in page
    assert count(session, Programme) == 0
    answer = bring_in(author)
    assert answer.status_code == 303
    assert answer.location.endswith("/author/programmes/leadership")
    assert "The package is in." in author.get(answer.location).text
    assert draft_here(session) == read_zip(io.BytesIO(packed(WHOLE))).content
    assert count(session, ProgrammeVersion) == 0


def test_the_page_says_what_is_made_changed_and_removed(
    author: Visitor, studied: ProgrammeContent, session: Session
) -> None:
    (module,) = studied.modules
    first, *rest = module.segments
    assert rest
    added = replace(first, slug="added", number=9, title=english("An added segment"))
    told = replace(
        first, title=Localised.of({"en": "A retold segment", "es": "Un segmento contado de nuevo"})
    )
    after = renumbered(replace(studied, modules=(replace(module, segments=(told, added)),)))
    page = author.get(waiting(author, as_package(after))).text
    assert "This programme is here already" in page
    for piece in ("An added segment", "A retold segment", str(rest[0].title.in_("en")), "Español"):
        assert piece in page
    assert bring_in(author, as_package(after)).status_code == 303
    assert draft_here(session) == after
    assert count(session, ProgrammeVersion) == 1


def test_the_same_package_a_second_time_changes_nothing(author: Visitor, session: Session) -> None:
    assert bring_in(author).status_code == 303
    events = count(session, AuditEvent)
    page = author.get(waiting(author)).text
    assert "Everything is here already" in page
    assert 'name="plan"' not in page
    assert count(session, AuditEvent) == events


def test_a_confirmed_package_is_forgotten_and_its_second_click_lands_where_the_first_did(
    author: Visitor, session: Session
) -> None:
    path = waiting(author)
    form = {"plan": plan_on(author.get(path).text), "_once": "a-click-of-the-mouse"}
    assert author.post(path, form).location == author.post(path, form).location
    assert author.get(path).status_code == 404
    assert count(session, PackageUpload) == count(session, StoredFile) == 0


def test_what_was_written_meanwhile_is_not_overwritten_unseen(
    author: Visitor, other: Visitor, session: Session
) -> None:
    path = waiting(author)
    plan = plan_on(author.get(path).text)
    text = {**WHOLE, f"{FOLDER}/content.en.md": b"It began late.\n"}
    assert bring_in(other, packed(text)).status_code == 303
    answer = author.post(path, {"plan": plan})
    assert answer.status_code == 409
    assert "Somebody wrote in this programme" in answer.text
    assert draft_here(session).modules[0].segments[0].content.in_("en") == "It began late."
    assert author.post(path, {"plan": plan_on(author.get(path).text)}).status_code == 303


@pytest.mark.parametrize("plan", ["", "x", "0" * 32, "\0"])
def test_a_plan_that_nobody_showed_is_refused(author: Visitor, session: Session, plan: str) -> None:
    assert author.post(waiting(author), {"plan": plan}).status_code == 409
    assert count(session, Programme) == 0


def test_a_package_can_be_thrown_away(author: Visitor, session: Session) -> None:
    path = waiting(author)
    assert author.post(f"{path}/discard").status_code == 303
    assert author.get(path).status_code == 404
    assert author.post(f"{path}/discard").status_code == 404
    assert count(session, PackageUpload) == count(session, StoredFile) == 0


def test_a_package_is_forgotten_after_a_day(app: Flask, author: Visitor, session: Session) -> None:
    path = waiting(author)
    with clock.shift(seconds=timedelta(hours=23).total_seconds()):
        worker.run_once(app)
        assert count(session, PackageUpload) == 1
    with clock.shift(seconds=timedelta(hours=25).total_seconds()):
        worker.run_once(app)
        assert count(session, PackageUpload) == count(session, StoredFile) == 0
    assert author.get(path).status_code == 404


def test_a_waiting_package_belongs_to_who_handed_it_in(
    author: Visitor,
    other: Visitor,
    make_institute: Callable[..., Institute],
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
) -> None:
    path = waiting(author)
    plan = plan_on(author.get(path).text)
    tail = path[path.index("/author") :]
    elsewhere = sign_in(make_person(institute_id=make_institute(slug="elsewhere").id), roles=[Role.AUTHOR])
    for visitor in (other, elsewhere):
        assert visitor.get(tail).status_code == 404
        assert visitor.post(tail, {"plan": plan}).status_code == 404
        assert visitor.post(f"{tail}/discard").status_code == 404
    assert author.get(path).status_code == 200


@pytest.mark.parametrize("role", [Role.PARTICIPANT, Role.COACH, Role.TRANSLATOR])
def test_packages_are_for_authors(
    make_person: Callable[..., Person], sign_in: Callable[..., Visitor], role: Role
) -> None:
    visitor = sign_in(make_person(), roles=[role])
    assert visitor.get(PAGE).status_code == 403
    assert hand_in(visitor, packed(WHOLE)).status_code == 403
    assert visitor.get(f"{PAGE}export/leadership").status_code == 403


def test_a_programme_is_taken_out_as_published_or_as_it_is_being_written(
    author: Visitor, studied: ProgrammeContent, session: Session
) -> None:
    page = author.get(f"{PAGE}of/leadership").text
    assert f"{PAGE}export/leadership" in page
    assert "which=draft" not in page
    published = taken_out(author, "leadership")
    assert read_zip(io.BytesIO(published)).content == studied
    assert taken_out(author, "leadership?which=draft") == published
    renamed = replace(studied, programme=replace(studied.programme, title=english("Renamed")))
    bring_in(author, as_package(renamed))
    assert taken_out(author, "leadership") == published
    drafted = taken_out(author, "leadership?which=draft")
    assert read_zip(io.BytesIO(drafted)).content == renamed


def test_what_is_not_there_is_not_taken_out(
    author: Visitor,
    studied: ProgrammeContent,
    make_institute: Callable[..., Institute],
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
) -> None:
    elsewhere = sign_in(make_person(institute_id=make_institute(slug="elsewhere").id), roles=[Role.AUTHOR])
    assert elsewhere.get(f"{PAGE}export/leadership").status_code == 404
    assert elsewhere.get(f"{PAGE}of/leadership").status_code == 404
    for slug in ("other", "%00", "x" * 3000, "../leadership"):
        assert author.get(f"{PAGE}export/{slug}").status_code == 404
        assert author.get(f"{PAGE}of/{slug}").status_code == 404
    bring_in(author, as_package(replace(studied, programme=replace(studied.programme, slug="unpublished"))))
    assert author.get(f"{PAGE}export/unpublished").status_code == 409
    assert taken_out(author, "unpublished?which=draft")
