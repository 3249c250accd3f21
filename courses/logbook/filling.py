"""A month's log as a page of HTML, in the language that is spoken here, and the style of its sheets."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

from flask import current_app

from courses.logbook.months import MonthLog
from courses.sessions.models import Side
from courses.sessions.wording import say_month
from institute.i18n import current_locale, direction, gettext, language_tag
from institute.printing.papers import Paper
from institute.printing.sheets import sheet_style

STYLE: Final = Path(__file__).parent / "logbook.css"
MARK: Final = 16  # signs of the digest that are printed


def fill(log: MonthLog) -> str:
    """Return a month's log as HTML, in the language that is spoken here."""
    locale = current_locale()
    return current_app.jinja_env.get_template("courses/logbook/paper.html").render(
        log=log,
        sides=list(Side),
        mark=log.digest[:MARK],
        title=title_of(log),
        page_tag=language_tag(locale),
        page_dir=direction(locale),
        institute_name=log.institute_name.in_(locale),
    )


def title_of(log: MonthLog) -> str:
    """Return what the document is called, in the language that is spoken here."""
    return gettext("Coaching log of %(month)s", month=say_month(log.month))


@lru_cache(maxsize=16)
def style(paper: Paper, locale: str) -> str:
    """Return the style sheet for a paper and a language."""
    return sheet_style(paper, direction(locale), STYLE.read_text("utf-8"))
