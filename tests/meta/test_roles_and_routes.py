"""Every role at every route, with what is its own and with what belongs to another institute."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from certificates.awards.holders.links import DOOR as HOLDERS_DOOR
from certificates.awards.views.certificates import HOLDERS
from courses.catalogue.models import Activity, Module, Programme, Segment
from courses.cohorts.enrolling import enrol
from courses.cohorts.models import CoachAssignment, Cohort, CohortId, Enrolment
from courses.loading.institutes import load_institute
from institute.actors import Actor, InstituteId, PersonId, Role, with_implied
from institute.clock import now
from institute.db import transaction
from institute.people.models import Person
from institute.web.areas import AreaBlueprint
from lti.platforms.models import Registration
from tests.browsing import Visitor, visit
from tests.meta.furnishing import FORM, FURNISHERS, Room
from tests.samples import SAMPLE, copy_sample

RENAMED = {"valley": "harbour", "leadership": "stewardship", "module-1": "unit-1"}
REFUSED = {400, 403, 404, 409, 412, 422}
# Placeholders that belong to nobody: every institute has the same.
SHARED = {"locale", "month", "media_page", "media_place", "calibrated_key", "paper_kind"}
# Placeholders of what a whole cohort or institute reads; every other one names something of certain people.
COMMON = {
    *("programme", "module", "segment", "key", "step_key", "requirement_key", "survey_round", "meeting_id"),
    *("framework", "vocabulary", "collection_key", "resource_key", "resource_file_id"),
}


@dataclass(frozen=True)
class Tenant:
    """One institute with its people, and values for every placeholder of a route."""

    institute_id: InstituteId
    cohort_id: int
    registration_id: int
    people: dict[str, PersonId]
    values: dict[str, object]


def _register(app: Flask, slug: str) -> None:
    """Register a platform for an institute, as an operator does."""
    lms = f"https://{slug}.lms.example.org"
    options = {"issuer": lms, "client-id": "c", "deployment-id": "1", "institute": slug, "name": slug}
    options |= {f"{kind}-url": f"{lms}/{kind}" for kind in ("auth", "token", "jwks")}
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    result = app.test_cli_runner().invoke(args=["lti", "register", *arguments])
    assert result.exit_code == 0, result.output


def _second_folder(folder: Path) -> Path:
    """Write a copy of the sample institute in which every name that an address shows is another one."""
    copy = copy_sample(folder / "harbour")
    for path in sorted(copy.rglob("*"), key=lambda found: -len(found.parts)):
        new_name = RENAMED.get(path.name) or path.name.replace("segment-", "part-")
        if path.is_dir():
            path.rename(path.with_name(new_name))
    for path in copy.rglob("*.toml"):
        text = path.read_text()
        for old, new in RENAMED.items():
            text = re.sub(rf'^(slug|programme|key) = "{old}"$', rf'\1 = "{new}"', text, flags=re.MULTILINE)
        text = re.sub(r"^onboarding = .*\n", "", text, flags=re.MULTILINE)
        text = re.sub(r'^slug = "segment-', 'slug = "part-', text, flags=re.MULTILINE)
        text = (
            re.sub(r'^((?:key|material) = ")', r"\1h-", text, flags=re.MULTILINE)
            if path.name == "segment.toml"
            else text
        )
        path.write_text(text)
    for path in copy.rglob("materials/*.md"):
        path.rename(path.with_name(f"h-{path.name}"))
    return copy


def _tenant(session: Session, institute_id: InstituteId) -> Tenant:
    programme = session.scalars(select(Programme).where(Programme.institute_id == institute_id)).one()
    module = session.scalars(select(Module).where(Module.version_id == programme.current_version_id)).first()
    assert module is not None
    segment = session.scalars(select(Segment).where(Segment.module_id == module.id)).first()
    assert segment is not None
    activity = session.scalars(select(Activity).where(Activity.segment_id == segment.id)).first()
    assert activity is not None
    cohort = session.scalars(select(Cohort).where(Cohort.institute_id == institute_id)).one()
    people: dict[str, PersonId] = {
        person.key: person.id
        for person in session.scalars(select(Person).where(Person.institute_id == institute_id))
        if person.key
    }
    enrolment = session.scalars(
        select(Enrolment).where(Enrolment.cohort_id == cohort.id, Enrolment.person_id == people["lucia"])
    ).one()
    enrol(CohortId(cohort.id), people["lucia"], actor=Actor(institute_id=institute_id, person_id=None))
    values: dict[str, object] = {
        "programme": programme.slug,
        "module": module.slug,
        "segment": segment.slug,
        "enrolment_id": enrolment.id,
        "activity": activity.key,
        "material": segment.document["materials"][0]["key"],
    }
    room = Room(institute_id, CohortId(cohort.id), enrolment.id, people)
    for furnish in FURNISHERS:
        values |= furnish(room)
    registration = session.scalars(
        select(Registration).where(Registration.institute_id == institute_id)
    ).one()
    return Tenant(institute_id, cohort.id, registration.id, people, values)


@pytest.fixture
def tenants(app: Flask, session: Session, tmp_path: Path) -> tuple[Tenant, Tenant]:
    """Two institutes with the same structure and no name in common."""
    here = load_institute(SAMPLE)
    there = load_institute(_second_folder(tmp_path))
    for slug in ("valley", "harbour"):
        _register(app, slug)
    session.rollback()
    return _tenant(session, here), _tenant(session, there)


def _area_rules(app: Flask) -> Iterator[tuple[Rule, AreaBlueprint]]:
    for rule in app.url_map.iter_rules():
        blueprint = app.blueprints.get(rule.endpoint.rpartition(".")[0])
        if isinstance(blueprint, AreaBlueprint):
            yield rule, blueprint


def _key_name(rule: Rule) -> str:
    """Return whose key a route's ``key`` is."""
    return "activity" if rule.endpoint.endswith("mark") else "material"


