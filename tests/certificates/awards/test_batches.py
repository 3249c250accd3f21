"""Issuing many at once: checked, looked at as a whole, none twice and none lost wherever the worker is killed."""

from __future__ import annotations

import random
import re
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from certificates.awards.batches.making import JOB_KIND, begin_batch, mark_of, pause_batch, start_batch
from certificates.awards.batches.models import BatchId, BatchState, IssueBatch, IssueBatchLine, LineState
from certificates.awards.batches.running import MOST_REFUSED, work_batch
from certificates.awards.models import Application, Award
from certificates.awards.states import ApplicationState
from courses.cohorts.models import Enrolment
from institute import clock
from institute.actors import Actor, Role
from institute.config import Settings
from institute.db import db, transaction
from institute.jobs import outbox
from institute.jobs.models import OutboxRow
from institute.jobs.outcomes import RetryPolicy
from institute.people.models import Institute, Person
from tests.browsing import Visitor
from tests.certificates.awards.conftest import APPLICATIONS, LEVEL, Candidate, Office
from tests.certificates.awards.many import Many, make_many
from tests.courses.coaching.conftest import NOW
from tests.lti.services.workers import WorkerNursery, nursery

BATCHES = "/administrator/batches"
Make = Callable[..., Candidate]
LINES = 60


@pytest.fixture(scope="module")
def workers() -> Iterator[WorkerNursery]:
    """Workers in processes of their own."""
    with nursery() as found:
        yield found


@pytest.fixture
def many(make_candidate: Make, system: Actor, session: Session) -> Callable[[int], Many]:
    """Make many applications that wait."""

    def make(count: int) -> Many:
        like = session.get_one(Enrolment, make_candidate(met=False).enrolment_id)
        return make_many(count, like=like, actor=system, session=session)

    return make


def work(app: Flask) -> None:
    """Let the worker do all that is due for batches; the documents are made elsewhere."""
    with app.app_context():
        while (job := outbox.lease([JOB_KIND])) is not None:
            outbox.settle(job, work_batch(job), RetryPolicy())


def begun(office: Office, **form: str | list[str]) -> int:
    """Begin a batch through the form and return its id."""
    answer = office.visitor.post(f"{BATCHES}/", form)
    assert answer.status_code == 303, answer.text
    return int(answer.headers["Location"].rsplit("/", 1)[1])


def seen_in(page: str) -> str:
    """Return the mark that the form of a page carries."""
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found is not None
    return found.group(1)


def lines_of(session: Session, batch_id: int) -> Counter[LineState]:
    """Count a batch's lines by state."""
    session.rollback()
    query = select(IssueBatchLine.state).where(IssueBatchLine.batch_id == batch_id)
    return Counter(session.scalars(query))


def state_of(session: Session, batch_id: int) -> tuple[BatchState, str]:
    """Return where a batch stands, and what it was paused for."""
    session.rollback()
    batch = session.get_one(IssueBatch, BatchId(batch_id))
    return batch.state, batch.cause


def test_chosen_ones_are_checked_shown_as_a_whole_and_issued(
    app: Flask, make_candidate: Make, office: Office, session: Session
) -> None:
    first, second = make_candidate(name="Lucía Ortega"), make_candidate(name="Mei Ling")
    for one in (first, second):
        assert one.apply() == 303
    listing = office.visitor.get(f"{APPLICATIONS}/").text
    assert listing.count('name="chosen"') == 2
    batch_id = begun(office, chosen=[str(first.application.id), str(second.application.id), "x", "0"])
    page = office.visitor.get(f"{BATCHES}/{batch_id}").text
    assert "0 of 2 are checked" in page
    assert 'name="seen"' not in page
    work(app)
    page = office.visitor.get(f"{BATCHES}/{batch_id}").text
    assert "2 certificates can be issued" in page
    for words in ("Lucía Ortega", "Mei Ling", "1 h 15 min", "Issue 2 certificates"):
        assert words in page
    assert first.awards == []
    assert office.visitor.post(f"{BATCHES}/{batch_id}/start", {"seen": "else"}).status_code == 409
    assert office.visitor.post(f"{BATCHES}/{batch_id}/start", {"seen": seen_in(page)}).status_code == 303
    assert "not finished yet" in office.visitor.get("/administrator/").text
    work(app)
    page = office.visitor.get(f"{BATCHES}/{batch_id}").text
    assert "2 of 2 issued" in page
    assert "2 documents are still being made" in page
    for one in (first, second):
        (award,) = one.awards
        assert award.serial in page
        assert award.issued_by == office.person.id
    assert "2 of 2" in office.visitor.get(f"{BATCHES}/").text


