"""The states of applications and awards in words, the same everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, get_timezone_location

from certificates.awards.lifetime.signing_keys import KEY_EXPIRED
from certificates.awards.states import ApplicationState, AwardStatus, ReasonClass
from certificates.documents.papers.facts import PaperKind
from institute.i18n import current_locale, gettext, pgettext
from institute.jobs.outcomes import DISK_FULL
from institute.keys.models import KeyPurpose

# The kind of chip and its icon, as the look defines them.
APPLICATION_SIGNS: Final = {
    ApplicationState.UNDER_REVIEW: ("plain", "hourglass-split"),
    ApplicationState.RETURNED: ("ask", "arrow-counterclockwise"),
    ApplicationState.DENIED: ("stop", "x-circle"),
    ApplicationState.APPEALED: ("ask", "chat-left-text"),
    ApplicationState.APPROVED: ("ok", "check-circle"),
    ApplicationState.AWARDED: ("ok", "patch-check"),
}
AWARD_SIGNS: Final = {
    AwardStatus.VALID: ("ok", "patch-check"),
    AwardStatus.SUSPENDED: ("ask", "hourglass-split"),
    AwardStatus.REVOKED: ("stop", "x-octagon"),
    AwardStatus.SUPERSEDED: ("note", "archive"),
    AwardStatus.EXPIRED: ("note", "clock-history"),
}


def say_application_state(state: ApplicationState) -> str:
    """Return an application's state in words for the reader."""
    words = {
        ApplicationState.UNDER_REVIEW: pgettext("application", "under review"),
        ApplicationState.RETURNED: pgettext("application", "returned"),
        ApplicationState.DENIED: pgettext("application", "denied"),
        ApplicationState.APPEALED: pgettext("application", "appealed"),
        ApplicationState.APPROVED: pgettext("application", "approved"),
        ApplicationState.AWARDED: pgettext("application", "awarded"),
    }
    return words[state]


def say_step(state: ApplicationState, snapshot: Mapping[str, Any]) -> str:
    """Return what a step of an application was, beginning with a capital: about its name, else the state it led to."""
    if "wished_name" in snapshot:
        return gettext("Asked for the name %(name)s", name=snapshot["wished_name"][1])
    if "left_name" in snapshot:
        return gettext("The name %(name)s was not taken", name=snapshot["left_name"][1])
    if "name" in snapshot:
        before, after = snapshot["name"]
        return gettext("The name is %(name)s", name=after) if after != before else gettext("Other languages")
    said = say_application_state(state)
    return said[:1].upper() + said[1:]


def say_award_status(status: AwardStatus) -> str:
    """Return a certificate's status as one word for the reader."""
    words = {
        AwardStatus.VALID: pgettext("certificate", "valid"),
        AwardStatus.SUSPENDED: pgettext("certificate", "suspended"),
        AwardStatus.REVOKED: pgettext("certificate", "revoked"),
        AwardStatus.SUPERSEDED: pgettext("certificate", "superseded"),
        AwardStatus.EXPIRED: pgettext("certificate", "expired"),
    }
    return words[status]


def say_reason(reason: ReasonClass) -> str:
    """Return the class of a reason in words that the public reads."""
    words = {
        ReasonClass.ISSUED_IN_ERROR: gettext("Issued in error"),
        ReasonClass.RULES_NOT_MET: gettext("A rule of the level was not met"),
        ReasonClass.MISCONDUCT: gettext("Conduct that the level does not allow"),
        ReasonClass.HOLDER_ASKED: gettext("The holder asked for it"),
        ReasonClass.UNDER_REVIEW: gettext("The institute is looking into it"),
        ReasonClass.OTHER: gettext("Another reason"),
        ReasonClass.CORRECTED: gettext("What it says was corrected"),
        ReasonClass.RENEWED: gettext("It was renewed"),
        ReasonClass.LAPSED: gettext("Its time is over"),
    }
    return words[reason]


def say_local_day(at: datetime, timezone: str) -> str:
    """Return the day of an instant in an institute's zone, such as "14 October 2026"."""
    return format_date(at.astimezone(ZoneInfo(timezone)).date(), "long", locale=current_locale())


def say_last_day(end: datetime, timezone: str) -> str:
    """Return the last day on which something holds that ends at an instant: what ends at midnight, the day before."""
    return say_local_day(end - timedelta(microseconds=1), timezone)


def say_local_time(at: datetime, timezone: str) -> str:
    """Return an instant in an institute's zone and whose time it is."""
    zone = ZoneInfo(timezone)
    time = format_datetime(at, "medium", tzinfo=zone, locale=current_locale())
    place = get_timezone_location(zone, locale=current_locale(), return_city=True)
    return gettext("%(time)s, %(place)s time", time=time, place=place)


def say_key_purpose(purpose: KeyPurpose) -> str:
    """Return what a key signs, in words for the reader."""
    words = {
        KeyPurpose.DOCUMENT: gettext("PDF documents"),
        KeyPurpose.BADGE: gettext("Badges and the list of statuses"),
        KeyPurpose.BADGE_JWT: gettext("Badges as tokens for wallets"),
    }
    return words[purpose]


def say_paper(kind: PaperKind) -> str:
    """Return what a paper beside a certificate is called, in words for the reader."""
    words = {
        PaperKind.TRANSCRIPT: gettext("Transcript of hours and competencies"),
        PaperKind.COMPLETION_FORM: gettext("Program Completion Verification Form"),
    }
    return words[kind]


def say_wait(reason: str) -> str:
    """Return why documents of certificates wait, by the code of their job; empty where nothing stands in the way."""
    words = {
        DISK_FULL: gettext(
            "The server’s disk is full. The certificates are valid, and their documents follow when there is room:"
            " tell whoever runs the server."
        ),
        KEY_EXPIRED: gettext(
            "The key that signs documents has expired. The certificates are valid, and their documents follow when"
            " the key is replaced."
        ),
    }
    return words.get(reason, "")


def say_rest(reason: str) -> str:
    """Return why something else of certificates is not done yet, by the code of its job; empty as ``say_wait``."""
    words = {
        DISK_FULL: gettext(
            "The server’s disk is full. It goes on by itself when there is room: tell whoever runs the server."
        ),
        KEY_EXPIRED: gettext(
            "The key that signs documents has expired. It goes on by itself when the key is replaced."
        ),
    }
    return words.get(reason, "")
