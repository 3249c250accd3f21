"""A packet's words as a page of HTML, in the language that is spoken here, and the style of its sheets."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Final

from babel.numbers import format_decimal
from flask import current_app

from certificates.levels.rules import RuleKind
from certificates.registry.contents import Withheld
from certificates.registry.gathering import Audited
from institute.i18n import current_locale, direction, gettext, language_tag
from institute.printing.papers import Paper
from institute.printing.sheets import sheet_style

STYLE: Final = Path(__file__).parent / "packet.css"
_HOURS: Final = frozenset({RuleKind.HOURS, RuleKind.ONE_TO_ONE_HOURS, RuleKind.MONTHS, RuleKind.DISPUTE_FREE})


def fill(packet: Audited) -> str:
    """Return a packet as HTML, in the language that is spoken here."""
    locale = current_locale()
    return current_app.jinja_env.get_template("certificates/registry/paper.html").render(
        packet=packet,
        title=title_of(packet),
        page_tag=language_tag(locale),
        page_dir=direction(locale),
        institute_name=packet.institute_name.in_(locale),
        source_of=source_of,
        say_withheld=say_withheld,
        exact=exact,
    )


def title_of(packet: Audited) -> str:
    """Return what the document is called, in the language that is spoken here."""
    return gettext("Auditor's packet for certificate %(serial)s", serial=packet.award.serial)


def source_of(kind: RuleKind) -> str:
    """Return in which part of the packet the figure of a rule is to be found."""
    if kind in _HOURS:
        return gettext("Hours log")
    words = {
        RuleKind.EVIDENCE: gettext("Evidence"),
        RuleKind.MODULE: gettext("Steps done in the course, in snapshot.json"),
        RuleKind.LEVEL: gettext("Certificates issued before, in snapshot.json"),
    }
    return words.get(kind, gettext("The facts in snapshot.json"))


def say_withheld(why: Withheld) -> str:
    """Return why a file is named and not held."""
    words = {
        Withheld.NO_CONSENT: gettext("The holder does not share it"),
        Withheld.WITHDRAWN: gettext("Somebody shown in it does not agree any more"),
        Withheld.TOO_LARGE: gettext("Too large for one file"),
    }
    return words[why]


def exact(value: Fraction) -> str:
    """Return a score as it is read: two places at most, and exactly beside them where they round."""
    shown = str(format_decimal(round(float(value), 2), locale=current_locale()))
    return shown if (value * 100).denominator == 1 else f"{shown} ({value.numerator}/{value.denominator})"


@lru_cache(maxsize=16)
def style(paper: Paper, locale: str) -> str:
    """Return the style sheet for a paper and a language."""
    return sheet_style(paper, direction(locale), STYLE.read_text("utf-8"))
