"""What kinds of rules, tracks and their parts are called where rules are written."""

from __future__ import annotations

from certificates.levels.models import Track
from certificates.levels.rules import RuleKind, Strand
from certificates.levels.wording import say_strand
from courses.sessions.models import Kind, Mode
from courses.sessions.wording import say_kind, say_mode
from institute.i18n import gettext, pgettext


def say_track(track: Track) -> str:
    """Return whose levels a track holds."""
    words = {
        Track.PARTICIPANT: pgettext("track", "Participants"),
        Track.COACH: pgettext("track", "Coaches"),
        Track.TRAINER: pgettext("track", "Trainers"),
        Track.MENTOR: pgettext("track", "Mentors"),
    }
    return words[track]


def rule_kinds(known: frozenset[RuleKind]) -> list[tuple[str, str]]:
    """Return what a rule may ask for, of the kinds that a track knows, as a list to choose from."""
    words = {
        RuleKind.HOURS: gettext("Hours of confirmed coaching"),
        RuleKind.ONE_TO_ONE_HOURS: gettext("Hours of one-to-one coaching"),
        RuleKind.MONTHS: gettext("Months that reached their minimum of coaching"),
        RuleKind.SESSIONS: gettext("A number of confirmed sessions"),
        RuleKind.MODULE: gettext("A module that is done"),
        RuleKind.EVIDENCE: gettext("Evidence that is accepted"),
        RuleKind.SCORE: gettext("A score of evidence, or of one criterion"),
        RuleKind.COMPETENCY: gettext("A score for a competency"),
        RuleKind.INSTRUMENT: gettext("A survey that is answered"),
        RuleKind.PLAN: gettext("Goals of the plan that are reached"),
        RuleKind.MEETINGS: gettext("Meetings that were attended"),
        RuleKind.LEVEL: gettext("A level that is held"),
        RuleKind.ANY_OF: gettext(
            "One of several: evidence, modules, levels, qualifications, hours or meetings"
        ),
        RuleKind.DISPUTE_FREE: gettext("No coaching session is disputed"),
        RuleKind.NOT_SUPERVISED: gettext("The coach is not the supervisor"),
        RuleKind.COACHED_HOURS: gettext("Hours of coaching given to others"),
        RuleKind.COACHED_PEOPLE: gettext("Different people who were coached"),
        RuleKind.QUALIFICATION: gettext("A qualification that is verified"),
        RuleKind.CALIBRATION: gettext("Calibrated to score by a rubric"),
    }
    return [(kind.value, text) for kind, text in words.items() if kind in known]


def strand_choices() -> list[tuple[str, str]]:
    """Return the strands to choose from."""
    return [(one.value, say_strand(one)) for one in Strand]


def session_choices() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return kinds of sessions and how the two met, to choose from."""
    return [(one.value, say_kind(one)) for one in Kind], [(one.value, say_mode(one)) for one in Mode]
