"""One platform: it is paused, changed and decided about by its institute's administrators, and by nobody else."""

from __future__ import annotations

import html
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from courses.cohorts.models import CohortId
from institute.actors import Role
from institute.audit.models import AuditEvent
from institute.db import db
from institute.people.models import Institute, Person
from lti.launches.models import Context
from lti.platforms.models import Deployment, DeploymentState, RegistrationId, RegistrationState
from tests.browsing import Visitor, visit
from tests.lti.acting import Course
from tests.lti.entrance import session_of
from tests.lti.setup.conftest import TYPED, Office, add_deployment, stored

Make = Callable[..., RegistrationId]


def actions() -> list[str]:
    """Return what the audit holds about platforms, in order."""
    found = select(AuditEvent.action).where(AuditEvent.action.like("lti.%")).order_by(AuditEvent.id)
    return list(db.session.scalars(found))


def is_live(visitor: Visitor) -> bool:
    """Tell whether a visitor's session still opens pages."""
    return visitor.get("/").status_code != 401


def test_pausing_lets_nobody_in_and_ends_visits_and_resuming_lets_in_again(
    office: Office, course: Course
) -> None:
    learner = course.launch()
    registration_id = db.session.scalars(select(Deployment.registration_id)).one()
    assert session_of(learner).ended_at is None
    assert office.visitor.post(office.platform(registration_id, "/pause")).status_code == 303
    assert session_of(learner).ended_at is not None
    assert course.platform.login(course.browser).status_code == 403
    page = office.visitor.get(office.platform(registration_id)).text
    assert "Paused" in page
    office.visitor.post(office.platform(registration_id, "/resume"))
    assert course.launch().status_code == 303
    assert actions()[-2:] == ["lti.disabled", "lti.enabled"]


def test_somebody_who_came_through_it_is_told_that_pausing_ends_their_own_visit(
    make_office: Callable[..., Office], institute: Institute, registration_id: RegistrationId
) -> None:
    office = make_office(institute, door="lti", door_key=f"registration/{registration_id}")
    assert "your own visit ends too" in office.visitor.get(office.platform(registration_id)).text
    office.visitor.post(office.platform(registration_id, "/pause"))
    assert not is_live(office.visitor)


def test_saved_change_is_kept_and_in_the_audit_by_field_names_only(
    office: Office, registration_id: RegistrationId
) -> None:
    typed = {**TYPED, "name": "New name", "token_audience": "https://aud.example", "edition": "1"}
    assert office.visitor.post(office.platform(registration_id, "/edit"), typed).status_code == 303
    row = stored(registration_id)
    assert (row.name, row.token_audience, row.edition) == ("New name", "https://aud.example", 2)
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "lti.changed")).one()
    assert event.details == {"fields": ["family", "name", "token_audience"], "edition": 2}


def test_change_that_changes_nothing_is_none(office: Office, registration_id: RegistrationId) -> None:
    for edition in (1, 2):
        typed = {**TYPED, "edition": str(edition)}
        office.visitor.post(office.platform(registration_id, "/edit"), typed)
    assert stored(registration_id).edition == 2


def test_late_save_shows_both_and_loses_neither(office: Office, registration_id: RegistrationId) -> None:
    path = office.platform(registration_id, "/edit")
    office.visitor.post(path, {**TYPED, "name": "First", "edition": "1"})
    late = office.visitor.post(path, {**TYPED, "name": "Second", "trust_administrators": "1", "edition": "1"})
    assert late.status_code == 409
    assert 'value="Second"' in late.text
    assert 'name="trust_administrators" value="1" checked' in late.text
    assert "<dd>First</dd>" in late.text
    assert 'name="edition" value="2"' in late.text
    assert stored(registration_id).name == "First"
    assert office.visitor.post(path, {**TYPED, "name": "Second", "edition": "2"}).status_code == 303
    assert stored(registration_id).name == "Second"


@pytest.mark.parametrize("edition", ["", "x", "-1", "9" * 30, "\u0661"])
def test_form_without_a_right_edition_is_a_late_one(
    office: Office, registration_id: RegistrationId, edition: str
) -> None:
    typed = {**TYPED, "edition": edition}
    assert office.visitor.post(office.platform(registration_id, "/edit"), typed).status_code == 409


def test_wrong_change_is_refused_with_everything_typed(
    office: Office, registration_id: RegistrationId
) -> None:
    typed = {**TYPED, "name": "", "token_url": "nowhere", "edition": "1"}
    answer = office.visitor.post(office.platform(registration_id, "/edit"), typed)
    assert answer.status_code == 422
    assert 'value="nowhere"' in answer.text
    assert 'id="name-error"' in answer.text
    assert stored(registration_id).edition == 1


