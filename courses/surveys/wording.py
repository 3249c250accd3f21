"""Stages, bands and windows in words, the same everywhere."""

from __future__ import annotations

from courses.instruments.results import Band, Group
from courses.sessions.wording import say_short_day
from courses.surveys.stages import Moment, Stage, Window
from institute.i18n import current_locale, gettext, pgettext


def say_stage(stage: Stage) -> str:
    """Return what a stage is called."""
    match stage:
        case Stage.INITIAL:
            return pgettext("stage of a reflection", "Initial")
        case Stage.INTERIM:
            return pgettext("stage of a reflection", "Interim")
        case Stage.FINAL:
            return pgettext("stage of a reflection", "Final")
        case Stage.YEAR_1:
            return gettext("First year")
        case Stage.YEAR_2:
            return gettext("Second year")


def say_window(window: Window, moment: Moment) -> str:
    """Return from when to when a round is open, as seen from where it stands."""
    if moment is Moment.OPEN:
        return gettext("Open until %(day)s", day=say_short_day(window.closes))
    if moment is Moment.OVER:
        return gettext("Was open until %(day)s", day=say_short_day(window.closes))
    return gettext("Opens on %(day)s", day=say_short_day(window.opens))


def say_band(band: Band) -> str:
    """Return in which part of a scale answers lie on average."""
    match band:
        case Band.LOW:
            return gettext("On average in the lower part of the scale")
        case Band.MIDDLE:
            return gettext("On average in the middle of the scale")
        case Band.HIGH:
            return gettext("On average in the upper part of the scale")


def say_group(group: Group) -> str:
    """Return which answers a group puts together."""
    locale = current_locale()
    least, most = group.least.label.in_(locale), group.most.label.in_(locale)
    if group.least == group.most:
        return least
    return pgettext("answers of a scale", "%(least)s to %(most)s", least=least, most=most)
