"""Batches that meet what nobody foresaw: an expired key, an error of the program, what does not fit, two at once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from certificates.awards.batches import running
from certificates.awards.batches.models import BatchState, IssueBatchLine, LineState
from certificates.awards.errors import LookUnfitError
from certificates.awards.models import Application, Award
from certificates.documents.looks.keeping import save_look
from certificates.documents.looks.look import Look, Signer
from institute import clock
from institute.actors import Actor
from institute.db import db, transaction
from institute.i18n import Localised
from institute.keys import making
from institute.keys.keeping import key_in_use
from institute.keys.models import KeyPurpose
from institute.web.models import LaunchSession
from tests.certificates.awards.conftest import APPLICATIONS, Candidate, Office
from tests.certificates.awards.many import Many
from tests.certificates.awards.test_batches import (  # noqa: F401  (a fixture)
    BATCHES,
    begun,
    lines_of,
    many,
    seen_in,
    state_of,
    work,
)
from tests.courses.coaching.conftest import NOW

KEYS = "/administrator/keys/"
SHORT = timedelta(days=20)
MakeMany = Callable[[int], Many]


@pytest.fixture
def lasting(session: Session, office: Office) -> None:
    """Let everybody stay signed in for long."""
    with transaction() as writing:
        writing.execute(update(LaunchSession).values(expires_at=clock.now() + timedelta(days=99)))


def test_a_batch_rests_while_the_key_has_expired_and_goes_on_when_it_is_replaced(  # noqa: PLR0917
    app: Flask,
    many: MakeMany,  # noqa: F811
    office: Office,
    lasting: None,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as shortly:
        shortly.setattr(making, "CERTIFICATE_LIFE", SHORT)
        key_in_use(office.person.institute_id, KeyPurpose.DOCUMENT)
    many(3)
    batch_id = begun(office, all="1")
    work(app)
    path = f"{BATCHES}/{batch_id}"
    with clock.shift(seconds=(SHORT + timedelta(days=1)).total_seconds()):
        office.visitor.post(f"{path}/start", {"seen": seen_in(office.visitor.get(path).text)})
        work(app)
        assert state_of(session, batch_id) == (BatchState.PAUSED, "KEY-EXPIRED")
        page = office.visitor.get(path).text
        assert (
            "The key that signs documents has expired. It goes on by itself when the key is replaced." in page
        )
        assert office.visitor.post(f"{path}/resume").status_code == 303
        work(app)
        assert state_of(session, batch_id) == (BatchState.PAUSED, "KEY-EXPIRED")
        assert session.scalars(select(Award.id)).all() == []
        assert office.visitor.post(KEYS, {"purpose": "badge"}).status_code == 303
        assert state_of(session, batch_id)[0] is BatchState.PAUSED
        assert office.visitor.post(KEYS, {"purpose": "document"}).status_code == 303
        work(app)
        assert state_of(session, batch_id) == (BatchState.DONE, "")
    assert lines_of(session, batch_id) == {LineState.ISSUED: 3}
    assert sorted(session.scalars(select(Award.number))) == [1, 2, 3]


def test_what_somebody_paused_stays_so_when_a_key_is_replaced(
    app: Flask,
    many: MakeMany,  # noqa: F811
    office: Office,
    session: Session,
) -> None:
    many(1)
    batch_id = begun(office, all="1")
    work(app)
    path = f"{BATCHES}/{batch_id}"
    office.visitor.post(f"{path}/start", {"seen": seen_in(office.visitor.get(path).text)})
    assert office.visitor.post(f"{path}/pause").status_code == 303
    assert office.visitor.post(KEYS, {"purpose": "document"}).status_code == 303
    work(app)
    assert state_of(session, batch_id) == (BatchState.PAUSED, "ASKED")


def fail_for(applications: set[int], way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a step of the worker meet an error that nobody foresaw, for some applications."""
    real = getattr(running, way)

    def fail(application: Application, *given: Any, **named: Any) -> Any:
        if application.id in applications:
            raise ZeroDivisionError
        return real(application, *given, **named)

    monkeypatch.setattr(running, way, fail)


