"""Who studies which version of a programme, what differs between two, and who may be moved: for those who write it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select

from courses.authoring.comparing import Change, changes_between
from courses.catalogue.differing import Difference, differences
from courses.catalogue.models import Activity, Programme, ProgrammeId, ProgrammeVersion, ProgrammeVersionId
from courses.catalogue.naming import is_slug
from courses.catalogue.reviving import content_of, parts_of
from courses.cohorts.models import (
    ActivityCompletion,
    Cohort,
    CohortId,
    Enrolment,
    EnrolmentId,
    EnrolmentState,
)
from courses.cohorts.moving import STUDYING
from institute.actors import Actor
from institute.db import db
from institute.errors import NotFoundError
from institute.i18n import Localised
from institute.people.models import Person
from institute.people.naming import name_or_number


@dataclass(frozen=True, slots=True)
class Version:
    """A version, with how many study it."""

    id: ProgrammeVersionId
    number: int
    note: str
    published_at: datetime
    author: str | None
    people: int


@dataclass(frozen=True, slots=True)
class Studying:
    """A cohort: the version that newcomers get, and how many study each version, by its number."""

    id: CohortId
    name: Localised
    number: int
    people: Mapping[int, int]

    def behind(self, newest: int) -> bool:
        """Tell whether anybody, or whoever comes next, is not in the newest version."""
        return self.number != newest or any(number != newest for number in self.people)


@dataclass(frozen=True, slots=True)
class VersionsPage:
    """The versions of a programme, the newest first, and the cohorts that study it."""

    programme_id: ProgrammeId
    slug: str
    title: Localised
    versions: tuple[Version, ...]
    cohorts: tuple[Studying, ...]

    @property
    def newest(self) -> int:
        """The newest version's number."""
        return self.versions[0].number

    def version(self, number: int) -> Version:
        """Return the version with this number. Raises NotFoundError."""
        for one in self.versions:
            if one.number == number:
                return one
        raise NotFoundError


@dataclass(frozen=True, slots=True)
class DifferingPart:
    """A part that differs, with its fields."""

    part: Difference
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class DifferencesPage:
    """What differs between two versions."""

    page: VersionsPage
    since: Version
    version: Version
    parts: tuple[DifferingPart, ...]


@dataclass(frozen=True, slots=True)
class Student:
    """Somebody of a cohort. ``left_behind`` counts what they did in steps that the newest version lacks."""

    enrolment_id: EnrolmentId
    name: str
    state: EnrolmentState
    number: int
    may_move: bool
    left_behind: int


@dataclass(frozen=True, slots=True)
class CohortMovePage:
    """The people of a cohort, to be moved together or one by one."""

    page: VersionsPage
    cohort: Studying
    people: tuple[Student, ...]


def versions_page(slug: str, *, actor: Actor) -> VersionsPage:
    """Return the versions of a published programme of the institute, in four queries. Raises NotFoundError."""
    programme = _published(Programme.slug == slug, actor) if is_slug(slug) else None
    if programme is None:
        raise NotFoundError
    return _page_of(programme)


def _page_of(programme: Programme) -> VersionsPage:
    counts = _counts(programme.id)
    totals: Counter[ProgrammeVersionId] = Counter()
    for people in counts.values():
        totals.update(people)
    rows = db.session.execute(
        select(
            ProgrammeVersion.id,
            ProgrammeVersion.number,
            ProgrammeVersion.note,
            ProgrammeVersion.published_at,
            ProgrammeVersion.published_by,
            Person.name,
        )
        .outerjoin(Person, Person.id == ProgrammeVersion.published_by)
        .where(ProgrammeVersion.programme_id == programme.id)
        .order_by(ProgrammeVersion.number.desc())
    )
    versions = tuple(
        Version(
            id=one.id,
            number=one.number,
            note=one.note,
            published_at=one.published_at,
            author=None if one.published_by is None else name_or_number(one.name, one.published_by),
            people=totals[one.id],
        )
        for one in rows
    )
    return VersionsPage(
        programme.id, programme.slug, programme.title, versions, _cohorts(programme.id, versions, counts)
    )


