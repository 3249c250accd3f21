"""What the coach and the office hand in, links and items, presentations, either/or: who sees what, and what counts."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.evidence.models import Owner, Presentation, RequirementKind, Submission, SubmissionItem
from certificates.evidence.queries import requirement_states
from certificates.evidence.reading import packet
from certificates.evidence.states import SubmissionState
from certificates.evidence.uploading import digest_of
from courses.cohorts.assigning import assign_coach
from courses.meetings.models import Audience, Meeting, MeetingAttendance, MeetingKind, Presence, Way
from courses.plans.models import PlanKind, PlanVersion
from institute import clock
from institute.actors import Actor, Role
from institute.clock import now
from institute.db import transaction
from institute.people.models import Person
from tests import papers
from tests.browsing import Visitor
from tests.certificates.evidence.conftest import Author, ask_for, requirement_draft
from tests.courses.conftest import Studied

OFFICE_KEY, COACH_KEY, TALK = "verification-form", "coaching-log", "portfolio-presentation"


@pytest.fixture
def whole_list(asked: Actor) -> Actor:
    """A check list with everybody's requirements."""
    ask_for(
        requirement_draft(rubric_key=None, most_links=2, takes_items=True),
        requirement_draft(COACH_KEY, owner=Owner.COACH, rubric_key=None, takes_items=True),
        requirement_draft(OFFICE_KEY, owner=Owner.OFFICE, rubric_key=None, wants_text=False, most_files=1),
        requirement_draft(TALK, kind=RequirementKind.PRESENTATION, wants_text=False, most_files=1),
        requirement_draft("shadow", rubric_key=None, choice="shadow-or-visit"),
        requirement_draft("visit", rubric_key=None, choice="shadow-or-visit"),
        requirement_draft(
            "learning",
            rubric_key=None,
            attended_kind=MeetingKind.PROFESSIONAL_LEARNING,
            attended_minutes=60,
        ),
        actor=asked,
    )
    return asked


@pytest.fixture
def coach(
    whole_list: Actor,
    author: Author,
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
) -> Visitor:
    """The author's coach of today."""
    person = make_person(name="Amina")
    assign_coach(author.enrolment_id, person.id, since=date(2026, 9, 1), actor=whole_list)
    return sign_in(person, roles=[Role.COACH])


@pytest.fixture
def office(whole_list: Actor, make_person: Callable[..., Person], sign_in: Callable[..., Visitor]) -> Visitor:
    """Somebody of the office."""
    return sign_in(make_person(name="Ruth"), roles=[Role.ADMINISTRATOR])


def handed(text: str = "", **more: Any) -> dict[str, Any]:
    """Return the fields of a form that a page without a draft was made with."""
    return {"text": text, "_base": digest_of(""), **more}


def with_file(form: dict[str, Any]) -> dict[str, Any]:
    """Add a document to a form."""
    return form | {"files": [(io.BytesIO(papers.pdf()), "form.pdf")]}


def test_coach_hands_in_what_is_theirs_and_the_participant_reads_it_then(
    coach: Visitor, author: Author
) -> None:
    path = f"/coach/portfolios/{author.enrolment_id}/{COACH_KEY}"
    assert "1 thing waits" in coach.get("/coach/portfolios/").text
    assert coach.post(path, handed("October: 4 h 30 min")).status_code == 303
    own = f"/participant/evidence/{COACH_KEY}"
    assert "October" not in author.visitor.get(own).text, "a draft is its writer's alone"
    form = {"text": "October: 4 h 30 min", "_base": digest_of("October: 4 h 30 min")}
    assert coach.post(f"{path}/submit", form).status_code == 303
    page = author.visitor.get(own).text
    assert "October: 4 h 30 min" in page
    assert "Amina" in page
    assert requirement_states(author.enrolment_id)[COACH_KEY].met
    assert "Nothing waits for you" in coach.get("/coach/portfolios/").text
    assert author.visitor.post(own, handed("Mine")).status_code == 404, "it is not theirs to write"


def test_coach_and_office_reach_neither_each_others_nor_the_participants_evidence(
    coach: Visitor, office: Visitor, author: Author
) -> None:
    author.send("My secret draft")
    for area, visitor, key in (
        ("coach", coach, OFFICE_KEY),
        ("coach", coach, "leadership-plan"),
        ("administrator", office, COACH_KEY),
        ("administrator", office, "leadership-plan"),
    ):
        path = f"/{area}/portfolios/{author.enrolment_id}/{key}"
        assert visitor.get(path).status_code == 404
        assert visitor.post(path, handed("x")).status_code == 404
    for area, visitor in (("coach", coach), ("administrator", office)):
        board = visitor.get(f"/{area}/portfolios/{author.enrolment_id}").text
        assert "Not handed in yet" in board
        assert "My secret draft" not in board