def test_a_line_that_cannot_even_be_checked_holds_up_no_other(
    app: Flask,
    many: MakeMany,  # noqa: F811
    office: Office,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = many(3)
    fail_for({found.applications[1]}, "_check", monkeypatch)
    batch_id = begun(office, all="1")
    work(app)
    assert state_of(session, batch_id)[0] is BatchState.READY
    assert lines_of(session, batch_id) == {LineState.READY: 2, LineState.UNFIT: 1}
    page = office.visitor.get(f"{BATCHES}/{batch_id}").text
    assert "The program met an error here." in page
    assert "2 certificates can be issued" in page


def test_a_line_that_cannot_be_issued_pauses_the_batch_and_going_on_begins_with_the_next(
    app: Flask,
    many: MakeMany,  # noqa: F811
    office: Office,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = many(3)
    fail_for({found.applications[0]}, "issue", monkeypatch)
    batch_id = begun(office, all="1")
    work(app)
    path = f"{BATCHES}/{batch_id}"
    office.visitor.post(f"{path}/start", {"seen": seen_in(office.visitor.get(path).text)})
    work(app)
    assert state_of(session, batch_id) == (BatchState.PAUSED, "FAULT")
    assert session.scalars(select(Award.id)).all() == []
    assert office.visitor.post(f"{path}/resume").status_code == 303
    work(app)
    assert state_of(session, batch_id) == (BatchState.DONE, "")
    assert lines_of(session, batch_id) == {LineState.ISSUED: 2, LineState.REFUSED: 1}
    assert sorted(session.scalars(select(Award.number))) == [1, 2]


def test_what_does_not_fit_on_its_page_is_told_before_it_is_issued_alone_or_with_others(
    app: Flask, make_candidate: Callable[..., Candidate], office: Office, system: Actor, session: Session
) -> None:
    candidate = make_candidate(name="Lucía Ortega")
    assert candidate.apply() == 303
    application = candidate.application
    path = f"{APPLICATIONS}/{application.id}/issue"
    seen = seen_in(office.visitor.get(path).text)
    batch_id = begun(office, all="1")
    work(app)
    assert lines_of(session, batch_id) == {LineState.READY: 1}
    batch = f"{BATCHES}/{batch_id}"
    # The look changes after somebody has seen the preview, and after the whole was checked.
    far_too_long = Localised.of({"en": "Director of Certification and everything else " * 6})
    save_look(Look(signers=(Signer("Ann", far_too_long),)), actor=system)
    page = office.visitor.get(path).text
    assert str(LookUnfitError.sentence) in page
    assert 'name="seen"' not in page
    refused = office.visitor.post(path, {"seen": seen})
    assert (refused.status_code, "LOOK-UNFIT" in refused.text) == (409, True)
    office.visitor.post(f"{batch}/start", {"seen": seen_in(office.visitor.get(batch).text)})
    work(app)
    assert lines_of(session, batch_id) == {LineState.REFUSED: 1}
    assert str(LookUnfitError.sentence) in office.visitor.get(batch).text
    again = begun(office, all="1")
    work(app)
    assert lines_of(session, again) == {LineState.UNFIT: 1}
    page = office.visitor.get(f"{BATCHES}/{again}").text
    assert (str(LookUnfitError.sentence) in page, 'name="seen"' in page) == (True, False)
    assert candidate.awards == []


def test_two_administrators_who_issue_the_same_ones_at_once_issue_each_once(
    app: Flask,
    many: MakeMany,  # noqa: F811
    office: Office,
    make_office: Callable[..., Office],
    session: Session,
) -> None:
    count = len(many(8).applications)
    offices = [office, make_office(name="Omar Diaz")]
    began: list[int] = []
    together(app, lambda one: began.append(begun(one, all="1")), offices)
    assert len(set(began)) == 2
    work(app)
    for batch_id in began:
        assert lines_of(session, batch_id) == {LineState.READY: count}

    def start(one: Office) -> None:
        for batch_id in began:
            path = f"{BATCHES}/{batch_id}"
            page = one.visitor.get(path).text
            if 'name="seen"' in page:
                assert one.visitor.post(f"{path}/start", {"seen": seen_in(page)}).status_code == 303

    together(app, start, offices)
    db.session.rollback()
    together(app, lambda _one: work(app), offices)
    with clock.shift(seconds=60):
        for batch_id in began:  # whoever came second meets refusals alone, and goes on
            if state_of(session, batch_id) == (BatchState.PAUSED, "REFUSALS"):
                answers = [one.visitor.post(f"{BATCHES}/{batch_id}/resume").status_code for one in offices]
                assert sorted(answers) == [303, 403]
                work(app)
            assert state_of(session, batch_id) == (BatchState.DONE, "")
    awards = session.scalars(select(Award)).all()
    assert len({one.application_id for one in awards}) == len(awards) == count
    assert sorted(one.number for one in awards) == list(range(1, count + 1))
    both = Counter(session.scalars(select(IssueBatchLine.state)))
    assert both == {LineState.ISSUED: count, LineState.REFUSED: count}


def together(app: Flask, do: Callable[[Office], object], offices: list[Office]) -> None:
    """Let two administrators do something in the same moment."""
    failed: list[BaseException] = []
    start = threading.Barrier(len(offices))
    db.session.rollback()

    def act(one: Office) -> None:
        with app.app_context(), clock.frozen(NOW):
            try:
                start.wait()
                do(one)
            except BaseException as error:  # noqa: BLE001  (told in the test's own thread)
                failed.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=act, args=(one,)) for one in offices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
