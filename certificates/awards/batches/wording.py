"""Batches and their lines in words; a refusal by its code, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from certificates.awards.batches.models import BatchState, LineState
from certificates.awards.errors import (
    AlreadyHeldError,
    ClockBackwardsError,
    CoachDecidesError,
    DutiesError,
    LookUnfitError,
    NameWishedError,
    NotEligibleError,
    OwnApplicationError,
    PreviewChangedError,
    SoleRaterError,
)
from certificates.awards.lifetime.errors import KeyExpiredError
from certificates.awards.lifetime.signing_keys import KEY_EXPIRED
from certificates.awards.wording import say_rest
from certificates.documents.fitting import NameMissingError, NameOrphanMarkError, NameTooLongError
from institute.errors import DomainError
from institute.i18n import gettext, pgettext

LINE_SIGNS: Final = {
    LineState.WAITING: ("plain", "hourglass-split"),
    LineState.READY: ("ok", "check-circle"),
    LineState.UNFIT: ("stop", "x-circle"),
    LineState.LEFT_OUT: ("note", "archive"),
    LineState.ISSUED: ("ok", "patch-check"),
    LineState.REFUSED: ("stop", "x-circle"),
}
# Those whose sentence names nothing that only the moment of the refusal knows.
_PLAIN: Final[Mapping[str, type[DomainError]]] = {
    kind.code: kind
    for kind in (
        NotEligibleError,
        AlreadyHeldError,
        PreviewChangedError,
        DutiesError,
        OwnApplicationError,
        CoachDecidesError,
        SoleRaterError,
        NameWishedError,
        NameMissingError,
        NameOrphanMarkError,
        NameTooLongError,
        ClockBackwardsError,
        KeyExpiredError,
        LookUnfitError,
    )
}


def say_batch_state(state: BatchState) -> str:
    """Return where a batch stands, in words for the reader."""
    words = {
        BatchState.CHECKING: pgettext("certificates at once", "being checked"),
        BatchState.READY: pgettext("certificates at once", "checked"),
        BatchState.RUNNING: pgettext("certificates at once", "being issued"),
        BatchState.PAUSED: pgettext("certificates at once", "paused"),
        BatchState.DONE: pgettext("certificates at once", "done"),
        BatchState.STOPPED: pgettext("certificates at once", "stopped"),
    }
    return words[state]


def say_line_state(state: LineState) -> str:
    """Return where a line stands, in words for the reader."""
    words = {
        LineState.WAITING: pgettext("certificate of several", "not checked yet"),
        LineState.READY: pgettext("certificate of several", "can be issued"),
        LineState.UNFIT: pgettext("certificate of several", "cannot be issued"),
        LineState.LEFT_OUT: pgettext("certificate of several", "left out"),
        LineState.ISSUED: pgettext("certificate of several", "issued"),
        LineState.REFUSED: pgettext("certificate of several", "not issued"),
    }
    return words[state]


def say_refusal(code: str, decided_by: str = "") -> str:
    """Return why a line is not issued; ``decided_by`` is who decided about the application meanwhile."""
    if code in {"APPLICATION-STATE", "APPLICATION-DECIDED"} and decided_by:
        return gettext("%(name)s decided about it meanwhile.", name=decided_by)
    words = {
        "APPLICATION-STATE": gettext("It was decided meanwhile."),
        "APPLICATION-DECIDED": gettext("It was decided meanwhile."),
        "AWARD-STATE": gettext("The certificate that would be renewed cannot be renewed any more."),
        "FAULT": gettext("The program met an error here. Whoever runs the server finds it in the log."),
        "NAME-UNPRINTABLE": gettext("The name holds characters that cannot be printed."),
    }
    if code in _PLAIN:
        return str(_PLAIN[code].sentence)
    return words.get(code) or gettext("Open the application: it says why.")


def say_cause(cause: str) -> str:
    """Return why a batch was paused."""
    words = {
        "ASKED": gettext("Somebody paused it."),
        "REFUSALS": gettext("Several in a row could not be issued. Look at them before you go on."),
        "FAULT": gettext(
            "The next one met an error of the program. Whoever runs the server finds it in the log."
        ),
    }
    if cause == KeyExpiredError.code:
        return say_rest(KEY_EXPIRED)
    return words.get(cause) or say_refusal(cause)
