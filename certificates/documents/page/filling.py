"""A certificate's words as a page of HTML."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from certificates.documents.certificate import CertificateFacts, Signatory
from certificates.documents.fitting import POINTS_PER_MM, SMALLEST, setting
from certificates.documents.scripts import CHINESE_FACES, direction_of, families, language_of, script_of
from certificates.documents.wording import Wording, wording
from institute.i18n import Localised

HERE: Final = Path(__file__).parent
MARGIN: Final = 34.0
# From the most generous setting of the upper part to the densest.
DENSITIES: Final = ("roomy", "even", "tight", "tightest")


@dataclass(frozen=True, slots=True)
class Piece:
    """A text with its language and direction. ``spaced``: its letters may stand apart, as Latin capitals do."""

    text: str
    tag: str
    direction: str
    spaced: bool = False


@dataclass(frozen=True, slots=True)
class NameLines:
    """The name as it is set."""

    lines: tuple[str, ...]
    size: int
    tag: str
    direction: str


def first_density(facts: CertificateFacts) -> str:
    """Return the most generous density that has a chance."""
    if len(facts.locales) == 1 and not facts.second_name:
        return DENSITIES[0]
    return DENSITIES[1]


def fill(facts: CertificateFacts, density: str) -> str:
    """Return the page as HTML. Its style is separate: see ``style``."""
    words = wording(facts.locale, fallback=facts.second_locale or facts.locale)
    return _template().render(
        page=words,
        words=words,
        paper=facts.paper.value,
        density=density,
        title=words.heading(facts.serial),
        issued=facts.issued.isoformat(),
        institute=_localised(facts.institute, facts.locale),
        name=_name(facts),
        second_name=_plain(facts.second_name, facts.second_locale or facts.locale)
        if facts.second_name
        else None,
        award=_localised(facts.title, facts.locale),
        proof=words.proof(facts),
        second=_second(facts, words),
        serial=facts.serial,
        issued_day=words.day(facts.issued),
        last_day=words.day(facts.valid_until) if facts.valid_until else None,
        signatories=_signatories(facts, words),
        verify_address=facts.verify_address,
    )


@lru_cache(maxsize=1)
def style() -> str:
    """Return the style sheet, with the faces of every language."""
    rules = [f"html {{ font-family: {families('en', display=False)}; }}"]
    rules.append(f".name, .title, .who {{ font-family: {families('en', display=True)}; }}")
    for tag in CHINESE_FACES:
        rules.append(f'[lang="{tag}"] {{ font-family: {families(tag, display=False)}; }}')
        display = ", ".join(f'.{kind}[lang="{tag}"]' for kind in ("name", "title", "who"))
        rules.append(f"{display} {{ font-family: {families(tag, display=True)}; }}")
    return (HERE / "certificate.css").read_text("utf-8") + "\n".join(rules)


@lru_cache(maxsize=1)
def _template() -> Template:
    loader = FileSystemLoader(HERE)
    return Environment(autoescape=True, undefined=StrictUndefined, loader=loader).get_template(
        "certificate.html"
    )


def _name(facts: CertificateFacts) -> NameLines:
    tag = language_of(facts.name, facts.locale)
    line = (facts.paper.millimetres[0] - 2 * MARGIN) * POINTS_PER_MM
    found = setting(facts.name, line)
    size, lines = (found.size, found.lines) if found else (SMALLEST, (facts.name,))
    return NameLines(lines, size, tag, direction_of(tag))


def _plain(text: str, locale: str) -> Piece:
    tag = language_of(text, locale)
    return Piece(text, tag, direction_of(tag), script_of(text) is None)


def _localised(content: Localised, locale: str) -> Piece:
    shown = content.shown(locale)
    return Piece(shown.text, shown.tag, shown.dir, script_of(shown.text) is None)


def _second(facts: CertificateFacts, first: Wording) -> dict[str, Piece] | None:
    """Return the second language's lines, or None where it would say the same again."""
    if len(facts.locales) == 1:
        return None
    locale = facts.locales[1]
    words = wording(locale)
    if words.locale == first.locale:
        return None
    return {
        "institute": _localised(facts.institute, locale),
        "award": _localised(facts.title, locale),
        "proof": Piece(words.proof(facts), words.tag, words.direction),
    }


def _signatories(facts: CertificateFacts, words: Wording) -> list[dict[str, Piece]]:
    """Return both places for signatures; where one person signs, the institute's own signature takes the other."""
    places = [_signatory(signatory, facts.locale) for signatory in facts.signatories]
    if len(places) == 1:
        places.append(
            {
                "name": _localised(facts.institute, facts.locale),
                "title": Piece(words.signed(), words.tag, words.direction),
            }
        )
    return places


def _signatory(signatory: Signatory, locale: str) -> dict[str, Piece]:
    return {"name": _plain(signatory.name, locale), "title": _localised(signatory.title, locale)}
