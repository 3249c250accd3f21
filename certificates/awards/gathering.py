"""Gathering what is true of a participant, and what the things are called that rules name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select

from certificates.awards.models import Award
from certificates.awards.states import AwardStatus
from certificates.evidence.queries import RequirementStatus, requirement_states
from certificates.evidence.states import ENDED, SubmissionState
from certificates.evidence.wording import say_state
from certificates.levels.facts import Facts, MonthFact, RequirementFact, StepsFact
from certificates.levels.models import Level
from certificates.levels.queries import LevelLine
from certificates.levels.wording import Names
from courses.catalogue.models import ProgrammeVersionId
from courses.catalogue.queries import load_outline
from courses.coaching.figures import MonthStatus
from courses.coaching.queries import hours_of
from courses.cohorts.assigning import local_day
from courses.cohorts.models import Cohort, Enrolment, EnrolmentId
from courses.cohorts.queries import Standing, done_steps
from institute.actors import InstituteId, PersonId
from institute.db import db
from institute.errors import NotFoundError
from institute.people.linking import same_person


@dataclass(frozen=True, slots=True)
class Candidacy:
    """The enrolment that a level is reached in."""

    enrolment_id: EnrolmentId
    institute_id: InstituteId
    person_id: PersonId
    version_id: ProgrammeVersionId
    timezone: str
    starts: date


@dataclass(frozen=True)
class Gathered:
    """The facts about a candidacy, and what they were read from that pages show beside them."""

    facts: Facts
    standing: Standing
    requirements: Mapping[str, RequirementStatus]

    def names(self, levels: Sequence[LevelLine]) -> Names:
        """Return what the things are called that rules may name."""
        return Names(
            modules={one.slug: (one.number, one.title) for one in self.standing.outline.modules},
            requirements={key: one.title for key, one in self.requirements.items()},
            states={
                key: (say_state(one.state), one.state in ENDED) for key, one in self.requirements.items()
            },
            levels={level.key: level.name for level in levels},
        )


_CANDIDACY: Final = (
    select(
        Enrolment.id,
        Enrolment.institute_id,
        Enrolment.person_id,
        Enrolment.version_id,
        Cohort.timezone,
        Cohort.starts,
    )
    .join(Cohort, Cohort.id == Enrolment.cohort_id)
    .where(Enrolment.id == bindparam("enrolment"), Enrolment.institute_id == bindparam("institute"))
)
_HELD: Final = (
    select(Level.key, Award.issued_at)
    .join(Level, Level.id == Award.level_id)
    .where(
        Award.institute_id == bindparam("institute"),
        Award.person_id.in_(bindparam("people", expanding=True)),
        Award.status == AwardStatus.VALID,
    )
)


def find_candidacy(enrolment_id: EnrolmentId, institute_id: InstituteId) -> Candidacy:
    """Return an enrolment of an institute as a candidacy. Raises NotFoundError."""
    row = db.session.execute(_CANDIDACY, {"enrolment": enrolment_id, "institute": institute_id}).one_or_none()
    if row is None:
        raise NotFoundError
    return Candidacy(*row)


def gather(candidacy: Candidacy) -> Gathered:
    """Return what is true now, in the cohort's zone."""
    today = local_day(candidacy.timezone)
    hours = hours_of(candidacy.enrolment_id, today=today)
    outline = load_outline(candidacy.institute_id, candidacy.version_id)
    standing = Standing(outline, done_steps(candidacy.enrolment_id))
    requirements = requirement_states(candidacy.enrolment_id)
    progress = {module.slug: standing.of_module(module) for module in outline.modules}
    facts = Facts(
        today=today,
        starts=candidacy.starts,
        counted=hours.counted,
        one_to_one=hours.one_to_one,
        months=tuple(
            MonthFact(
                one.year,
                one.month,
                one.counted,
                one.minimum,
                kept=one.status in {MonthStatus.MET, MonthStatus.TARGET},
            )
            for one in hours.months
        ),
        steps={slug: StepsFact(one.done, one.total) for slug, one in progress.items()},
        requirements={
            key: RequirementFact(str(one.state), passed=_passed(one))
            for key, one in requirements.items()
            if one.state is not None
        },
        levels_held=_levels_held(candidacy),
        disputed=hours.disputed,
    )
    return Gathered(facts, standing, requirements)


def _passed(status: RequirementStatus) -> bool:
    """Tell whether a requirement is accepted; what nobody scores is so once it was handed in."""
    if status.scored:
        return status.state is SubmissionState.ACCEPTED
    return status.state in {SubmissionState.SUBMITTED, SubmissionState.ACCEPTED}


def _levels_held(candidacy: Candidacy) -> dict[str, date]:
    zone = ZoneInfo(candidacy.timezone)
    people = list(same_person(candidacy.person_id))
    rows = db.session.execute(_HELD, {"institute": candidacy.institute_id, "people": people})
    return {key: issued_at.astimezone(zone).date() for key, issued_at in rows}