def test_coach_of_nobody_here_finds_no_portfolio(
    coach: Visitor, make_author: Callable[..., Author], make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor], author: Author,
) -> None:  # fmt: skip
    other = make_author()
    assert coach.get(f"/coach/portfolios/{other.enrolment_id}").status_code == 404
    assert coach.get(f"/coach/portfolios/{other.enrolment_id}/{COACH_KEY}").status_code == 404
    stranger = sign_in(make_person(name="Eve"), roles=[Role.COACH])
    assert stranger.get(f"/coach/portfolios/{author.enrolment_id}").status_code == 404
    assert stranger.get(f"/coach/portfolios/{9**18}").status_code == 404


def test_office_hands_in_its_form(office: Visitor, author: Author, session: Session) -> None:
    path = f"/administrator/portfolios/{author.enrolment_id}/{OFFICE_KEY}"
    assert "Nothing is here yet" in office.post(f"{path}/submit", handed()).text
    sent = office.post(f"{path}/submit", with_file(handed()), content_type="multipart/form-data")
    assert sent.status_code == 303
    status = requirement_states(author.enrolment_id)[OFFICE_KEY]
    assert (status.state, status.met) == (SubmissionState.SUBMITTED, True)
    row = session.get_one(Submission, status.submission_id)
    assert row.author_id != row.person_id == author.person.id
    assert office.post(f"{path}/submit", handed()).status_code == 409, "twice is once"
    assert "form.pdf" in author.visitor.get(f"/participant/evidence/{OFFICE_KEY}").text


def test_link_that_is_no_address_is_told_beside_its_field_and_nothing_is_lost(
    whole_list: Actor, author: Author, session: Session
) -> None:
    for bad in (
        "javascript:alert(1)",
        "my page",
        "https://",
        "https://[",
        "ftp://x.org",
        "https://x y",
        "x" * 9_999,
    ):
        author.open()
        answer = author.send("Kept", link_url=bad, link_title="Blog")
        assert answer.status_code == 422
        assert "is no address on the web" in answer.text
        assert 'value="Blog"' in answer.text
    assert author.submissions()[0].text == "Kept"
    author.open()
    for number in range(4):
        author.send("Kept", link_url=f"https://example.org/{number}", link_title=f"Page {number}")
    links = session.scalars(select(SubmissionItem.title).order_by(SubmissionItem.position)).all()
    assert links == ["Page 0", "Page 1"], "there is room for two"


def test_plan_is_handed_in_with_what_it_says_then(
    whole_list: Actor, author: Author, session: Session, make_author: Callable[..., Author]
) -> None:
    other = make_author()
    with transaction() as writing:
        for one in (author, other):
            goals = [{"text": f"Goal of {one.person.id}"}]
            writing.add(
                PlanVersion(
                    institute_id=one.person.institute_id,
                    enrolment_id=one.enrolment_id,
                    kind=PlanKind.ILP,
                    number=1,
                    document=goals,
                    words="With pride",
                )
            )
    own, theirs = session.scalars(select(PlanVersion.id).order_by(PlanVersion.id)).all()
    for wrong in (f"plan:{theirs}", "plan:x", "session:1", "king:1", f"plan:{9**30}"):
        assert author.send("Text", item=wrong).status_code == 422
    assert author.send("Text", item=f"plan:{own}").status_code == 303
    assert author.submit("Text").status_code == 303
    assert f"Goal of {author.person.id}" in author.open()
    assert author.submissions()[0].state is SubmissionState.SUBMITTED
    found = packet(author.submissions()[0].id, institute_id=whole_list.institute_id)
    assert [row[1] for row in found.items[0].rows] == [f"Goal of {author.person.id}", "With pride"]


def test_changed_requirement_is_read_again_before_it_is_submitted(whole_list: Actor, author: Author) -> None:
    page = author.open()
    assert 'name="_asked"' in page
    ask_for(requirement_draft(rubric_key=None, instructions=requirement_draft("x").title), actor=whole_list)
    answer = author.send("My text", to="/participant/evidence/leadership-plan/submit", _asked="1")
    assert answer.status_code == 422
    assert "was changed meanwhile" in answer.text
    assert author.submissions()[0].state is SubmissionState.DRAFT
    assert author.submissions()[0].text == "My text"


def test_one_of_either_or_is_enough(whole_list: Actor, author: Author) -> None:
    author.send("What I saw", to="/participant/evidence/shadow/submit")
    states = requirement_states(author.enrolment_id)
    assert (states["shadow"].passed, states["visit"].passed) == (True, False)
    assert states["visit"].met_by == "shadow"
    assert "Not needed" in author.visitor.get("/participant/evidence/").text