def _path(rule: Rule, values: dict[str, object]) -> str:
    built = rule.build({**values, "key": values[_key_name(rule)]}, append_unknown=False)
    assert built is not None, rule.rule
    return built[1]


def _enter(app: Flask, tenant: Tenant, role: Role, session: Session) -> Visitor:
    key = {Role.PARTICIPANT: "lucia", Role.COACH: "amina"}.get(role, "grace")
    person = session.get_one(Person, tenant.people[key])
    if role is not Role.PLATFORM_ADMINISTRATOR:  # who came through a platform goes when it is paused
        return visit(app, person, roles=[role], place=tenant.cohort_id)
    key = f"registration/{tenant.registration_id}"
    return visit(app, person, roles=[role], place=tenant.cohort_id, door="lti", door_key=key)


def _status(visitor: Visitor, method: str, path: str) -> int:
    """Open a page, or send a form that is whole as far as any route asks."""
    if method == "GET":
        return visitor.get(path).status_code
    return visitor.post(path, FORM).status_code


def _mixed(own: Tenant, other: Tenant, rule: Rule) -> Iterator[dict[str, object]]:
    """Yield the values with one or all of a route's placeholders taken from the other institute."""
    names = [_key_name(rule) if name == "key" else name for name in rule.arguments]
    if set(names) - SHARED:
        yield {**own.values, **{name: other.values[name] for name in names}}
    for name in names:
        if name not in SHARED:
            yield {**own.values, name: other.values[name]}


def test_each_role_opens_its_own_area_and_no_other(
    app: Flask, tenants: tuple[Tenant, Tenant], session: Session
) -> None:
    here, _there = tenants
    wrong = []
    # All pages first: forms change what the pages are about.
    for asked in ("GET", "POST"):
        for role in Role:
            visitor = _enter(app, here, role, session)
            for rule, blueprint in _area_rules(app):
                if asked not in (rule.methods or ()):
                    continue
                status = _status(visitor, asked, _path(rule, here.values))
                if blueprint.role is None:
                    fine = status in {200, 302, 303, 429} | REFUSED  # letters may be asked for a few times
                elif blueprint.role in with_implied([role]):
                    fine = status in {200, 302, 303} or (asked == "POST" and status in REFUSED)
                else:
                    fine = status == 403
                if not fine:
                    wrong.append(f"{role} {asked} {rule.rule}: {status}")
    assert wrong == []


