"""Coaches, assignments, recipients and concerns in words, the same everywhere."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date

from courses.assignments.models import ConcernState
from courses.coaches.models import RequirementKind
from courses.coaches.standings import Met
from courses.cohorts.models import NeedLevel, RecipientType, Setting
from institute.i18n import current_locale, gettext, ngettext, pgettext


def say_date(day: date) -> str:
    """Return a day as the reader writes it, with its year."""
    return str(format_date(day, "long", locale=current_locale()))


def say_months(months: int) -> str:
    """Return a number of months."""
    return ngettext("%(num)s month", "%(num)s months", months)


def say_requirement_kind(kind: RequirementKind | str) -> str:
    """Return what kind of thing is asked of a coach."""
    return {
        RequirementKind.DEGREE: pgettext("asked of a coach", "Degree"),
        RequirementKind.EXPERIENCE: pgettext("asked of a coach", "Experience"),
        RequirementKind.KNOWLEDGE: pgettext("asked of a coach", "Knowledge"),
        RequirementKind.RECOMMENDATION: pgettext("asked of a coach", "Recommendation"),
        RequirementKind.COMMITMENT: pgettext("asked of a coach", "Commitment"),
        RequirementKind.TRAINING: pgettext("asked of a coach", "Training"),
        RequirementKind.OTHER: pgettext("asked of a coach", "Other"),
    }[RequirementKind(kind)]


def say_met(met: Met) -> str:
    """Return how a requirement stands, as one word."""
    return {
        Met.MISSING: pgettext("requirement", "Missing"),
        Met.LATER: pgettext("requirement", "Not yet needed"),
        Met.EXPIRING: pgettext("requirement", "Ends soon"),
        Met.WAIVED: pgettext("requirement", "Waived"),
        Met.MET: pgettext("requirement", "Met"),
    }[met]


def say_recipient_type(kind: RecipientType | str) -> str:
    """Return whom coaching reaches."""
    return {
        RecipientType.LEAD_TEACHER: pgettext("recipient", "Lead teacher"),
        RecipientType.ASSISTANT: pgettext("recipient", "Assistant"),
        RecipientType.HOME_BASED: pgettext("recipient", "Home-based provider"),
        RecipientType.SITE_LEADER: pgettext("recipient", "Site leader"),
        RecipientType.OTHER: pgettext("recipient", "Other"),
    }[RecipientType(kind)]


def say_setting(setting: Setting | str) -> str:
    """Return where a recipient works."""
    return {
        Setting.CENTRE: pgettext("setting", "Centre"),
        Setting.FAMILY_HOME: pgettext("setting", "Family home"),
        Setting.SCHOOL: pgettext("setting", "School"),
        Setting.AGENCY: pgettext("setting", "Agency"),
        Setting.OTHER: pgettext("setting", "Other"),
    }[Setting(setting)]


def say_need(need: NeedLevel | str) -> str:
    """Return how much coaching somebody needs."""
    return {
        NeedLevel.STANDARD: pgettext("need", "Usual"),
        NeedLevel.RAISED: pgettext("need", "Raised"),
        NeedLevel.INTENSIVE: pgettext("need", "Intensive"),
    }[NeedLevel(need)]


def say_concern_state(state: ConcernState) -> str:
    """Return where a concern stands."""
    return {
        ConcernState.BETWEEN: pgettext("concern", "Between the two"),
        ConcernState.COORDINATOR: pgettext("concern", "With the coordinator"),
        ConcernState.REASSIGNED: pgettext("concern", "Another coach was assigned"),
        ConcernState.CLOSED: pgettext("concern", "Closed"),
    }[state]


def say_hindrance(code: str) -> str:
    """Return why somebody must not coach somebody, by the code that a room reported."""
    return {
        "self": gettext("This is the same person."),
        "supervises": gettext("One of the two supervises the other."),
        "declared": gettext("A conflict was declared between the two."),
        "rates": gettext("Has another duty towards this person."),
    }.get(code, gettext("Has another duty towards this person."))
