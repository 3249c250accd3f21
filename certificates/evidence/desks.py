"""Where evidence is written: a requirement and an enrolment, locked, with the latest attempt."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from certificates.evidence.errors import EvidenceClosedError, SubmissionFrozenError
from certificates.evidence.hands import OWN, Hands
from certificates.evidence.models import Requirement, RequirementKind, Submission
from certificates.evidence.states import SubmissionState
from courses.catalogue.naming import is_slug
from courses.cohorts.models import Enrolment
from courses.cohorts.wording import say_state
from institute import audit
from institute.actors import Actor
from institute.errors import NotFoundError
from institute.i18n import current_locale


@dataclass(frozen=True, slots=True)
class Desk:
    """A requirement and an enrolment, locked, with the latest attempt, for whoever hands it in."""

    requirement: Requirement
    enrolment: Enrolment
    latest: Submission | None
    session: Session
    actor: Actor

    def begin(self, text: str = "") -> Submission:
        """Insert a new draft and return it; one that stands must have ended before."""
        draft = Submission(
            institute_id=self.enrolment.institute_id,
            requirement_id=self.requirement.id,
            enrolment_id=self.enrolment.id,
            person_id=self.enrolment.person_id,
            author_id=self.actor.person_id or self.enrolment.person_id,
            language=current_locale(),
            previous_id=None if self.latest is None else self.latest.id,
            attempt=1 if self.latest is None else self.latest.attempt + 1,
            state=SubmissionState.DRAFT,
            text=text,
        )
        self.session.add(draft)
        self.session.flush()
        audit.record("submission.begun", actor=self.actor, subject=("submission", draft.id))
        return draft

    def draft(self) -> Submission | None:
        """Return the draft, as it is now."""
        return self.session.scalar(
            select(Submission).where(
                Submission.requirement_id == self.requirement.id,
                Submission.enrolment_id == self.enrolment.id,
                Submission.state == SubmissionState.DRAFT,
            )
        )

    def refuse_frozen(self) -> None:
        """Refuse to change what was submitted. Raises SubmissionFrozenError."""
        if self.latest is not None and self.latest.state is not SubmissionState.DRAFT:
            raise SubmissionFrozenError


def open_desk(requirement_key: str, *, session: Session, actor: Actor, hands: Hands = OWN) -> Desk:
    """Lock the enrolment and return what stands for a requirement.

    Raises NotFoundError if the institute has no such requirement, its owner is another, or the enrolment is not the
    actor's to see, EvidenceClosedError while nothing may be written for it.
    """
    return _open(requirement_key, Requirement.owner == hands.owner, session=session, actor=actor, hands=hands)


def open_presentation(requirement_key: str, *, session: Session, actor: Actor, hands: Hands) -> Desk:
    """Return the same for a presentation, which is its participant's whoever's hands it is in. Raises the same."""
    is_presentation = Requirement.kind == RequirementKind.PRESENTATION
    return _open(requirement_key, is_presentation, session=session, actor=actor, hands=hands)


def _open(
    requirement_key: str, wanted: ColumnElement[bool], *, session: Session, actor: Actor, hands: Hands
) -> Desk:
    enrolment = session.get_one(Enrolment, hands.enrolment(actor).id, with_for_update=True)
    requirement = (
        session.scalar(
            select(Requirement).where(
                Requirement.institute_id == actor.institute_id, Requirement.key == requirement_key, wanted
            )
        )
        if is_slug(requirement_key)
        else None
    )
    if requirement is None:
        raise NotFoundError
    if not hands.may_write(enrolment.state):
        raise EvidenceClosedError(state=say_state(enrolment.state))
    return Desk(requirement, enrolment, latest_of(requirement, enrolment, session), session, actor)


def latest_of(requirement: Requirement, enrolment: Enrolment, session: Session) -> Submission | None:
    """Return the latest attempt, locked."""
    return session.scalar(
        select(Submission)
        .where(Submission.requirement_id == requirement.id, Submission.enrolment_id == enrolment.id)
        .order_by(Submission.attempt.desc())
        .limit(1)
        .with_for_update()
    )
