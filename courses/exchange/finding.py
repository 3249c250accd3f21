"""Whom a file means: people by address or key, their enrolments, who coached them, the segments they study."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, TypeVar

from sqlalchemy import func, or_, select

from courses.catalogue.models import ProgrammeVersionId, SegmentId
from courses.catalogue.queries import load_outline
from courses.cohorts.models import CoachAssignment, Cohort, CohortId, Enrolment, EnrolmentId
from courses.exchange import row_errors
from courses.exchange.formats import shortened
from institute.actors import InstituteId, PersonId
from institute.db import db
from institute.people.models import Person

AT_ONCE: Final = 400

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Place:
    """An enrolment that a row may mean."""

    enrolment_id: EnrolmentId
    person_id: PersonId
    cohort_id: CohortId
    cohort: str
    zone: str
    version_id: ProgrammeVersionId


@dataclass(slots=True)
class Directory:
    """Everybody whom a file names, read at once. A person may have several rows, and several enrolments."""

    institute_id: InstituteId
    people: dict[str, list[PersonId]] = field(default_factory=lambda: defaultdict(list))
    places: dict[PersonId, list[Place]] = field(default_factory=lambda: defaultdict(list))
    coached: set[tuple[EnrolmentId, PersonId]] = field(default_factory=set)
    segments: dict[ProgrammeVersionId, dict[str, SegmentId]] = field(default_factory=dict)

    def person(self, text: str) -> PersonId:
        """Return the one person of that address or key. Raises PersonUnknownError, PersonAmbiguousError."""
        found = self.people.get(text.casefold(), [])
        if not found:
            raise row_errors.PersonUnknownError(text=shortened(text))
        if len(found) > 1:
            raise row_errors.PersonAmbiguousError(text=shortened(text))
        return found[0]

    def place(self, text: str, cohort: str) -> Place:
        """Return the enrolment of a person, in a cohort where one is named.

        Raises PersonUnknownError, NotEnrolledError, CohortUnknownError, CohortNeededError, PersonAmbiguousError.
        """
        people = self.people.get(text.casefold(), [])
        if not people:
            raise row_errors.PersonUnknownError(text=shortened(text))
        places = [place for person_id in people for place in self.places.get(person_id, [])]
        if not places:
            raise row_errors.NotEnrolledError(person=shortened(text))
        if cohort:
            places = [place for place in places if place.cohort == cohort]
            if not places:
                raise row_errors.CohortUnknownError(person=shortened(text), cohort=shortened(cohort))
        if len({place.cohort for place in places}) > 1:
            raise row_errors.CohortNeededError(person=shortened(text))
        if len(places) > 1:
            raise row_errors.PersonAmbiguousError(text=shortened(text))
        return places[0]

    def coach(self, text: str, place: Place) -> PersonId:
        """Return who of that address or key coaches or coached an enrolment.

        Raises PersonUnknownError, NotCoachError.
        """
        people = self.people.get(text.casefold(), [])
        if not people:
            raise row_errors.PersonUnknownError(text=shortened(text))
        for person_id in people:
            if (place.enrolment_id, person_id) in self.coached:
                return person_id
        raise row_errors.NotCoachError

    def segment(self, address: str, place: Place) -> SegmentId:
        """Return the segment of an address, module/segment, in what is studied. Raises SegmentAddressError."""
        if place.version_id not in self.segments:
            outline = load_outline(self.institute_id, place.version_id)
            self.segments[place.version_id] = {
                f"{module.slug}/{segment.slug}": segment.id for module, segment in outline.segments()
            }
        found = self.segments[place.version_id].get(address)
        if found is None:
            raise row_errors.SegmentAddressError(text=shortened(address))
        return found


def read_directory(institute_id: InstituteId, names: Iterable[str]) -> Directory:
    """Return who of an institute is meant by addresses and keys, with enrolments and coaches."""
    found = Directory(institute_id)
    _add_people(found, {name.casefold() for name in names if name})
    for people in _pieces({one for several in found.people.values() for one in several}):
        _add_places(found, people)
    for enrolments in _pieces({place.enrolment_id for places in found.places.values() for place in places}):
        rows = select(CoachAssignment.enrolment_id, CoachAssignment.coach_id).where(
            CoachAssignment.enrolment_id.in_(enrolments)
        )
        found.coached.update((enrolment_id, coach_id) for enrolment_id, coach_id in db.session.execute(rows))
    return found


def _add_people(found: Directory, wanted: set[str]) -> None:
    for names in _pieces(wanted):
        rows = db.session.execute(
            select(Person.id, Person.key, Person.email).where(
                Person.institute_id == found.institute_id,
                or_(func.lower(Person.email).in_(names), func.lower(Person.key).in_(names)),
            )
        )
        for person_id, key, email in rows:
            for name in {(key or "").casefold(), email.casefold()} & set(names):
                found.people[name].append(person_id)


def _add_places(found: Directory, people: list[PersonId]) -> None:
    rows = db.session.execute(
        select(
            Enrolment.id,
            Enrolment.person_id,
            Enrolment.cohort_id,
            Cohort.slug,
            Cohort.timezone,
            Enrolment.version_id,
        )
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.institute_id == found.institute_id, Enrolment.person_id.in_(people))
        .order_by(Enrolment.id)
    )
    for row in rows:
        place = Place(*row)
        found.places[place.person_id].append(place)


def _pieces(values: Iterable[T]) -> Iterator[list[T]]:
    source = iter(values)
    while piece := list(islice(source, AT_ONCE)):
        yield piece
