"""An institute's folder: institute.toml with its people and cohorts, and programmes/ with what they learn."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy import select

from courses.catalogue.models import ProgrammeId
from courses.cohorts.assigning import assign_coach
from courses.cohorts.enrolling import CohortDraft, invite, open_cohort
from courses.cohorts.models import CoachAssignment, Cohort, CohortId, EnrolmentId
from courses.loading.coaches import find_organisation, first_day, load_coaches, load_recipients, read_coaches
from courses.loading.frameworks import load_frameworks
from courses.loading.library import load_collections
from courses.loading.programmes import OpenedProgramme, load_programme, open_programme
from courses.loading.tables import Table, UnknownNameError, read_table
from institute import events
from institute.actors import GRANTABLE, Actor, InstituteId, PersonId, Role
from institute.db import db, transaction
from institute.i18n import LOCALES, lazy_gettext
from institute.people.granting import grant_role
from institute.people.institutes import (
    InstituteLoaded,
    put_institute,
    put_organisation,
    put_person,
)
from institute.people.models import Grant, OrganisationKind

EMAIL_LENGTH: Final = 254

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class OpenedFolder:
    """An institute's folder, read as far as files have to be kept before anything is written."""

    path: Path
    table: Table
    languages: list[str]
    programmes: dict[str, OpenedProgramme]


def open_folder(folder: Path) -> OpenedFolder:
    """Read an institute's folder and keep the files that its programmes carry. Call it outside any transaction.

    Raises FolderError and PackageError, whose sentences name the file and the key.
    """
    table = read_table(folder / "institute.toml", folder=folder)
    languages = table.names("languages")
    source = table.text("source_language")
    if source not in LOCALES or source not in languages:
        raise table.wrong("source_language", lazy_gettext("one of the languages of the institute"))
    if not set(languages) <= set(LOCALES):
        raise table.wrong("languages", ", ".join(LOCALES))
    table.source = source
    shelf = folder / "programmes"
    folders = sorted(path for path in shelf.iterdir() if path.is_dir()) if shelf.is_dir() else []
    programmes = {path.name: open_programme(path, folder=folder, source=source) for path in folders}
    return OpenedFolder(folder, table, languages, programmes)


def load_institute(folder: Path | OpenedFolder) -> InstituteId:
    """Make an institute from a folder, or bring it up to date; return its id.

    All or nothing: what the folder says becomes true in one transaction; a caller that has one open hands in what
    ``open_folder`` gave before it. Repeating it changes nothing; what people did since is left alone. Raises
    FolderError, whose sentence names the file and the key, for what cannot be used, and the refusals of the use cases
    for what breaks a rule.
    """
    opened = open_folder(folder) if isinstance(folder, Path) else folder
    table, path, source = opened.table, opened.path, opened.table.source
    with transaction():
        institute_id = put_institute(
            slug=table.slug("slug"),
            name=table.localised("name"),
            timezone=table.zone("timezone"),
            languages=opened.languages,
            sample=table.flag("sample"),
        )
        actor = Actor(institute_id=institute_id, person_id=None)
        _load_organisations(table, actor)
        people = _load_people(table, actor)
        load_frameworks(path, source=source, actor=actor)
        programmes = {name: load_programme(one, actor=actor) for name, one in opened.programmes.items()}
        load_collections(path, source=source, actor=actor)
        cohorts = _load_cohorts(table, programmes, actor)
        staff = read_coaches(path, source=source)
        if staff is not None:
            load_coaches(staff, people, programmes, actor=actor)
        _load_assignments(table, people, cohorts, actor)
        if staff is not None:
            load_recipients(staff, people, actor=actor)
            staff.finish()
        table.finish()
        events.publish(InstituteLoaded(path, actor))
        return institute_id


def _load_organisations(table: Table, actor: Actor) -> None:
    known: set[str] = set()
    for member in table.tables("organisation"):
        key, parent = member.slug("key"), member.optional_text("parent")
        if parent is not None and parent not in known:
            raise UnknownNameError(file=member.file, key=member.key("parent"), name=parent)
        kind = member.choice("kind", OrganisationKind)
        put_organisation(key=key, kind=kind, name=member.localised("name"), parent=parent, actor=actor)
        member.finish()
        known.add(key)


def _load_people(table: Table, actor: Actor) -> dict[str, PersonId]:
    people: dict[str, PersonId] = {}
    for member in table.tables("person"):
        key, locale, name = member.slug("key"), member.optional_text("locale"), member.text("name")
        if locale is not None and locale not in LOCALES:
            raise member.wrong("locale", ", ".join(LOCALES))
        email = member.text("email", longest=EMAIL_LENGTH)
        people[key] = put_person(key=key, name=name, email=email, locale=locale, actor=actor)
        for grant in member.names("grants"):
            if grant not in GRANTABLE:
                raise member.wrong("grants", ", ".join(GRANTABLE))
            if not _ever_granted(people[key], Role(grant)):
                grant_role(people[key], Role(grant), actor=actor)
        places = [
            find_organisation(member, "coordinates", place, actor) for place in member.names("coordinates")
        ]
        if not _ever_granted(people[key], Role.COORDINATOR):
            for place in places:
                grant_role(people[key], Role.COORDINATOR, at=place, actor=actor)
        member.finish()
    return people


def _load_cohorts(table: Table, programmes: dict[str, ProgrammeId], actor: Actor) -> dict[str, CohortId]:
    cohorts: dict[str, CohortId] = {}
    for member in table.tables("cohort"):
        slug, programme = member.slug("slug"), member.text("programme")
        if programme not in programmes:
            raise UnknownNameError(file=member.file, key=member.key("programme"), name=programme)
        cohorts[slug] = open_cohort(
            CohortDraft(
                slug=slug,
                name=member.localised("name"),
                programme_id=programmes[programme],
                timezone=member.zone("timezone", table.zone("timezone")),
                starts=member.day("starts"),
                enrols_learners=member.flag("enrol_learners", default=True),
            ),
            actor=actor,
        )
        member.finish()
    return cohorts


def _load_assignments(
    table: Table, people: dict[str, PersonId], cohorts: dict[str, CohortId], actor: Actor
) -> None:
    for member in table.tables("assignment"):
        participant, coach = _known(member, "participant", people), _known(member, "coach", people)
        cohort_id = _known(member, "cohort", cohorts)
        member.finish()
        enrolment_id = invite(cohort_id, participant, actor=actor)
        if not _ever_coached(enrolment_id):
            assign_coach(
                enrolment_id, coach, since=first_day(db.session.get_one(Cohort, cohort_id)), actor=actor
            )


def _ever_granted(person_id: PersonId, role: Role) -> bool:
    """Tell whether the role was given before: one that has ended since stays ended."""
    found = select(Grant.id).where(Grant.person_id == person_id, Grant.role == role).limit(1)
    return db.session.scalar(found) is not None


def _ever_coached(enrolment_id: EnrolmentId) -> bool:
    """Tell whether anybody was assigned before: whoever changed the coach since is right."""
    found = select(CoachAssignment.id).where(CoachAssignment.enrolment_id == enrolment_id).limit(1)
    return db.session.scalar(found) is not None


def _known(member: Table, name: str, among: dict[str, T]) -> T:
    value = member.text(name)
    if value not in among:
        raise UnknownNameError(file=member.file, key=member.key(name), name=value)
    return among[value]