def test_what_cannot_be_issued_stands_first_with_its_reason(
    app: Flask, make_candidate: Make, office: Office, session: Session
) -> None:
    good, nameless, own, wishing = (
        make_candidate(name="Lucía Ortega"),
        make_candidate(name="Mei Ling"),
        make_candidate(name="Ann"),
        make_candidate(name="Rosa"),
    )
    for one in (good, nameless, own, wishing):
        assert one.apply() == 303
    wish = {"application": str(wishing.application.id), "name": "Rosa Delgado", "reason": "My whole name."}
    assert wishing.visitor.post(f"{LEVEL}wish", wish).status_code == 303
    with transaction() as writing:
        writing.get_one(Application, nameless.application.id).name = "🎓"
    log_id = own.pair.log(day="2026-10-12")
    assert own.pair.answer(log_id, "dispute", difference="length", reason="It was shorter.") == 303
    batch_id = begun(office, all="1")
    assert "0 of 4" in office.visitor.get(f"{BATCHES}/").text
    work(app)
    assert "0 of 1" in office.visitor.get(f"{BATCHES}/").text
    page = office.visitor.get(f"{BATCHES}/{batch_id}").text
    assert "1 certificate can be issued" in page
    assert "The person asks for another name on the certificate." in page
    assert "The name holds characters that cannot be printed." in page
    assert "A rule of this level is still open" in page
    office.visitor.post(f"{BATCHES}/{batch_id}/start", {"seen": seen_in(page)})
    work(app)
    assert [len(one.awards) for one in (good, nameless, own, wishing)] == [1, 0, 0, 0]
    assert "1 of 1" in office.visitor.get(f"{BATCHES}/").text
    assert state_of(session, batch_id) == (BatchState.DONE, "")


def test_what_another_decides_meanwhile_is_refused_line_by_line_and_says_who(
    app: Flask,
    many: Callable[[int], Many],
    office: Office,
    make_office: Callable[..., Office],
    session: Session,
) -> None:
    found = many(3)
    batch_id = begun(office, all="1")
    work(app)
    page = office.visitor.get(f"{BATCHES}/{batch_id}").text
    other = make_office(name="Omar Diaz")
    application = session.get_one(Application, found.applications[1])
    assert other.issue(application) == 303
    denied = f"{APPLICATIONS}/{found.applications[2]}/deny"
    assert other.visitor.post(denied, {"deny_reason": "Not your own work."}).status_code == 303
    office.visitor.post(f"{BATCHES}/{batch_id}/start", {"seen": seen_in(page)})
    work(app)
    assert lines_of(session, batch_id) == {LineState.ISSUED: 1, LineState.REFUSED: 2}
    assert "Omar Diaz decided about it meanwhile." in office.visitor.get(f"{BATCHES}/{batch_id}").text
    assert len(session.scalars(select(Award)).all()) == 2
    assert (
        "Omar Diaz has decided this application"
        in office.visitor.post(f"{APPLICATIONS}/{found.applications[1]}/issue", {"seen": "x"}).text
    )


def test_lines_left_out_are_not_issued_and_change_the_mark(
    app: Flask, many: Callable[[int], Many], office: Office, session: Session
) -> None:
    many(3)
    batch_id = begun(office, all="1")
    work(app)
    before = seen_in(office.visitor.get(f"{BATCHES}/{batch_id}").text)
    line = session.scalars(select(IssueBatchLine.id).order_by(IssueBatchLine.id).limit(1)).one()
    path = f"{BATCHES}/{batch_id}"
    assert office.visitor.post(f"{path}/leave-out", {"chosen": [str(line), "999999"]}).status_code == 303
    assert office.visitor.post(f"{path}/start", {"seen": before}).status_code == 409
    office.visitor.post(f"{path}/start", {"seen": seen_in(office.visitor.get(path).text)})
    assert office.visitor.post(f"{path}/leave-out", {"chosen": str(line)}).status_code == 409
    work(app)
    assert lines_of(session, batch_id) == {LineState.ISSUED: 2, LineState.LEFT_OUT: 1}


def started(app: Flask, office: Office) -> int:
    """Start a batch of all that waits; return its id."""
    batch_id = begin_batch(actor=office.actor)
    work(app)
    start_batch(batch_id, seen=mark_of(batch_id, db.session())[0], actor=office.actor)
    return batch_id