def test_administrators_of_a_platform_go_when_they_are_trusted_no_longer(
    app: Flask, office: Office, make_registration: Make, make_person: Callable[..., Person]
) -> None:
    registration_id = make_registration(trust_administrators=True)
    through = {"door": "lti", "door_key": f"registration/{registration_id}"}
    trusted = visit(app, make_person(name="Wim"), roles=[Role.ADMINISTRATOR], **through)
    learner = visit(app, make_person(name="Ana"), roles=[Role.PARTICIPANT], **through)
    watcher = visit(app, make_person(name="Eve"), roles=[Role.PLATFORM_ADMINISTRATOR], **through)
    office.visitor.post(office.platform(registration_id, "/edit"), {**TYPED, "edition": "1"})
    assert not stored(registration_id).trust_administrators
    assert [is_live(one) for one in (trusted, learner, watcher, office.visitor)] == [False, True, True, True]


def test_deployment_that_waits_is_let_in_and_paused_again(
    office: Office, registration_id: RegistrationId
) -> None:
    row = add_deployment(registration_id, "course-a", DeploymentState.PENDING)
    home = office.visitor.get("/administrator/").text
    assert "Platforms that wait for you" in home
    part = office.platform(registration_id, f"/deployments/{row.id}")
    for path, state in (("/approve", DeploymentState.ACTIVE), ("/pause", DeploymentState.DISABLED)):
        assert office.visitor.post(part + path).status_code == 303
        assert db.session.get_one(Deployment, row.id, populate_existing=True).state is state
    assert "Platforms that wait for you" not in office.visitor.get("/administrator/").text
    assert actions()[-2:] == ["lti.deployment_active", "lti.deployment_disabled"]


def test_pausing_a_deployment_ends_the_visits_from_it(office: Office, course: Course) -> None:
    learner = course.launch()
    row = db.session.scalars(select(Deployment)).one()
    office.visitor.post(office.platform(row.registration_id, f"/deployments/{row.id}/pause"))
    assert session_of(learner).ended_at is not None


def test_course_is_let_go_and_bound_to_another_cohort(
    office: Office, course: Course, make_cohort: Callable[..., CohortId]
) -> None:
    learner = course.launch()
    context = db.session.scalars(select(Context)).one()
    row = db.session.get_one(Deployment, context.deployment_id)
    part = office.platform(row.registration_id, f"/courses/{context.id}")
    other = make_cohort()
    assert "Cohort 1" in office.visitor.get(part).text
    assert office.visitor.post(part + "/unbind").status_code == 303
    freed = db.session.get_one(Context, context.id, populate_existing=True)
    assert (freed.cohort_id, freed.bound_at) == (None, None)
    assert session_of(learner).ended_at is not None
    assert office.visitor.post(part, {"cohort": str(other), "enrol": "1"}).status_code == 303
    bound = db.session.get_one(Context, context.id, populate_existing=True)
    assert (bound.cohort_id, bound.enrol_learners) == (other, True)
    entered = session_of(course.launch())
    assert entered.place == other
    events = select(AuditEvent.action).where(AuditEvent.action.like("cohort.%bound")).order_by(AuditEvent.id)
    assert list(db.session.scalars(events))[-2:] == ["cohort.unbound", "cohort.bound"]


@pytest.mark.parametrize("cohort", ["", "0", "999", "x", "9" * 40])
def test_course_is_bound_to_no_cohort_that_is_not_there(office: Office, course: Course, cohort: str) -> None:
    context = db.session.scalars(select(Context)).one()
    row = db.session.get_one(Deployment, context.deployment_id)
    part = office.platform(row.registration_id, f"/courses/{context.id}")
    answer = office.visitor.post(part, {"cohort": cohort})
    assert (answer.status_code, "Choose a cohort." in answer.text) == (422, True)
    assert db.session.get_one(Context, context.id, populate_existing=True).cohort_id == course.cohort_id


def test_role_name_is_given_a_meaning_and_loses_it(office: Office, registration_id: RegistrationId) -> None:
    path = office.platform(registration_id, "/roles")
    sent = {"role": "  Observer ", "meaning": "mentor"}
    assert office.visitor.post(path, sent).status_code == 303
    assert stored(registration_id).role_overrides == {"Observer": "mentor"}
    assert "Observer" in office.visitor.get(office.platform(registration_id)).text
    assert office.visitor.post(path + "/forget", {"role": "Observer"}).status_code == 303
    assert stored(registration_id).role_overrides == {}
    assert actions()[-2:] == ["lti.role_said", "lti.role_forgotten"]