def test_attendance_and_summary_together_meet_a_requirement(
    whole_list: Actor, author: Author, studied: Studied
) -> None:
    author.send("What I learnt", to="/participant/evidence/learning/submit")
    assert not requirement_states(author.enrolment_id)["learning"].met
    starts = datetime(2026, 10, 1, 17, tzinfo=UTC)
    with transaction() as session:
        meeting = Meeting(
            institute_id=whole_list.institute_id,
            key="learning-1",
            kind=MeetingKind.PROFESSIONAL_LEARNING,
            audience=Audience.EVERYBODY,
            starts=starts,
            ends=starts + timedelta(hours=2),
            zone="UTC",
        )
        session.add(meeting)
        session.flush()
        session.add(
            MeetingAttendance(
                institute_id=whole_list.institute_id,
                meeting_id=meeting.id,
                person_id=author.person.id,
                presence=Presence.PRESENT,
                minutes=120,
                way=Way.LIST,
            )
        )
    status = requirement_states(author.enrolment_id)["learning"]
    assert (status.attended, status.met) == (120, True)


PRESENTATION = {"day": "2026-12-01", "begins": "14:30", "minutes": "45", "place": "Room 4"}


def test_presentation_is_scheduled_held_and_then_stands(
    office: Visitor, author: Author, session: Session, whole_list: Actor
) -> None:
    path = f"/administrator/portfolios/{author.enrolment_id}/{TALK}/presentation"
    begins = (now() + timedelta(hours=1)).replace(second=0, microsecond=0)
    local = begins.astimezone(ZoneInfo("America/Los_Angeles"))
    moved = PRESENTATION | {"day": f"{local:%Y-%m-%d}", "begins": f"{local:%H:%M}"}
    tomorrow = (now() + timedelta(days=1)).date().isoformat()
    for form in (PRESENTATION | {"day": tomorrow}, moved):
        assert office.post(path, form).status_code == 303
        assert office.post(f"{path}/held", {}).status_code == 409, "it is still to come"
    assert author.send("", to=f"/participant/evidence/{TALK}/submit").status_code == 404
    assert "Room 4" in author.visitor.get(f"/participant/evidence/{TALK}").text
    with clock.frozen(begins + timedelta(minutes=50)):
        assert office.post(f"{path}/held", {}).status_code == 303
        assert office.post(f"{path}/held", {}).status_code == 409
        assert office.post(path, moved).status_code == 409
        assert office.post(f"{path}/off", {}).status_code == 409
    row = session.scalars(select(Presentation)).one()
    assert row.starts_at == begins, "what was typed is the cohort's clock"
    found = packet(row.submission_id, institute_id=whole_list.institute_id)
    assert found.seen
    assert found.presentation is not None
    assert requirement_states(author.enrolment_id)[TALK].state is SubmissionState.SUBMITTED


def test_presentation_that_is_called_off_leaves_what_was_prepared(office: Visitor, author: Author) -> None:
    path = f"/administrator/portfolios/{author.enrolment_id}/{TALK}/presentation"
    day = (now() + timedelta(days=9)).date().isoformat()
    assert office.post(path, PRESENTATION | {"day": day}).status_code == 303
    assert office.post(f"{path}/off", {}).status_code == 303
    assert requirement_states(author.enrolment_id)[TALK].state is SubmissionState.DRAFT
    assert office.post(f"{path}/held", {}).status_code == 409


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("day", {"day": "soon"}),
        ("day", {"day": "1899-01-01"}),
        ("begins", {"begins": "half past"}),
        ("minutes", {"minutes": "0"}),
        ("minutes", {"minutes": "1" * 40}),
        ("place", {"place": ""}),
        ("place", {"place": "x" * 301}),
        ("link", {"link": "nowhere"}),
    ],
)
def test_presentation_with_something_wrong_is_refused_beside_the_field(
    office: Visitor, author: Author, field: str, bad: dict[str, str]
) -> None:
    path = f"/administrator/portfolios/{author.enrolment_id}/{TALK}/presentation"
    with clock.frozen(datetime(2026, 11, 22, tzinfo=UTC)):
        answer = office.post(path, PRESENTATION | bad)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text


def test_blind_reader_finds_neither_name_nor_address_in_the_texts(
    whole_list: Actor, author: Author, session: Session
) -> None:
    with transaction() as writing:
        person = writing.get_one(Person, author.person.id)
        person.name, person.email = "María del Río", "maria@example.org"
    text = "I, maria DEL RIO, write to maria@example.org about Maria and the marina."
    author.send(text, link_url="https://example.org/", link_title="Page of María")
    author.submit(text)
    found = packet(author.submissions()[0].id, institute_id=whole_list.institute_id)
    assert "maria " not in found.text.lower()
    assert "example.org" not in found.text
    assert "marina" in found.text
    assert found.items[0].title == "Page of ▇▇▇"
    assert (
        "maria DEL RIO"
        in packet(author.submissions()[0].id, institute_id=whole_list.institute_id, blind=False).text
    )