def test_several_refusals_in_a_row_pause_it_and_somebody_goes_on(
    app: Flask, many: Callable[[int], Many], office: Office, session: Session
) -> None:
    found = many(MOST_REFUSED + 2)
    batch_id = started(app, office)
    with transaction() as writing:
        writing.execute(
            update(Application)
            .where(Application.id.in_(found.applications[: MOST_REFUSED + 1]))
            .values(name="Somebody Else")
        )
    work(app)
    assert state_of(session, batch_id) == (BatchState.PAUSED, "REFUSALS")
    assert "Several in a row could not be issued." in office.visitor.get(f"{BATCHES}/{batch_id}").text
    with clock.shift(seconds=60):
        assert office.visitor.post(f"{BATCHES}/{batch_id}/resume").status_code == 303
        work(app)
    assert state_of(session, batch_id) == (BatchState.DONE, "")
    assert lines_of(session, batch_id) == {LineState.ISSUED: 1, LineState.REFUSED: MOST_REFUSED + 1}


def test_a_clock_in_the_past_issues_nothing_and_pauses_what_runs(
    app: Flask, many: Callable[[int], Many], office: Office, session: Session
) -> None:
    found = many(2)
    batch_id = started(app, office)
    with clock.shift(seconds=-3600):
        answer = office.visitor.post(f"{APPLICATIONS}/{found.applications[0]}/issue", {"seen": "x"})
        assert (answer.status_code, "CLOCK-BACKWARDS" in answer.text) == (409, True)
        with transaction() as writing:
            writing.execute(update(OutboxRow).values(next_at=clock.now()))
        work(app)
    assert state_of(session, batch_id) == (BatchState.PAUSED, "CLOCK-BACKWARDS")
    assert session.scalars(select(Award.id)).all() == []
    office.visitor.post(f"{BATCHES}/{batch_id}/resume")
    work(app)
    assert lines_of(session, batch_id) == {LineState.ISSUED: 2}


def test_pausing_stopping_and_going_on_are_for_whom_they_are_for(  # noqa: PLR0917
    app: Flask,
    many: Callable[[int], Many],
    office: Office,
    make_office: Callable[..., Office],
    make_institute: Callable[..., Institute],
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
    session: Session,
) -> None:
    many(1)
    batch_id = begun(office, all="1")
    work(app)
    path, other = f"{BATCHES}/{batch_id}", make_office(name="Omar Diaz")
    seen = seen_in(office.visitor.get(path).text)
    assert 'name="seen"' not in other.visitor.get(path).text
    assert other.visitor.post(f"{path}/start", {"seen": seen}).status_code == 403
    office.visitor.post(f"{path}/start", {"seen": seen})
    pause_batch(BatchId(batch_id), actor=other.actor)
    assert other.visitor.post(f"{path}/resume").status_code == 403
    assert office.visitor.post(f"{path}/resume").status_code == 303
    assert other.visitor.post(f"{path}/stop").status_code == 303
    for way in ("start", "pause", "resume", "stop", "leave-out"):
        assert office.visitor.post(f"{path}/{way}", {"seen": seen}).status_code == 409
    work(app)
    assert session.scalars(select(Award.id)).all() == []
    elsewhere = make_institute(slug="harbour")
    stranger = sign_in(make_person(institute_id=elsewhere.id), roles=[Role.ADMINISTRATOR])
    assert stranger.get(path).status_code == 404
    for way in ("start", "pause", "resume", "stop", "leave-out"):
        assert stranger.post(f"{path}/{way}", {"seen": seen}).status_code == 404
    assert stranger.post(f"{BATCHES}/", {"all": "1"}).status_code == 422


@pytest.mark.every_value
def test_killed_again_and_again_each_is_issued_once(  # noqa: PLR0917
    app: Flask,
    many: Callable[[int], Many],
    office: Office,
    workers: WorkerNursery,
    settings: Settings,
    session: Session,
) -> None:
    many(LINES)
    batch_id = started(app, office)
    with transaction() as writing:
        writing.execute(
            update(OutboxRow)
            .where(OutboxRow.kind != "award.batch")
            .values(next_at=datetime(2100, 1, 1, tzinfo=UTC))
        )
    session.rollback()
    chance = random.Random(1)
    ahead = max(0.0, (NOW - datetime.fromtimestamp(time.time(), UTC)).total_seconds()) + 1
    ended = []
    for _ in range(4):
        ended.append(workers.run(settings, ahead=ahead, kill_after=chance.uniform(0.3, 0.8)))
        ahead += 61
    assert -signal.SIGKILL in ended
    for _ in range(100):  # a busy machine issues a few each time
        if state_of(session, batch_id)[0] is not BatchState.RUNNING:
            break
        workers.run(settings, ahead=ahead, kill_after=3)
        ahead += 61
    assert lines_of(session, batch_id) == {LineState.ISSUED: LINES}
    awards = session.scalars(select(Award)).all()
    assert len({one.application_id for one in awards}) == len(awards) == LINES
    assert sorted(one.number for one in awards) == list(range(1, LINES + 1))
    states = session.scalars(select(Application.state)).all()
    assert set(states) == {ApplicationState.AWARDED}
