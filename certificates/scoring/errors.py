"""What scoring refuses, in its own words."""

from __future__ import annotations

from typing import Final

from institute.errors import ConflictError, InvalidError, UnavailableError
from institute.i18n import lazy_gettext


class TaskTakenError(ConflictError):
    """Somebody else was quicker."""

    code = "SCORING-TAKEN"
    title = lazy_gettext("Another trainer has this evidence")
    sentence = lazy_gettext("Another trainer took this evidence a moment ago.")
    advice = lazy_gettext("Go back to the queue and take another one.")


class TaskNotHeldError(ConflictError):
    """Nobody holds the task, so nobody scores it."""

    code = "SCORING-NOT-HELD"
    title = lazy_gettext("Take this evidence first")
    sentence = lazy_gettext("Nobody holds this evidence at the moment.")
    advice = lazy_gettext("Take it from the scoring queue. What you wrote before is kept.")


class TaskWithdrawnError(ConflictError):
    """Nobody needs these scores any more: the evidence was returned, or the round is over."""

    code = "SCORING-WITHDRAWN"
    title = lazy_gettext("This evidence needs no more scores")
    sentence = lazy_gettext(
        "The evidence that you were scoring went back to the participant, or needs no score now."
    )
    advice = lazy_gettext("Nothing else is to be done. What you wrote counts for nobody.")


class TaskClosedError(ConflictError):
    """The task is done: released or returned."""

    code = "SCORING-CLOSED"
    title = lazy_gettext("This evidence is done")
    sentence = lazy_gettext("The scores were released, or the evidence was returned, already.")
    advice = lazy_gettext("Open the page again to see what was decided.")


class RaterInConflictError(ConflictError):
    """The rater has, or had, another duty towards the person whose evidence it is."""

    code = "SCORING-CONFLICT"
    title = lazy_gettext("Another trainer must score this")
    sentence = lazy_gettext(
        "You have, or had, another duty towards the person whose evidence this is, so you cannot score it."
    )
    advice = lazy_gettext("It is out of your queue. Nothing else is to be done.")


class ConsentWithdrawnError(ConflictError):
    """Somebody who is shown in the evidence agrees no more, so nobody scores by it."""

    code = "SCORING-CONSENT"
    title = lazy_gettext("Consent was withdrawn")
    sentence = lazy_gettext(
        "Somebody who is shown in this evidence does not agree any more that it is shown, so it cannot be scored."
    )
    advice = lazy_gettext("Return it: the participant reads why, and may send another version.")


class EvidencePreparingError(UnavailableError):
    """The worker has not made the copy that names nobody, or there is none to show."""

    code = "SCORING-PREPARING"
    title = lazy_gettext("This file is being prepared")
    sentence = lazy_gettext("Names are being taken out of this file before you see it.")
    advice = lazy_gettext("Look again in a minute.")


LOST: Final = (
    TaskTakenError,
    TaskNotHeldError,
    TaskWithdrawnError,
    TaskClosedError,
    RaterInConflictError,
    ConsentWithdrawnError,
)
"""Why a task on which somebody wrote is theirs no longer, or takes no words any more."""


class ScoresMissingError(ConflictError):
    """Not every criterion has a score, or a text from another window waits. ``criterion_id`` is the first such one."""

    code = "SCORING-MISSING"
    title = lazy_gettext("Not everything is scored yet")
    sentence = lazy_gettext("Every criterion needs a score before the scores can be released.")


class SheetInvalidError(InvalidError):
    """A form holds what cannot be saved. ``faults`` are (field, sentence)."""

    code = "SCORING-FORM"
    title = lazy_gettext("The scores could not be saved")
    sentence = lazy_gettext("A score or a comment cannot be saved like this.")

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__()
        self.faults = faults


class RubricMissingError(InvalidError):
    """A requirement names a rubric that the folder does not hold."""

    code = "RUBRIC-MISSING"
    sentence = lazy_gettext(
        "levels.toml: the requirement “%(requirement)s” names the rubric “%(rubric)s”, which is not there."
    )


class DaysOpenError(InvalidError):
    """After how many days tasks are given out is no number that makes sense."""

    code = "SCORING-DAYS"
    sentence = lazy_gettext("Write a whole number of days from 0 to %(most)s.")


class RaterUnfitError(ConflictError):
    """A lead chose somebody who must not have this task."""

    code = "SCORING-RATER"
    title = lazy_gettext("This person cannot have this task")
    sentence = lazy_gettext("Somebody else must score this: %(why)s")
    advice = lazy_gettext("Choose another rater.")


class RetakeOverError(ConflictError):
    """The time for a new version is over."""

    code = "RETAKE-OVER"
    title = lazy_gettext("The time for a new version is over")
    sentence = lazy_gettext("The time in which a new version could be sent is over.")
    advice = lazy_gettext("Talk with your coordinator, who can give you more time.")


class NothingToReleaseError(InvalidError):
    """Nothing was chosen that waits for the actor to release it."""

    code = "RELEASE-NOTHING"
    title = lazy_gettext("Nothing was released")
    sentence = lazy_gettext("Choose at least one piece of evidence whose scores wait here.")


class LeaveInvalidError(InvalidError):
    """A form that gives leave holds what cannot be. ``faults`` are (field, sentence)."""

    code = "RETAKE-LEAVE"
    title = lazy_gettext("The leave could not be given")
    sentence = lazy_gettext("A leave needs a day and a reason.")

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__()
        self.faults = faults


class DueDayError(InvalidError):
    """What was typed as a task's day is none."""

    code = "SCORING-DUE"
    sentence = lazy_gettext("Write the day as a date, such as 2026-11-30.")
