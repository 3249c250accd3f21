"""What is sent, where it stands and what can be done about it, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import Flask

from institute.i18n import LazyText, lazy_gettext, ngettext
from lti.services.delivery import CROWDED
from lti.services.errors import (
    BusyError,
    ClaimedError,
    NoLineItemError,
    NotAllowedError,
    StaleError,
    TokenRefusedError,
    UnreachableError,
    UnreadableError,
)
from lti.services.kinds import GradeKind
from lti.services.models import ScoreState
from lti.services.wishing import NO_COLUMN, NO_SCOPE, NOT_A_LEARNER

KIND_WORDS: Final[Mapping[GradeKind, LazyText]] = {
    GradeKind.PROGRESS: lazy_gettext("Progress"),
    GradeKind.HOURS: lazy_gettext("Coaching hours"),
    GradeKind.EVIDENCE: lazy_gettext("Evidence score"),
    GradeKind.LEVEL: lazy_gettext("Level"),
    GradeKind.NONE: lazy_gettext("Nothing"),
}
KIND_HINTS: Final[Mapping[GradeKind, LazyText]] = {
    GradeKind.PROGRESS: lazy_gettext("The steps that are done, of all steps behind the link."),
    GradeKind.HOURS: lazy_gettext(
        "The minutes that count, against the target of the months so far. No month counts for more than its target."
    ),
    GradeKind.EVIDENCE: lazy_gettext(
        "The released score of the evidence, with the raters’ words as the comment."
    ),
    GradeKind.LEVEL: lazy_gettext("The highest level that is held, of all levels."),
    GradeKind.NONE: lazy_gettext("Nothing more is sent. What the gradebook shows already stays there."),
}
STATE_SIGNS: Final[Mapping[ScoreState, tuple[str, LazyText]]] = {
    ScoreState.IDLE: ("note", lazy_gettext("Nothing to send")),
    ScoreState.WAITING: ("plain", lazy_gettext("Waits")),
    ScoreState.SENT: ("ok", lazy_gettext("Sent")),
    ScoreState.NOT_IN_COURSE: ("note", lazy_gettext("No place")),
    ScoreState.FAILED: ("stop", lazy_gettext("Did not arrive")),
}
_SOON: Final = lazy_gettext("They go out with the next round of the worker.")
WAITING_REASONS: Final[Mapping[str, LazyText]] = {
    "": _SOON,
    CROWDED: lazy_gettext("The platform answers slowly. Delivery goes on by itself."),
    ClaimedError.code: _SOON,
    NO_COLUMN: lazy_gettext(
        "The platform has not told yet where the gradebook of this link is. Give the link a grade there and open it "
        "once, or choose that nothing is sent."
    ),
    BusyError.code: lazy_gettext(
        "The platform is overloaded or out of order. Delivery is tried again by itself."
    ),
    UnreachableError.code: lazy_gettext("The platform does not answer. Delivery is tried again by itself."),
    UnreadableError.code: lazy_gettext(
        "The platform answers with something else, such as a maintenance page. Delivery is tried again by itself."
    ),
    TokenRefusedError.code: lazy_gettext(
        "The platform does not let the tool in. Check there that the tool is active and knows this tool's key set."
    ),
    NotAllowedError.code: lazy_gettext(
        "The platform does not let the tool send grades. Check there that the tool may use the grade services."
    ),
    StaleError.code: lazy_gettext("The platform holds a later entry. Delivery is tried again by itself."),
}
FAILED_REASONS: Final[Mapping[str, LazyText]] = {
    NoLineItemError.code: lazy_gettext(
        "The gradebook has no column for the link, and the tool may not make one. Give the link a grade there."
    ),
    NO_SCOPE: lazy_gettext(
        "The platform does not let the tool send grades from this link. Allow the tool there to send grades, and open "
        "the link once."
    ),
    StaleError.code: lazy_gettext(
        "The platform holds an entry with a date in the future and takes no other."
    ),
}
FAILED_OTHERWISE: Final = lazy_gettext(
    "The platform refused for more than a week. Opening the link again tries once more."
)
NO_PLACE: Final = lazy_gettext(
    "The platform keeps no grade for these people: they left the course or do not learn in it."
)
STAFF: Final = lazy_gettext("These people teach in the course or try it out: they get no grade.")


def say_headline(state: ScoreState, count: int) -> str:
    """Return how many scores stand so."""
    if state is ScoreState.FAILED:
        return ngettext("%(num)s grade did not arrive", "%(num)s grades did not arrive", count)
    if state is ScoreState.WAITING:
        return ngettext("%(num)s grade is on its way", "%(num)s grades are on their way", count)
    return ngettext("%(num)s grade has no place", "%(num)s grades have no place", count)


def say_reason(state: ScoreState, code: str) -> str:
    """Return why scores stand so, and what can be done; "" for those that need nothing."""
    if state is ScoreState.FAILED:
        return str(FAILED_REASONS.get(code, FAILED_OTHERWISE))
    if state is ScoreState.WAITING:
        return str(WAITING_REASONS.get(code, _SOON))
    if state is ScoreState.NOT_IN_COURSE:
        return str(STAFF if code == NOT_A_LEARNER else NO_PLACE)
    return ""


def init_app(app: Flask) -> None:
    """Give templates the words."""
    app.jinja_env.globals.update(
        say_grade_kind=KIND_WORDS.__getitem__,
        say_grade_hint=KIND_HINTS.__getitem__,
        grade_sign=STATE_SIGNS.__getitem__,
        say_grade_headline=say_headline,
        say_grade_reason=say_reason,
    )