def differences_page(slug: str, number: int, since: int | None, *, actor: Actor) -> DifferencesPage:
    """Return what differs between two versions: the one before, unless ``since`` says another. Raises NotFoundError.

    The first version is compared with itself.
    """
    page = versions_page(slug, actor=actor)
    version = page.version(number)
    earlier = page.version(max(number - 1, 1) if since is None else since)
    found = differences(
        content_of(earlier.id),
        content_of(version.id),
        parts_before=parts_of(earlier.id),
        parts_after=parts_of(version.id),
    )
    parts = tuple(
        DifferingPart(one, changes_between(one.before, one.after) if one.before and one.after else ())
        for one in found
    )
    return DifferencesPage(page, earlier, version, parts)


def cohort_move_page(slug: str, cohort_id: CohortId, *, actor: Actor) -> CohortMovePage:
    """Return the people of a cohort of the institute that studies the programme. Raises NotFoundError."""
    page = versions_page(slug, actor=actor)
    cohort = next((one for one in page.cohorts if one.id == cohort_id), None)
    if cohort is None:
        raise NotFoundError
    numbers = {one.id: one.number for one in page.versions}
    rows = db.session.execute(
        select(
            Enrolment.id,
            Enrolment.person_id,
            Person.name,
            Enrolment.state,
            Enrolment.version_id,
            _left_behind(page.versions[0].id),
        )
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.cohort_id == cohort_id, Enrolment.institute_id == actor.institute_id)
        .order_by(Person.name, Enrolment.id)
    )
    people = (
        Student(
            enrolment_id=row[0],
            name=name_or_number(row[2], row[1]),
            state=row[3],
            number=numbers[row[4]],
            may_move=row[3] in STUDYING,
            left_behind=row[5],
        )
        for row in rows
    )
    return CohortMovePage(page, cohort, tuple(people))


def cohorts_section(actor: Actor, programme_id: int) -> VersionsPage | None:
    """Return what the page of publishing says about who studies what; None before the first version."""
    programme = _published(Programme.id == programme_id, actor)
    return None if programme is None else _page_of(programme)


def _published(which: ColumnElement[bool], actor: Actor) -> Programme | None:
    return db.session.scalar(
        select(Programme).where(
            which, Programme.institute_id == actor.institute_id, Programme.current_version_id.is_not(None)
        )
    )


def _counts(programme_id: ProgrammeId) -> dict[CohortId, dict[ProgrammeVersionId, int]]:
    """Return how many study each version, the older first, by their cohorts."""
    counts: dict[CohortId, dict[ProgrammeVersionId, int]] = defaultdict(dict)
    rows = db.session.execute(
        select(Enrolment.cohort_id, Enrolment.version_id, func.count(Enrolment.id))
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Cohort.programme_id == programme_id, Enrolment.state.in_(STUDYING))
        .group_by(Enrolment.cohort_id, Enrolment.version_id)
        .order_by(Enrolment.version_id)
    )
    for cohort_id, version_id, people in rows:
        counts[cohort_id][version_id] = people
    return counts


def _cohorts(
    programme_id: ProgrammeId,
    versions: tuple[Version, ...],
    counts: Mapping[CohortId, Mapping[ProgrammeVersionId, int]],
) -> tuple[Studying, ...]:
    numbers = {one.id: one.number for one in versions}
    rows = db.session.execute(
        select(Cohort.id, Cohort.name, Cohort.version_id)
        .where(Cohort.programme_id == programme_id)
        .order_by(Cohort.starts.desc(), Cohort.id)
    )
    return tuple(
        Studying(
            one.id,
            one.name,
            numbers[one.version_id],
            {numbers[version_id]: people for version_id, people in counts.get(one.id, {}).items()},
        )
        for one in rows
    )


def _left_behind(version_id: ProgrammeVersionId) -> Any:
    """Return how many ticks of an enrolment are in steps that a version lacks."""
    there: ColumnElement[bool] = exists().where(
        Activity.version_id == version_id, Activity.step_id == ActivityCompletion.step_id
    )
    return (
        select(func.count(ActivityCompletion.id))
        .where(
            ActivityCompletion.enrolment_id == Enrolment.id, ActivityCompletion.undone_at.is_(None), ~there
        )
        .correlate(Enrolment)
        .scalar_subquery()
    )
