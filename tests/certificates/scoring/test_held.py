"""Scores that the scoring lead lets out: previewed, translated, released together, and unknown until then."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.evidence.states import SubmissionState
from certificates.rubrics.policies import Releasing
from certificates.scoring.outcomes.holding import HeldScores
from certificates.scoring.outcomes.queries import results_of
from certificates.scoring.outcomes.results import ReleasedComment, ScoreRelease
from institute.actors import Actor, Role
from institute.clock import now
from institute.db import db
from institute.jobs.models import OutboxRow
from institute.people.granting import grant_role
from institute.people.models import Institute, Person, Supervision
from tests.browsing import Visitor
from tests.certificates.scoring.rounds import KEY, MakeStory, Story

LIST = "/scoring-lead/release/"
MakeLead = Callable[..., Visitor]


@pytest.fixture
def make_lead(make_person: Callable[..., Person], sign_in: Callable[..., Visitor]) -> MakeLead:
    """Sign a scoring lead in."""

    def make(person: Person | None = None) -> Visitor:
        found = person or make_person(name="Ingrid Lead")
        grant_role(found.id, Role.SCORING_LEAD, actor=Actor(found.institute_id, None))
        return sign_in(found)

    return make


def held(session: Session) -> HeldScores:
    """Return the newest scores that wait."""
    session.rollback()
    return session.scalars(select(HeldScores).order_by(HeldScores.id.desc())).first() or HeldScores()


def waiting(make_story: MakeStory, **more: object) -> Story:
    """Have evidence scored by a rubric whose scores the lead releases."""
    story = make_story(releasing=Releasing.LEAD, **more)
    story.score(2, 3, comment="Mehr Beispiele, bitte.")
    return story


def test_nothing_is_told_until_the_lead_releases_and_then_everything_is(
    make_story: MakeStory, make_lead: MakeLead, session: Session
) -> None:
    story = waiting(make_story)
    assert story.state() is SubmissionState.SCORED
    assert story.visitor.get(f"/participant/scores/{story.latest}").status_code == 404
    assert "Being scored" in story.visitor.get("/participant/evidence/").text
    assert results_of(story.desk.enrolment_id) == {}
    assert session.scalars(select(OutboxRow).where(OutboxRow.kind.in_(("mail", "lti.score")))).all() == []
    lead = make_lead()
    page = lead.get(LIST).text
    assert "2.5 of 4" in page
    assert story.person.name not in page
    assert lead.post(LIST, {"held": str(held(session).id)}).status_code == 303
    assert story.state() is SubmissionState.RELEASED
    assert "Mehr Beispiele" in story.visitor.get(f"/participant/scores/{story.latest}").text
    assert "Nothing waits" in lead.get(LIST).text


def test_many_are_released_at_once_and_each_participant_is_told(
    make_story: MakeStory, make_lead: MakeLead, session: Session
) -> None:
    for name in ("Anna", "Bertram", "Clara"):
        waiting(make_story, name=name)
    lead = make_lead()
    chosen = [str(one) for one in session.scalars(select(HeldScores.id))]
    assert lead.post(LIST, {"held": chosen}).status_code == 303
    assert session.scalar(select(func.count(ScoreRelease.id))) == 3
    told = session.scalars(select(OutboxRow).where(OutboxRow.kind == "mail")).all()
    assert [row.payload["mail"] for row in told] == ["scores.released"] * 3


def test_a_translation_stands_before_the_own_words_each_in_its_language(
    make_story: MakeStory, make_lead: MakeLead, session: Session
) -> None:
    story = make_story(releasing=Releasing.LEAD)
    story.person.locale = "es"
    db.session.commit()
    story.locale = "vi"
    story.score(2, 3, comment="Hãy viết thêm")
    lead = make_lead()
    one = f"{LIST}{held(session).id}"
    page = lead.get(one).text
    assert 'lang="vi"' in page
    fields = [part.split('"')[0] for part in page.split('name="words-')[1:]]
    assert len(fields) == 2
    sent = {f"words-{fields[0]}": "Escribe más", f"words-{fields[1]}": "", "then": "save"}
    assert lead.post(one, sent).status_code == 303
    assert "Escribe más" in lead.get(one).text
    assert lead.post(one, sent | {"then": "release"}).status_code == 303
    words = session.scalars(select(ReleasedComment).order_by(ReleasedComment.criterion_id)).all()
    assert [(one.language, one.translated_to, one.translation) for one in words] == [
        ("vi", "es", "Escribe más"),
        ("vi", None, None),
    ]
    read = story.visitor.get(f"/participant/scores/{story.latest}").text
    assert 'lang="es" dir="auto">Escribe más' in read
    assert 'lang="vi" dir="auto">Hãy viết thêm' in read


@pytest.mark.parametrize("sent", [{}, {"held": "x"}, {"held": "9" * 40}, {"held": "\x00"}, {"held": "-1"}])
def test_releasing_nothing_says_so(make_lead: MakeLead, sent: dict[str, str]) -> None:
    assert make_lead().post(LIST, sent).status_code == 422


def test_a_translation_that_is_too_long_is_kept_on_the_page(
    make_story: MakeStory, make_lead: MakeLead, session: Session
) -> None:
    waiting(make_story).person.locale = "es"
    lead = make_lead()
    one = f"{LIST}{held(session).id}"
    page = lead.get(one).text
    [field, *_] = [part.split('"')[0] for part in page.split('name="words-')[1:]]
    answer = lead.post(one, {f"words-{field}": "x" * 4001, "then": "save"})
    assert answer.status_code == 422
    assert "x" * 4001 in answer.text


def test_who_supervises_the_person_neither_sees_nor_releases_the_scores(
    make_story: MakeStory, make_lead: MakeLead, make_person: Callable[..., Person], session: Session
) -> None:
    story = waiting(make_story)
    boss = make_person(name="Boss")
    session.add(
        Supervision(
            institute_id=boss.institute_id,
            supervisor_id=boss.id,
            subordinate_id=story.person.id,
            since=now().date(),
        )
    )
    session.commit()
    lead = make_lead(boss)
    page = lead.get(LIST).text
    assert "2.5 of 4" not in page
    assert "1 more waits for another scoring lead" in page
    one = held(session).id
    assert lead.get(f"{LIST}{one}").status_code in {403, 409}
    assert lead.post(LIST, {"held": str(one)}).status_code in {403, 409}
    assert story.state() is SubmissionState.SCORED


def test_two_leads_who_release_at_once_release_once(
    make_story: MakeStory, make_lead: MakeLead, session: Session
) -> None:
    waiting(make_story)
    lead, one = make_lead(), str(held(session).id)
    session.rollback()
    with ThreadPoolExecutor(3) as pool:
        answers = sorted(pool.map(lambda _: lead.post(LIST, {"held": one}).status_code, range(3)))
    assert answers == [303, 422, 422]
    assert session.scalar(select(func.count(ScoreRelease.id))) == 1


def test_an_appeal_is_held_as_well(make_story: MakeStory, make_lead: MakeLead, session: Session) -> None:
    story = waiting(make_story)
    lead = make_lead()
    lead.post(LIST, {"held": str(held(session).id)})
    story.visitor.post(f"/participant/appeals/{story.latest}", {"reason": "Again, please."})
    story.score(3, 3)
    story.score(3, 3)
    assert story.state() is SubmissionState.APPEALED
    assert "Appeal" in lead.get(LIST).text
    lead.post(LIST, {"held": str(held(session).id)})
    assert story.state() is SubmissionState.ACCEPTED
    assert results_of(story.desk.enrolment_id)[KEY].score == 3


def test_another_institutes_lead_finds_none_of_it(
    make_story: MakeStory,
    make_lead: MakeLead,
    make_institute: Callable[..., Institute],
    make_person: Callable[..., Person],
    session: Session,
) -> None:
    waiting(make_story)
    stranger = make_lead(make_person(institute_id=make_institute(slug="hanoi").id))
    one = held(session).id
    assert stranger.get(f"{LIST}{one}").status_code == 404
    assert stranger.post(f"{LIST}{one}", {"then": "release"}).status_code == 404
    assert stranger.post(LIST, {"held": str(one)}).status_code == 404
