"""What is sent is a choice for each link, and a new choice reaches everybody of the course."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import bindparam, select

from certificates.awards.events import AwardChanged
from certificates.awards.lifetime.revoking import suspend
from certificates.awards.models import Application, Award
from certificates.awards.states import ApplicationState, AwardStatus
from certificates.levels.defining import LevelDraft, define_levels
from certificates.levels.models import Level, RuleSet
from courses.coaching.answering import confirm_session
from courses.coaching.sheets import Sheet
from courses.coaching.writing import log_session
from courses.cohorts.assigning import assign_coach
from courses.sessions.models import SessionLog
from institute import clock, events
from institute.actors import Actor, Role
from institute.clock import now
from institute.db import db, transaction
from institute.i18n import Localised
from institute.people.models import Person
from lti.launches.models import LtiIdentity, ResourceLink
from lti.sandbox.server import RunningSandbox
from lti.services import learners
from lti.services.choosing import GradeChoiceError, choose_grade
from lti.services.models import ScoreState
from lti.services.rewishing import want_course
from lti.services.scopes import SCORE
from tests.lti.services.classroom import Classroom, Learner, stored
from tests.lti.services.test_delivery import COLUMN, bodies, cells

ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})


@pytest.fixture
def administrator(classroom: Classroom) -> Actor:
    """Somebody who may choose."""
    person = stored(Person(institute_id=classroom.institute.id, name="Ruth"))
    return Actor(classroom.institute.id, person.id, ADMINISTRATOR)


def test_another_choice_takes_the_place_of_what_the_same_column_showed(
    classroom: Classroom, platform: RunningSandbox, administrator: Actor
) -> None:
    define_levels([draft("novice"), draft("expert")], actor=classroom.actor)
    link = classroom.link(target=None)
    first, second = classroom.learner(link), classroom.learner(link, "participant-2")
    classroom.tick(first, 1, 2)
    classroom.work()
    assert cells(platform)[COLUMN, first.sub].grade == 40
    choose_grade(link.id, "level", actor=administrator)
    classroom.work()
    assert cells(platform)[COLUMN, first.sub].grade == 0
    assert (COLUMN, second.sub) not in cells(platform)  # a column that shows nothing goes on to do so
    choose_grade(link.id, "progress", actor=administrator)
    classroom.work()
    assert {sub: cell.grade for (_, sub), cell in cells(platform).items()} == {first.sub: 40}
    with platform.sandbox.store.reading() as store:
        assert store.execute("SELECT COUNT(*) FROM line_item").fetchone()[0] == 1


def test_nothing_stops_what_waits_and_a_later_choice_sends_it(
    classroom: Classroom, platform: RunningSandbox, administrator: Actor
) -> None:
    link = classroom.link(target=None)
    learner = classroom.learner(link)
    classroom.tick(learner, 1)
    choose_grade(link.id, "none", actor=administrator)
    classroom.tick(learner, 2)
    classroom.work()
    assert cells(platform) == {}
    assert [score.state for score in classroom.scores()] == [ScoreState.IDLE]
    choose_grade(link.id, "progress", actor=administrator)
    classroom.work()
    assert cells(platform)[COLUMN, learner.sub].grade == 40


def test_a_link_cannot_be_made_to_show_what_is_not_behind_it(
    classroom: Classroom, administrator: Actor
) -> None:
    link = classroom.link()
    for choice in ("evidence", "hours", "", "nonsense", "x" * 5000):
        with pytest.raises(GradeChoiceError):
            choose_grade(link.id, choice, actor=administrator)
    assert link.grade is None


@pytest.mark.parametrize(
    ("brought", "kept"),
    [("hours", "hours"), (" Level ", "level"), ("evidence", None), ("", None), ("x" * 400, None)],
)
def test_the_choice_of_the_picker_comes_with_the_first_launch_and_never_overrules(
    classroom: Classroom, administrator: Actor, brought: str, kept: str | None
) -> None:
    link = classroom.link(target=None)
    learner = classroom.learner(link, custom={"grade": brought})
    assert reread(link) == kept
    choose_grade(link.id, "none", actor=administrator)
    classroom.launch(learner, link, custom={"grade": brought})
    assert reread(link) == "none"


def test_hours_are_the_minutes_that_count_against_the_target_of_the_months_so_far(
    classroom: Classroom, platform: RunningSandbox
) -> None:
    with clock.frozen(datetime(2026, 10, 20, 19, tzinfo=UTC)):
        learner = classroom.learner(classroom.link(target="hours:mine"))
        confirmed(classroom, learner, date(2026, 10, 13), minutes=90)
        classroom.work()
        assert [(one["scoreGiven"], one["scoreMaximum"]) for one in bodies(platform)] == [(90, 360)]
        assert cells(platform)[COLUMN, learner.sub].grade == 25
    with clock.frozen(datetime(2026, 11, 1, 6, 59, tzinfo=UTC)):  # October still in Los Angeles
        classroom.work()
        assert len(bodies(platform)) == 1
    with clock.frozen(datetime(2026, 11, 1, 7, 1, tzinfo=UTC)):
        classroom.work()
        assert cells(platform)[COLUMN, learner.sub].grade == 12.5


def test_the_level_is_its_position_among_all_and_falls_when_an_award_is_suspended(
    classroom: Classroom, platform: RunningSandbox
) -> None:
    define_levels(
        [draft("novice"), draft("emerging"), draft("expert"), draft("master")], actor=classroom.actor
    )
    learner = classroom.learner(classroom.link(target="certificates:mine"))
    award = awarded(classroom, learner, "emerging")
    classroom.work()
    cell = cells(platform)[COLUMN, learner.sub]
    assert (cell.grade, bodies(platform)[0]["comment"]) == (2, "Emerging")
    with platform.sandbox.store.reading() as store:
        assert store.execute("SELECT score_maximum FROM line_item").fetchone()[0] == 4
    issuer = stored(Person(institute_id=classroom.institute.id, name="Issuer"))
    actor = Actor(classroom.institute.id, issuer.id, ADMINISTRATOR)
    suspend(award.id, reason="under_review", note="Looking into it again.", actor=actor)
    classroom.work()
    assert cells(platform)[COLUMN, learner.sub].grade == 0


def test_a_score_waits_as_a_row_until_a_launch_tells_of_the_gradebook(
    classroom: Classroom, platform: RunningSandbox
) -> None:
    link = classroom.link(lineitems_url=None, ags_scopes=[])
    learners_ = [classroom.learner(link, sub) for sub in ("participant-1", "participant-2")]
    for learner in learners_:
        classroom.tick(learner, 1)
    classroom.work()
    assert {(one.state, one.reason) for one in classroom.scores()} == {(ScoreState.WAITING, "NO-COLUMN")}
    with transaction():
        link.lineitems_url = platform.url + classroom.lineitems_path
        link.ags_scopes = classroom.link("another").ags_scopes
    teacher = classroom.learner(link, "coach-1", is_learner=False)
    classroom.work()
    assert {sub: cell.grade for (_, sub), cell in cells(platform).items()} == {
        one.sub: 20 for one in learners_
    }
    assert teacher.person_id not in {score.person_id for score in classroom.scores()}


def test_somebody_of_the_roster_who_never_came_through_a_link_has_a_score(
    classroom: Classroom, platform: RunningSandbox
) -> None:
    learners.provide(
        classroom.app,
        select(LtiIdentity.id.label("identity_id"), LtiIdentity.person_id).where(
            LtiIdentity.sub == "participant-2", bindparam("context") == classroom.context.id
        ),
    )
    link = classroom.link()
    came = classroom.learner(link)
    listed = classroom.learner(link, "participant-2", comes=False)
    classroom.tick(came, 1)
    classroom.tick(listed, 1, 2)
    classroom.work()
    assert cells(platform)[COLUMN, "participant-2"].grade == 40


def test_when_the_roster_is_read_scores_of_those_found_are_wished(
    classroom: Classroom, platform: RunningSandbox
) -> None:
    link = classroom.link()
    classroom.learner(link)
    listed = classroom.learner(link, "participant-2", comes=False)
    classroom.tick(listed, 1)
    classroom.work()
    assert cells(platform) == {}
    learners.provide(
        classroom.app,
        select(LtiIdentity.id.label("identity_id"), LtiIdentity.person_id).where(
            LtiIdentity.sub == "participant-2", bindparam("context") == classroom.context.id
        ),
    )
    with transaction():
        want_course(classroom.context.id)
    classroom.work()
    assert cells(platform)[COLUMN, "participant-2"].grade == 20


def test_a_new_choice_reaches_many_in_portions(
    classroom: Classroom, platform: RunningSandbox, administrator: Actor
) -> None:
    link = classroom.link(target=None, ags_scopes=[SCORE])
    for number in range(60):
        learner = classroom.learner(link, f"somebody-{number}")
        if number % 2:
            classroom.tick(learner, 1)
    with transaction():
        link.grade = "none"
    choose_grade(link.id, "hours", actor=administrator)
    classroom.work()
    done = [score for score in classroom.scores() if score.version > 1]
    assert len(done) == 30
    assert {(score.given, score.maximum) for score in done} == {(0, done[0].maximum)}


def draft(key: str) -> LevelDraft:
    """Return a level."""
    return LevelDraft(key, Localised.of({"en": key.title()}), Localised.of({"en": key}))


def reread(link: ResourceLink) -> str | None:
    """Return a link's choice as it is stored."""
    return db.session.scalar(select(ResourceLink.grade).where(ResourceLink.id == link.id))


