"""What the forms of a concern wish for: said in words, or kept from happening with a sentence beside the field."""

from __future__ import annotations

from dataclasses import dataclass

from courses.assignments import concerns, errors
from courses.assignments.models import ConcernId
from courses.coaches.periods import typed_number
from courses.cohorts.models import EnrolmentId
from institute.actors import Actor
from institute.db import transaction
from institute.errors import InvalidError, NotFoundError

MOST_ID = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Raised:
    """A concern that was raised, or what is wrong with it."""

    concern_id: ConcernId | None
    problem: str = ""


def raise_one(about: str, words: str, *, direct: bool, actor: Actor) -> Raised:
    """Raise a concern about the coaching that a form names. Raises NotFoundError, ConcernThereError."""
    enrolment_id = typed_number(about, most=MOST_ID) if about else None
    if enrolment_id is None:
        raise NotFoundError
    with transaction():
        try:
            made = concerns.raise_concern(EnrolmentId(enrolment_id), words, direct=direct, actor=actor)
        except (errors.ConcernWordsError, errors.WordsTooLongError) as error:
            return Raised(None, error.text)
        return Raised(made)


def own_step(concern_id: ConcernId, wish: str, words: str, *, actor: Actor) -> str | None:
    """Do what one side wishes: ``add``, ``settle`` or ``pass``; return what is wrong, None where nothing is.

    Raises NotFoundError, ConcernOverError, ConcernStepError.
    """
    with transaction() as session:
        concerns.find_own(concern_id, actor=actor, session=session)
        try:
            match wish:
                case "settle":
                    concerns.settle(concern_id, words, actor=actor)
                case "pass":
                    concerns.pass_on(concern_id, words, actor=actor)
                case "add":
                    concerns.add_words(concern_id, words, actor=actor)
                case _:
                    raise InvalidError
        except (errors.ConcernWordsError, errors.WordsTooLongError) as error:
            return error.text
        return None


def heard_step(
    concern_id: ConcernId, wish: str, words: str, *, kept_inside: bool, actor: Actor
) -> str | None:
    """Do what a coordinator wishes: ``note`` or ``close``; return what is wrong, None where nothing is.

    Raises NotFoundError, ConcernOverError.
    """
    with transaction() as session:
        concerns.find_heard(concern_id, actor=actor, session=session)
        try:
            match wish:
                case "close":
                    concerns.close(concern_id, words, actor=actor)
                case "note":
                    concerns.note(concern_id, words, kept_inside=kept_inside, actor=actor)
                case _:
                    raise InvalidError
        except (errors.ConcernWordsError, errors.WordsTooLongError) as error:
            return error.text
        return None