def test_what_belongs_to_another_institute_is_not_there(
    app: Flask, tenants: tuple[Tenant, Tenant], session: Session
) -> None:
    here, there = tenants
    found = []
    tried = 0
    for role in Role:
        visitor = _enter(app, here, role, session)
        for rule, blueprint in _area_rules(app):
            if blueprint.role is not role or not rule.arguments:
                continue
            for values in _mixed(here, there, rule):
                for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                    tried += 1
                    status = _status(visitor, method, _path(rule, values))
                    if status != 404:
                        found.append(f"{role} {method} {_path(rule, values)}: {status}")
    assert tried > 20
    assert "\n".join(found) == ""


def _somebody(tenant: Tenant, name: str) -> PersonId:
    with transaction() as session:
        person = Person(institute_id=tenant.institute_id, name=name)
        session.add(person)
        session.flush()
        return person.id


def _is_of_certificates(app: Flask, rule: Rule) -> bool:
    return app.view_functions[rule.endpoint].__module__.startswith("certificates.")


def test_what_belongs_to_somebody_else_is_not_there(
    app: Flask, tenants: tuple[Tenant, Tenant], session: Session
) -> None:
    """A participant of the same cohort and a coach of nobody read what is common; so does whose coaching ended.

    What somebody wrote as a coach stays theirs to end: only certification is closed to them from that day on.
    """
    here, _there = tenants
    fellow, coach, former = _somebody(here, "Fellow"), _somebody(here, "Coach"), here.people["amina"]
    enrol(CohortId(here.cohort_id), fellow, actor=Actor(institute_id=here.institute_id, person_id=None))
    day = now().date()
    with transaction() as writing:
        ended = update(CoachAssignment).where(CoachAssignment.coach_id == former)
        writing.execute(ended.values(since=day - timedelta(days=30), until=day - timedelta(days=3)))
    found, tried = [], 0
    for person_id, role in ((fellow, Role.PARTICIPANT), (coach, Role.COACH), (former, Role.COACH)):
        visitor = visit(app, session.get_one(Person, person_id), roles=[role], place=here.cohort_id)
        for rule, blueprint in _area_rules(app):
            if blueprint.role not in {role, None} or set(rule.arguments) <= COMMON:
                continue
            if person_id == former and not _is_of_certificates(app, rule):
                continue
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                tried += 1
                status = _status(visitor, method, _path(rule, here.values))
                if status not in {400, 403, 404}:
                    found.append(f"{role} {method} {rule.rule}: {status}")
    assert tried > 100
    assert found == []


def test_a_narrow_door_opens_a_holder_s_own_pages_and_nothing_else(
    app: Flask, tenants: tuple[Tenant, Tenant], session: Session
) -> None:
    """Whatever the person may do elsewhere, and whatever route is added: what is not named for the door is closed."""
    here, _there = tenants
    grace = session.get_one(Person, here.people["grace"])
    visitor = visit(app, grace, roles=list(Role), place=here.cohort_id, door=HOLDERS_DOOR)
    opened = {
        blueprint.name
        for rule, blueprint in _area_rules(app)
        for method in sorted((rule.methods or set()) & {"GET", "POST"})
        if _status(visitor, method, _path(rule, here.values)) != 403
    }
    assert opened == {HOLDERS, "account"}


def test_session_of_one_institute_cannot_name_another_s_cohort_as_its_place(
    app: Flask, tenants: tuple[Tenant, Tenant], session: Session
) -> None:
    here, there = tenants
    lucia = session.get_one(Person, here.people["lucia"])
    visitor = visit(app, lucia, roles=[Role.PARTICIPANT, Role.FACILITATOR], place=there.cohort_id)
    for path in (
        "/participant/modules/module-9",
        f"/facilitator/cohort/members/{there.values['enrolment_id']}",
    ):
        assert visitor.get(path).status_code == 404


def test_what_is_not_there_is_neither_saved_nor_taken_away(
    app: Flask, tenants: tuple[Tenant, Tenant], session: Session
) -> None:
    here, there = tenants
    trainer, lead = (_enter(app, here, role, session) for role in (Role.TRAINER, Role.SCORING_LEAD))
    for visitor, path in (
        (trainer, f"/trainer/scoring/{there.values['task_id']}"),
        (lead, f"/scoring-lead/calibration/papers/{here.values['set_paper_id']}/files/99999/remove"),
        (lead, f"/scoring-lead/calibration/sets/{here.values['calibration_set_id']}/meetings/99999/remove"),
    ):
        assert visitor.post(path, FORM).status_code == 404