def confirmed(classroom: Classroom, learner: Learner, day: date, *, minutes: int) -> None:
    """Let a coach log a session that counts, and the learner confirm it."""
    institute_id = classroom.institute.id
    coach = stored(Person(institute_id=institute_id, name="Coach"))
    assign_coach(learner.enrolment_id, coach.id, since=date(2026, 9, 1), actor=classroom.actor)
    begins = datetime(day.year, day.month, day.day, 15, tzinfo=UTC)
    sheet = Sheet(
        day=day.isoformat(),
        begins=f"{begins:%H:%M}",
        ends=f"{begins + timedelta(minutes=minutes):%H:%M}",
        mode="in_person",
        kind="one_to_one",
        notes="The first priority area",
        next_steps="Answer three questions by Tuesday.",
    )
    written = log_session(
        learner.enrolment_id, sheet, send=True, actor=Actor(institute_id, coach.id, frozenset({Role.COACH}))
    )
    assert written.log_id is not None, written
    log = db.session.get_one(SessionLog, written.log_id)
    participant = Actor(
        institute_id, learner.person_id, frozenset({Role.PARTICIPANT}), place=classroom.cohort_id
    )
    confirm_session(log.id, version=log.version, actor=participant)


def awarded(classroom: Classroom, learner: Learner, key: str) -> Award:
    """Award a level to a learner, as issuing does."""
    owned = {"institute_id": classroom.institute.id, "person_id": learner.person_id}
    with transaction() as session:
        level = session.scalars(select(Level).where(Level.key == key)).one()
        issuer = Person(institute_id=classroom.institute.id, name="Grace")
        rules = RuleSet(
            institute_id=classroom.institute.id, level_id=level.id, version=1, rules=[], sha256="0" * 64
        )
        session.add_all([issuer, rules])
        session.flush()
        named = {"level_id": level.id, "rule_set_id": rules.id, "enrolment_id": learner.enrolment_id}
        application = Application(
            **owned, **named, state=ApplicationState.AWARDED, name=learner.sub, locale="en"
        )
        session.add(application)
        session.flush()
        award = Award(
            **owned,
            **named,
            application_id=application.id,
            code="A" * 26,
            serial="VALLEY-2026-00001-0",
            year=2026,
            number=1,
            name_frozen=learner.sub,
            locale="en",
            institute_name=classroom.institute.name,
            level_name=level.name,
            title=level.name,
            level_position=level.position,
            signatory="Grace",
            minutes=0,
            issued_at=now(),
            issued_by=issuer.id,
            snapshot={},
            snapshot_sha256="0" * 64,
            status=AwardStatus.VALID,
            status_index=1,
        )
        session.add(award)
        session.flush()
        events.publish(AwardChanged(award.institute_id, award.person_id, award.id))
    return award
