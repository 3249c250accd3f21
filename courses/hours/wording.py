"""Hours and their rules in words, the same everywhere."""

from __future__ import annotations

from babel.lists import format_list

from courses.catalogue.durations import say_minutes
from courses.hours.figures import Reason, Why
from courses.hours.flags import Flag
from courses.hours.models import CarryOver, PartialMonth, Rounding
from courses.hours.policies import Cap, Period, Policy, Subject
from courses.sessions.models import Kind, Mode
from courses.sessions.wording import say_kind, say_mode
from institute.i18n import current_locale, gettext, ngettext, pgettext


def say_why(why: Why) -> str:
    """Return why minutes do not count, as a line of a list."""
    return {
        Why.NOT_SENT: pgettext("why minutes do not count", "Draft, not sent yet"),
        Why.TAKEN_BACK: pgettext("why minutes do not count", "Taken back"),
        Why.WAITING: pgettext("why minutes do not count", "Waiting for confirmation"),
        Why.DISPUTED: pgettext("why minutes do not count", "Disputed"),
        Why.KIND: pgettext("why minutes do not count", "Of a kind that does not count here"),
        Why.LIMIT: pgettext("why minutes do not count", "Beyond a limit"),
        Why.ROUNDED: pgettext("why minutes do not count", "Rounded off the sum of the month"),
    }[why]


def say_why_not(reason: Reason) -> str:
    """Return why minutes do not count, with the limit that they exceed where there is one, in one sentence."""
    time = say_minutes(reason.minutes)
    if reason.cap is not None:
        return gettext(
            "%(time)s do not count, because of a limit. %(limit)s", time=time, limit=say_cap(reason.cap)
        )
    return {
        Why.NOT_SENT: gettext("%(time)s do not count: the log is a draft.", time=time),
        Why.TAKEN_BACK: gettext("%(time)s do not count: the log was taken back.", time=time),
        Why.WAITING: gettext("%(time)s count once they are confirmed.", time=time),
        Why.DISPUTED: gettext("%(time)s do not count as long as the session is disputed.", time=time),
        Why.KIND: gettext("%(time)s do not count: sessions of this kind are logged only.", time=time),
        Why.LIMIT: gettext("%(time)s do not count: they are beyond a limit.", time=time),
        Why.ROUNDED: gettext("%(time)s do not count: the sum of the month is rounded.", time=time),
    }[reason.why]


def say_flag(flag: Flag, policy: Policy) -> str:
    """Return what somebody should look at in a log."""
    match flag:
        case Flag.LATE:
            return ngettext(
                "Logged more than %(num)s day after the session",
                "Logged more than %(num)s days after the session",
                policy.late_days,
            )
        case Flag.LONG:
            return gettext("Longer than %(time)s", time=say_minutes(policy.long_minutes))
        case Flag.LONG_DAY:
            return gettext("More than %(time)s on that day", time=say_minutes(policy.long_day_minutes))


def say_subject(subject: Subject) -> str:
    """Return what a limit is about, as it begins a sentence."""
    if subject.kind is not None:
        return say_kind(subject.kind)
    return pgettext("sessions", "All sessions") if subject.mode is None else say_mode(subject.mode)


def say_period(period: Period) -> str:
    """Return over what a limit is counted."""
    match period:
        case Period.SESSION:
            return pgettext("limit", "In each session")
        case Period.MONTH:
            return pgettext("limit", "In each month")
        case Period.TOTAL:
            return pgettext("limit", "In all")


def say_cap(cap: Cap) -> str:
    """Return a limit as a sentence."""
    what, time = say_subject(cap.subject), say_minutes(cap.minutes)
    match cap.period:
        case Period.SESSION:
            return gettext("%(what)s: up to %(time)s of each session count.", what=what, time=time)
        case Period.MONTH:
            return gettext("%(what)s: up to %(time)s a month count.", what=what, time=time)
        case Period.TOTAL:
            return gettext("%(what)s: up to %(time)s in all count.", what=what, time=time)


