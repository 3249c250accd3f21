"""The door of the documents: a month's log in, a file out.

Only the worker goes through it, by ``importlib.import_module("courses.logbook.making")``: what typesets is large and
slow to import, and a web process must not carry it.
"""

from __future__ import annotations

from courses.logbook.filling import fill, style
from courses.logbook.months import MonthLog
from institute.i18n import current_locale, language_tag
from institute.printing.pages import make_document
from institute.printing.papers import Paper


def make_month(log: MonthLog, paper: Paper) -> bytes:
    """Return a month's log as a document, in the language that is spoken here. Its date is the month's last day."""
    locale = current_locale()
    return make_document(
        [fill(log)],
        style=style(paper, locale),
        author=log.institute_name.in_(locale),
        languages=(language_tag(locale),),
        day=log.last_day,
    )
