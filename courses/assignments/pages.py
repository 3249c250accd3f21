"""What the coordinator's pages of one person show: their coaching, what is known of them, whom one may choose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from courses.assignments.concerns import OPEN
from courses.assignments.deciding import AssignChecked, AssignSheet, today_of
from courses.assignments.models import Concern, ConcernId, ConcernState
from courses.assignments.proposing import Proposal, proposals_for
from courses.cohorts.assigning import assignment_from, proposed_end
from courses.cohorts.coordinating import sees
from courses.cohorts.models import (
    CoachAssignment,
    ConfidentialRecipient,
    Enrolment,
    EnrolmentId,
    Recipient,
)
from courses.cohorts.recipients import confidential_letter, history_of, recipient_on
from courses.cohorts.tracks import Track, track_of
from institute.actors import Actor, PersonId
from institute.db import db
from institute.errors import NotFoundError
from institute.i18n import Localised
from institute.people.linking import same_person
from institute.people.models import Organisation, OrganisationId, Person
from institute.people.naming import name_or_number


@dataclass(frozen=True, slots=True)
class PastLine:
    """A coach's time with a person."""

    assignment: CoachAssignment
    coach_name: str


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A person as a coordinator sees them."""

    enrolment_id: EnrolmentId
    person_id: PersonId
    cohort_id: int
    name: str
    cohort_name: Localised
    state: str
    today: date
    track: Track
    recipient: Recipient | None
    history: tuple[Recipient, ...]
    letter: ConfidentialRecipient | None
    sites: Sequence[tuple[OrganisationId, Localised]]
    present: PastLine | None
    past: tuple[PastLine, ...]
    concerns: tuple[Concern, ...]

    def site_name(self, site_id: OrganisationId | None) -> Localised | None:
        """Return what a site is called."""
        return dict(self.sites).get(site_id) if site_id is not None else None

    @property
    def overdue(self) -> bool:
        """Whether the span's last day has passed."""
        ends_on = self.present.assignment.ends_on if self.present else None
        return ends_on is not None and ends_on < self.today


@dataclass(frozen=True, slots=True)
class AssignPage:
    """A person with whom to choose as their coach, and the form."""

    person: PersonPage
    proposals: tuple[Proposal, ...]
    checked: AssignChecked
    concern_id: ConcernId | None

    @property
    def possible(self) -> bool:
        """Whether anybody may be chosen."""
        return any(one.possible for one in self.proposals)


def person_page(enrolment_id: EnrolmentId, *, actor: Actor) -> PersonPage:
    """Return somebody whom the coordinator sees. Raises NotFoundError."""
    enrolment = db.session.get(Enrolment, enrolment_id)
    if enrolment is None or not sees(enrolment_id, actor):
        raise NotFoundError
    today = today_of(enrolment)
    past = _past(enrolment_id)
    reaching = assignment_from(enrolment_id, today, session=db.session())
    present = next(
        (line for line in past if reaching is not None and line.assignment.id == reaching.id), None
    )
    return PersonPage(
        enrolment_id=enrolment_id,
        person_id=enrolment.person_id,
        cohort_id=enrolment.cohort_id,
        name=name_or_number(enrolment.person.name, enrolment.person_id),
        cohort_name=enrolment.cohort.name,
        state=enrolment.state,
        today=today,
        track=track_of(enrolment.cohort.programme_id),
        recipient=recipient_on(enrolment_id, today),
        history=tuple(history_of(enrolment_id)),
        letter=confidential_letter(enrolment_id),
        sites=site_choices(actor),
        present=present,
        past=tuple(line for line in past if line is not present),
        concerns=_concerns(enrolment_id, actor),
    )


def assign_page(
    enrolment_id: EnrolmentId,
    *,
    checked: AssignChecked | None = None,
    concern_id: ConcernId | None = None,
    coach: str = "",
    actor: Actor,
) -> AssignPage:
    """Return the page on which a coach is chosen, filled in with today and the programme's span.

    Raises NotFoundError.
    """
    person = person_page(enrolment_id, actor=actor)
    enrolment = db.session.get_one(Enrolment, enrolment_id)
    proposals = proposals_for(enrolment, person.recipient, day=person.today, actor=actor)
    if person.present is not None:
        now_coaching = person.present.assignment.coach_id
        proposals = tuple(one for one in proposals if one.coach.person_id != now_coaching)
    if checked is None:
        end = proposed_end(enrolment.cohort.programme_id, person.today)
        only = proposals[0].coach.person_id if len(proposals) == 1 and proposals[0].possible else ""
        checked = AssignChecked(
            AssignSheet(
                coach=coach or str(only),
                since=person.today.isoformat(),
                ends_on=end.isoformat() if end else "",
            )
        )
    open_here = [one.id for one in person.concerns if one.state in OPEN]
    return AssignPage(
        person=person,
        proposals=proposals,
        checked=checked,
        concern_id=concern_id if concern_id in open_here else None,
    )


def site_choices(actor: Actor) -> list[tuple[OrganisationId, Localised]]:
    """Return the organisations of an institute, in the order in which they were entered."""
    rows = db.session.execute(
        select(Organisation.id, Organisation.name)
        .where(Organisation.institute_id == actor.institute_id)
        .order_by(Organisation.kind.desc(), Organisation.id)
    )
    return [(row.id, row.name) for row in rows]


def _past(enrolment_id: EnrolmentId) -> list[PastLine]:
    rows = db.session.execute(
        select(CoachAssignment, Person.name)
        .join(Person, Person.id == CoachAssignment.coach_id)
        .where(CoachAssignment.enrolment_id == enrolment_id)
        .order_by(CoachAssignment.since.desc(), CoachAssignment.id.desc())
    )
    return [PastLine(row, name_or_number(name, row.coach_id)) for row, name in rows]


def _concerns(enrolment_id: EnrolmentId, actor: Actor) -> tuple[Concern, ...]:
    """Return the concerns that reached the coordinators, but none about the reader."""
    own = same_person(actor.person_id) if actor.person_id is not None else frozenset()
    rows = db.session.scalars(
        select(Concern)
        .where(Concern.enrolment_id == enrolment_id, Concern.state != ConcernState.BETWEEN)
        .order_by(Concern.id.desc())
    )
    return tuple(one for one in rows if not own & {one.raised_by, one.other_id})