def say_asked(policy: Policy) -> list[str]:
    """Return what is asked for each month, in sentences."""
    said = [
        gettext(
            "%(minimum)s of coaching are asked for each month; the target is %(target)s.",
            minimum=say_minutes(policy.minimum),
            target=say_minutes(policy.target),
        )
    ]
    if policy.raised:
        minimum, target = map(say_minutes, policy.raised)
        said.append(
            gettext(
                "People with raised need are asked for %(minimum)s; their target is %(target)s.",
                minimum=minimum,
                target=target,
            )
        )
    if policy.intensive:
        minimum, target = map(say_minutes, policy.intensive)
        said.append(
            gettext(
                "People with intensive need are asked for %(minimum)s; their target is %(target)s.",
                minimum=minimum,
                target=target,
            )
        )
    if policy.asks_one_to_one:
        said.append(gettext("Only one-to-one sessions fill the minimum and the target."))
    if policy.partial_month is PartialMonth.PRORATA:
        said.append(gettext("The month in which somebody begins asks for its share of days."))
    if policy.carry_over is CarryOver.NEXT:
        said.append(gettext("What exceeds the target goes to the next month, once."))
    return said


def say_counting(policy: Policy) -> list[str]:
    """Return which sessions count and up to which limits, in sentences."""
    said, silent = [], []
    for kind in Kind:
        modes = [mode for mode in Mode if (kind, mode) in policy.counting]
        if len(modes) == len(Mode):
            said.append(gettext("%(kind)s counts, however it is held.", kind=say_kind(kind)))
        elif modes:
            held = _listed([say_mode(mode) for mode in modes])
            said.append(gettext("%(kind)s counts: %(modes)s.", kind=say_kind(kind), modes=held))
        else:
            silent.append(say_kind(kind))
    if silent:
        said.append(gettext("Logged and shown, but not counted: %(kinds)s.", kinds=_listed(silent)))
    said += [say_cap(cap) for cap in sorted(policy.caps, key=_place)]
    if policy.planning_counts:
        said.append(gettext("Planning time counts among the coach’s own hours, never among a participant’s."))
    return said


def say_reckoning(policy: Policy) -> list[str]:
    """Return how minutes are added up and what is flagged, in sentences."""
    rounding = {
        Rounding.NONE: gettext("Minutes are added up as they are and never rounded."),
        Rounding.NEAREST: gettext(
            "The sum of a month is rounded to the nearest quarter of an hour, never above what was logged."
        ),
        Rounding.DOWN: gettext("The sum of a month is rounded down to a quarter of an hour."),
    }
    midnight = (
        gettext("A session over the end of a month is split at midnight.")
        if policy.split_at_midnight
        else gettext("A session counts to the month in which it began.")
    )
    said = [
        rounding[policy.rounding],
        midnight,
        gettext(
            "Flagged for a look: sessions of more than %(session)s, days of more than %(day)s.",
            session=say_minutes(policy.long_minutes),
            day=say_minutes(policy.long_day_minutes),
        ),
        ngettext(
            "A log is late when it is entered more than %(num)s day after the session.",
            "A log is late when it is entered more than %(num)s days after the session.",
            policy.late_days,
        ),
        ngettext(
            "A group has at most %(num)s participant.",
            "A group has at most %(num)s participants.",
            policy.most_in_group,
        ),
        gettext("A make-up takes the place of the meeting that was missed.")
        if policy.makeup_replaces
        else gettext("A make-up is shown, but takes no place of a meeting that was missed."),
    ]
    if policy.recent_months is not None:
        said.append(
            ngettext(
                "Hours are recent for %(num)s month.",
                "Hours are recent for %(num)s months.",
                policy.recent_months,
            )
        )
    return said


def _listed(words: list[str]) -> str:
    return str(format_list(words, locale=current_locale()))


def _place(cap: Cap) -> tuple[int, str]:
    return list(Period).index(cap.period), str(cap.subject)
