"""What scoring refuses, in its own words."""

from __future__ import annotations

from institute.errors import ConflictError, InvalidError
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


class RubricUnevenError(InvalidError):
    """The criteria of a rubric do not have the same number of levels, or too few."""

    code = "RUBRIC-LEVELS"
    sentence = lazy_gettext(
        "%(file)s: each criterion of “%(rubric)s” needs one descriptor for each of its levels, two at least."
    )


class CutError(InvalidError):
    """The cut of a rubric is no number within its levels."""

    code = "RUBRIC-CUT"
    sentence = lazy_gettext("%(file)s: the cut of “%(rubric)s” must lie between 1 and its highest level.")
