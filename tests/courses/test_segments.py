"""A participant goes through modules and segments."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.drafts import MaterialDraft
from courses.catalogue.models import MaterialKind
from courses.cohorts.enrolling import change_state
from courses.cohorts.models import Enrolment, EnrolmentId, EnrolmentState
from institute.actors import Actor, Role
from institute.i18n import Localised
from institute.people.models import Person
from tests.browsing import Visitor
from tests.courses.conftest import Studied
from tests.programmes import english, renew, segment_draft, with_segment

MODULES = "/participant/modules/"
SEGMENT = "/participant/modules/module-1/segment-1"
SECOND = "/participant/modules/module-1/segment-2"


def test_a_segment_shows_reading_session_steps_materials_and_the_way_on(participant: Visitor) -> None:
    text = participant.get(SEGMENT).get_data(as_text=True)
    for wanted in (
        "Segment about segment-1",
        "Reading and activities: up to 1 h",
        "A practice model lives in what leaders do.",
        "Before session 1",
        "Do rank",
        "In session 1",
        "30 to 45 min",
        "Look back together",
        "Prepare for segment 2",
        "0 of 3 steps done",
        "Sheet",
        "Whose voice is missing?",
        SECOND,
    ):
        assert wanted in text


def test_a_participant_never_sees_what_is_for_the_coach(participant: Visitor) -> None:
    for path in ("/participant/", MODULES, "/participant/modules/module-1", SEGMENT):
        text = participant.get(path).get_data(as_text=True)
        for secret in (
            "Do not assess today",
            "What made it possible?",
            "Open with a welcome.",
            "Ask what was useful.",
        ):
            assert secret not in text
    assert participant.get("/coach/programmes/leadership/module-1/segment-1").status_code == 403


def test_home_says_the_next_step_and_leads_to_where_they_left(participant: Visitor) -> None:
    first = participant.get("/participant/").get_data(as_text=True)
    assert "Start segment 1" in first
    participant.get(SECOND)
    later = participant.get("/participant/").get_data(as_text=True)
    assert "Continue segment 2" in later
    assert SECOND in later


def test_a_read_page_remembers_the_place_once(
    participant: Visitor, session: Session, studied: Studied
) -> None:
    participant.get(SECOND)
    at = session.scalars(select(Enrolment.last_visit_at)).one()
    participant.get(SECOND)
    session.expire_all()
    enrolment = session.scalars(select(Enrolment)).one()
    assert (enrolment.last_segment_id, enrolment.last_visit_at) == (studied.segment_ids[1], at)


def test_unknown_module_segment_and_material_are_not_found(participant: Visitor) -> None:
    hostile = ("%00", "%FF", "x" * 3000, "'--", "..%2f..", "%E2%80%AE")
    known = ("", "module-1/", "module-1/segment-1/materials/")
    for path in ["module-9", "module-1/segment-9", *(start + end for start in known for end in hostile)]:
        assert participant.get(MODULES + path).status_code == 404, path
    for end in hostile:
        assert participant.post(f"{SEGMENT}/steps/{end}", {"done": "1"}).status_code == 404, end


def test_somebody_who_is_not_enrolled_reads_why(
    studied: Studied, make_person: Callable[..., Person], sign_in: Callable[..., Visitor]
) -> None:
    visitor = sign_in(make_person(), roles=[Role.PARTICIPANT], place=studied.cohort_id)
    assert "You are not enrolled yet" in visitor.get("/participant/").get_data(as_text=True)
    assert "You are not enrolled yet" in visitor.get(MODULES).get_data(as_text=True)
    assert visitor.get(SEGMENT).status_code == 404


def test_somebody_who_left_the_cohort_is_told_so(
    make_enrolment: Callable[..., tuple[Person, EnrolmentId]],
    studied: Studied,
    system: Actor,
    sign_in: Callable[..., Visitor],
) -> None:
    person, enrolment_id = make_enrolment()
    change_state(enrolment_id, EnrolmentState.WITHDRAWN, actor=system)
    visitor = sign_in(person, roles=[Role.PARTICIPANT], place=studied.cohort_id)
    answer = visitor.get(SEGMENT)
    assert answer.status_code == 403
    assert "Your enrolment in this cohort has ended." in answer.get_data(as_text=True)


def test_a_missing_translation_falls_back_and_says_so(participant: Visitor) -> None:
    participant.post("/language", {"locale": "vi"})
    text = participant.get(SEGMENT).get_data(as_text=True)
    assert '<html lang="vi"' in text
    assert '<div class="ci-read" lang="en" dir="ltr"><p>A practice model' in text
    assert "ci-banner" in text


def test_a_stale_translation_says_so(
    participant: Visitor, session: Session, studied: Studied, system: Actor
) -> None:
    both = Localised.of({"en": "Old source.", "es": "Texto en español."})
    renew(with_segment(segment_draft(content=both)), actor=system)
    participant.post("/language", {"locale": "es"})
    assert "ci-banner" not in participant.get(SEGMENT).get_data(as_text=True)
    renew(with_segment(segment_draft(content=both.revised("New source."))), actor=system)
    text = participant.get(SEGMENT).get_data(as_text=True)
    assert "Texto en español." in text
    assert "ci-banner" in text


def test_a_material_of_our_own_has_a_page_and_one_elsewhere_a_way_out(
    participant: Visitor, studied: Studied, system: Actor
) -> None:
    own = MaterialDraft(
        "own", MaterialKind.TEMPLATE, english("Own"), body=english("Write *here*. <script>x</script>")
    )
    away = MaterialDraft("away", MaterialKind.LINK, english("Away"), url="https://example.org/primer")
    renew(with_segment(segment_draft(materials=(own, away))), actor=system)
    text = participant.get(f"{SEGMENT}/materials/own").get_data(as_text=True)
    assert "<em>here</em>" in text
    assert "<script>x" not in text
    assert 'href="https://example.org/primer"' in participant.get(f"{SEGMENT}/materials/away").get_data(
        as_text=True
    )


def test_a_hostile_title_is_shown_as_it_was_typed(
    participant: Visitor, studied: Studied, system: Actor
) -> None:
    hostile = english('"><script>alert(1)</script>%(x)s %s \u202e')
    renew(with_segment(segment_draft(title=hostile)), actor=system)
    for path in ("/participant/", MODULES, "/participant/modules/module-1", SEGMENT):
        answer = participant.get(path)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.get_data(as_text=True)