@pytest.mark.parametrize(
    ("role", "meaning", "field"),
    [
        ("", "staff", "role"),
        ("x" * 256, "staff", "role"),
        ("Observer", "", "meaning"),
        ("Observer", "king", "meaning"),
    ],
)
def test_wrong_role_is_refused_with_what_was_typed(
    office: Office, registration_id: RegistrationId, role: str, meaning: str, field: str
) -> None:
    answer = office.visitor.post(
        office.platform(registration_id, "/roles"), {"role": role, "meaning": meaning}
    )
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert f'value="{role}"' in answer.text
    assert stored(registration_id).role_overrides == {}


def test_mentor_of_before_goes_when_a_role_means_something_else(
    app: Flask, office: Office, registration_id: RegistrationId, make_person: Callable[..., Person]
) -> None:
    through = {"door": "lti", "door_key": f"registration/{registration_id}"}
    path = office.platform(registration_id, "/roles")
    mentor = visit(app, make_person(name="Wim"), roles=[Role.MENTOR], **through)
    learner = visit(app, make_person(name="Ana"), roles=[Role.PARTICIPANT], **through)
    office.visitor.post(path, {"role": "Mentor", "meaning": "nothing"})
    assert [is_live(one) for one in (mentor, learner)] == [False, True]


def test_role_names_that_nothing_can_show_are_not_kept(office: Office, course: Course) -> None:
    course.launch(roles=["a\ud800b", "a\x00b", "urn:odd:Marker"])
    row = db.session.scalars(select(Deployment)).one()
    page = office.visitor.get(office.platform(row.registration_id))
    assert (page.status_code, "urn:odd:Marker" in page.text) == (200, True)


def test_roles_are_not_set_without_end(office: Office, registration_id: RegistrationId) -> None:
    for number in range(50):
        office.visitor.post(
            office.platform(registration_id, "/roles"), {"role": f"R{number}", "meaning": "nothing"}
        )
    answer = office.visitor.post(
        office.platform(registration_id, "/roles"), {"role": "More", "meaning": "staff"}
    )
    assert (answer.status_code, len(stored(registration_id).role_overrides)) == (422, 50)


def test_address_for_an_update_names_the_platform(office: Office, registration_id: RegistrationId) -> None:
    page = html.unescape(office.visitor.post(office.platform(registration_id, "/invitation")).text)
    assert "http://127.0.0.1:8000/lti/register?invitation=" in page
    assert "Our Moodle" in page


PARTS = (
    "",
    "/pause",
    "/resume",
    "/edit",
    "/roles",
    "/roles/forget",
    "/check",
    "/invitation",
)


@pytest.mark.parametrize("part", PARTS)
def test_platform_of_another_institute_is_not_there(
    office: Office,
    make_institute: Callable[..., Institute],
    make_office: Callable[..., Office],
    make_registration: Make,
    part: str,
) -> None:
    other = make_office(make_institute(slug="harbour"))
    registration_id = make_registration(actor=other.actor)
    path = office.platform(registration_id, part)
    if part in {"", "/edit"}:
        assert office.visitor.get(path).status_code == 404
    if part:
        assert (
            office.visitor.post(path, {**TYPED, "edition": "1", "role": "R", "meaning": "staff"}).status_code
            == 404
        )
    assert stored(registration_id).edition == 1
    assert stored(registration_id).state is RegistrationState.ACTIVE


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_no_other_role_sees_or_changes_platforms(
    app: Flask, make_person: Callable[..., Person], registration_id: RegistrationId, role: Role
) -> None:
    visitor = visit(app, make_person(name="Nils"), roles=[role])
    assert visitor.get("/administrator/platforms/").status_code == 403
    assert visitor.get(f"/administrator/platforms/{registration_id}").status_code == 403
    assert visitor.post(f"/administrator/platforms/{registration_id}/pause").status_code == 403
    assert stored(registration_id).state is RegistrationState.ACTIVE


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30, "x", "-1"])
def test_number_of_no_platform_is_not_there(office: Office, number: str) -> None:
    assert office.visitor.get(f"/administrator/platforms/{number}").status_code == 404
    assert office.visitor.post(f"/administrator/platforms/{number}/pause").status_code == 404


def test_deployment_or_course_of_another_platform_is_not_there(
    office: Office, make_registration: Make, course: Course
) -> None:
    one = make_registration()
    context = db.session.scalars(select(Context)).one()
    for part in (f"/deployments/{context.deployment_id}/pause", f"/courses/{context.id}/unbind"):
        assert office.visitor.post(office.platform(one, part)).status_code == 404
    assert office.visitor.get(office.platform(one, f"/courses/{context.id}")).status_code == 404
