"""A cohort's members a page at a time: searched by name, by how they take part, in the order of their names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Integer,
    ScalarSelect,
    Select,
    Subquery,
    bindparam,
    case,
    func,
    null,
    select,
    true,
)

from courses.catalogue.models import Programme
from courses.catalogue.queries import ProgrammeLine
from courses.cohorts.assigning import local_day
from courses.cohorts.counted import counted_minutes
from courses.cohorts.folding import folded
from courses.cohorts.models import Cohort, CohortId, Enrolment, EnrolmentState
from courses.cohorts.queries import LEFT
from courses.cohorts.rosters import MEMBER_COLUMNS, Member, join_member, read_member
from institute.actors import Actor
from institute.db import db
from institute.folding import fold
from institute.i18n import Localised
from institute.people.models import Person

PER_PAGE: Final = 50
ON_HOME: Final = 10
LONGEST_SEARCH: Final = 100
MOST_WORDS: Final = 5


class Show(StrEnum):
    """Which members are listed. Who left is out of the others: by the enrolment's state, or the course outside."""

    PRESENT = "present"
    ACTIVE = "active"
    INVITED = "invited"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asks of the list."""

    show: Show = Show.PRESENT
    search: str = ""
    page: int = 1

    @property
    def words(self) -> list[str]:
        """The words that each have to be in a name."""
        return fold(self.search[:LONGEST_SEARCH].replace("\0", "")).split()[:MOST_WORDS]


@dataclass(frozen=True, slots=True)
class CohortPage:
    """A cohort with a page of its members, by name. ``found`` counts all who fit what was asked."""

    id: CohortId
    name: Localised
    programme: ProgrammeLine
    timezone: str
    members: tuple[Member, ...]
    wanted: Wanted
    found: int
    counts: Mapping[Show, int]
    has_hours: bool

    @property
    def total(self) -> int:
        """How many are in the cohort, or were."""
        return self.counts[Show.PRESENT] + self.counts[Show.LEFT]

    @property
    def pages(self) -> int:
        """How many pages what was found has."""
        return max(-(-self.found // PER_PAGE), 1)


def list_cohort(actor: Actor, wanted: Wanted | None = None, *, most: int = PER_PAGE) -> CohortPage | None:
    """Return the cohort that the actor opened, with a page of its members, in one query; None where none is open.

    A page beyond the last one is the first.
    """
    asked = wanted or Wanted()
    words = asked.words
    hours = counted_minutes()
    rows = (
        db.session.connection()
        .execute(
            _select_page(asked.show, len(words), hours),
            {
                "institute_id": actor.institute_id,
                "cohort_id": actor.place,
                "today": local_day("UTC"),
                "most": most,
                "skipped": (asked.page - 1) * PER_PAGE,
                **{f"word_{number}": _pattern(word) for number, word in enumerate(words)},
            },
        )
        .all()
    )
    if not rows:
        return None
    first = tuple(rows[0])
    found = first[_FRAME] or 0
    if not found and asked.page > 1:
        return list_cohort(actor, replace(asked, page=1), most=most)
    return CohortPage(
        id=first[0],
        name=first[1],
        timezone=first[2],
        programme=ProgrammeLine(*first[3:8]),
        counts=dict(zip(Show, (int(one or 0) for one in first[8:_FRAME]), strict=True)),
        found=found,
        wanted=asked,
        members=tuple(read_member(tuple(row)[_FRAME + 1 :]) for row in rows) if found else (),
        has_hours=hours is not None,
    )


def cohort_panel(actor: Actor) -> CohortPage | None:
    """Return what a facilitator's home shows of the cohort: its first members."""
    return list_cohort(actor, most=ON_HOME)


def _pattern(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _shown(show: Show) -> ColumnElement[bool]:
    """Return the condition that an enrolment belongs to what is shown."""
    left = Enrolment.left_at.is_not(None) | Enrolment.state.in_(LEFT)
    match show:
        case Show.PRESENT:
            return ~left
        case Show.ACTIVE:
            return ~left & (Enrolment.state == EnrolmentState.ACTIVE)
        case Show.INVITED:
            return ~left & (Enrolment.state == EnrolmentState.INVITED)
        case Show.LEFT:
            return left


def _tallies() -> Subquery:
    """Return how many each way of showing would list, in one look at the cohort."""
    return (
        select(*(func.sum(case((_shown(show), 1), else_=0)).label(show.value) for show in Show))
        .where(Enrolment.cohort_id == bindparam("cohort_id"))
        .subquery()
    )


def _chosen(show: Show, words: int) -> Subquery:
    """Return the enrolments of the page, each with its place in the order, and how many were found.

    Who has no name is last.
    """
    name = folded(Person.name)
    order = (case((Person.name == "", 1), else_=0), name, Enrolment.id)
    matching = (name.like(bindparam(f"word_{number}"), escape="\\") for number in range(words))
    return (
        select(
            Enrolment.id,
            func.row_number().over(order_by=order).label("place"),
            func.count().over().label("found"),
        )
        .join(Person, Person.id == Enrolment.person_id)
        .where(
            Enrolment.cohort_id == bindparam("cohort_id"),
            Enrolment.institute_id == bindparam("institute_id"),
            _shown(show),
            *matching,
        )
        .order_by(*order)
        .limit(bindparam("most", type_=Integer))
        .offset(bindparam("skipped", type_=Integer))
        .subquery()
    )


_COHORT: Final = (
    Cohort.id,
    Cohort.name,
    Cohort.timezone,
    Programme.id,
    Programme.slug,
    Programme.title,
    Programme.summary,
    Cohort.version_id,
)
_FRAME: Final = len(_COHORT) + len(Show)


@cache
def _select_page(show: Show, words: int, hours: ScalarSelect[Any] | None) -> Select[*tuple[Any, ...]]:
    """Return the query of the page; built once for each shape, because building it costs more than asking it.

    The page's rows are chosen first and everything else is looked up for them alone. A cohort without members is
    one row of nothing but the cohort.
    """
    tallies, chosen = _tallies(), _chosen(show, words)
    minutes = null().label("minutes") if hours is None else hours
    query = (
        select(*_COHORT, *(tallies.c[one.value] for one in Show), chosen.c.found, *MEMBER_COLUMNS, minutes)
        .select_from(Cohort)
        .join(Programme, Programme.id == Cohort.programme_id)
        .join(tallies, true())
        .outerjoin(chosen, true())
        .outerjoin(Enrolment, Enrolment.id == chosen.c.id)
    )
    return (
        join_member(query)
        .where(Cohort.id == bindparam("cohort_id"), Cohort.institute_id == bindparam("institute_id"))
        .order_by(chosen.c.place)
    )
