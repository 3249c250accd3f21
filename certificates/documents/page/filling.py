"""A certificate's words as a page of HTML."""

from __future__ import annotations

import base64
import math
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from certificates.documents.certificate import CertificateFacts, Picture, Signatory
from certificates.documents.fitting import FURTHER, POINTS_PER_MM, setting
from certificates.documents.looks.look import PRIMARY
from certificates.documents.places import Places
from certificates.documents.wording import Wording, wording
from institute.i18n import Localised
from institute.printing.fonts import width
from institute.printing.scripts import CHINESE_FACES, direction_of, families, language_of, script_of

HERE: Final = Path(__file__).parent
# Points of the texts that are evened, and how far they keep from the margins at least.
TITLE_POINTS: Final = 21
TITLE_LEAST: Final = 6.0
PROOF_POINTS: Final = 11.6
PROOF_LEAST: Final = 24.0
SECOND_POINTS: Final = 9.8
JOINED: Final = 0.75  # Arabic letters stand closer than they do one by one
RAGGED: Final = 1.06  # words do not end where a line would
# From the most generous setting of the upper part to the densest.
DENSITIES: Final = ("roomy", "even", "tight", "tightest")
# A logo stands in a field of this size, in millimetres, and in less of it the denser the page.
LOGO_FIELD: Final = (56.0, 18.0)
LOGO_SHARES: Final = {"roomy": 1.0, "even": 0.9, "tight": 0.75, "tightest": 0.6}
NARROW: Final = 190.0  # a column as narrow as this has no room to keep from its margins


@dataclass(frozen=True, slots=True)
class Piece:
    """A text with its language and direction.

    ``spaced``: its letters may stand apart, as Latin ones do. ``inset``: millimetres it keeps from the margins,
    so that its lines come out equally long; 0 leaves that to the style sheet.
    """

    text: str
    tag: str
    direction: str
    spaced: bool = False
    inset: int = 0


@dataclass(frozen=True, slots=True)
class NameLines:
    """The name as it is set."""

    lines: tuple[str, ...]
    size: int
    tag: str
    direction: str


def first_density(facts: CertificateFacts) -> str:
    """Return the most generous density that has a chance."""
    return DENSITIES[0] if _second_words(facts) is None and not facts.second_name else DENSITIES[1]


def fill(facts: CertificateFacts, places: Places, density: str) -> str:
    """Return the page as HTML. Its style is separate: see ``style``."""
    words = wording(facts.locale, fallback=facts.second_locale or facts.locale)
    return _template().render(
        page=words,
        words=words,
        kinds=_kinds(facts, places, density),
        inset_side=_inset_side(places),
        logo=_logo(facts.look.logo, LOGO_SHARES[density]),
        title=words.heading(facts.serial),
        issued=facts.issued.isoformat(),
        institute=_localised(facts.institute, facts.locale),
        certifies=_localised(facts.look.certifies, facts.locale)
        if facts.look.certifies
        else _said(words.certifies(), words),
        name=_name(facts, places),
        second_name=_plain(facts.second_name, facts.second_locale or facts.locale)
        if facts.second_name
        else None,
        award=_evened(_localised(facts.title, facts.locale), places, TITLE_POINTS, TITLE_LEAST),
        proof=_evened(_said(words.proof(facts), words), places, PROOF_POINTS, PROOF_LEAST),
        statements=_statements(facts, places),
        second=_second(facts, places),
        serial=facts.serial,
        issued_day=words.day(facts.issued),
        last_day=words.day(facts.valid_until) if facts.valid_until else None,
        signatories=_signatories(facts, words),
        verify_address=facts.verify_address,
    )


@lru_cache(maxsize=32)
def style(primary: str = PRIMARY) -> str:
    """Return the style sheet in a colour, with the faces of every language."""
    rules = [
        f"[lang] {{ font-family: {families('en', display=False)}; }}",
        f".name[lang], .title[lang], .who[lang] {{ font-family: {families('en', display=True)}; }}",
    ]
    for tag in CHINESE_FACES:
        rules.append(f'[lang="{tag}"] {{ font-family: {families(tag, display=False)}; }}')
        display = ", ".join(f'.{kind}[lang="{tag}"]' for kind in ("name", "title", "who"))
        rules.append(f"{display} {{ font-family: {families(tag, display=True)}; }}")
    written = (HERE / "certificate.css").read_text("utf-8") + (HERE / "plans.css").read_text("utf-8")
    return written.replace(PRIMARY, primary) + "\n".join(rules)


def _kinds(facts: CertificateFacts, places: Places, density: str) -> str:
    """Return the classes of the page."""
    kinds = [facts.paper.value, density, facts.look.template.value, facts.look.orientation.value]
    kinds += [places.foot.value, f"of-{max(2, len(facts.signatories))}"]
    return " ".join([*kinds, "mirrored"] if places.mirrored else kinds)


def _inset_side(places: Places) -> str:
    """Return where lines are kept from the margin: on both sides, or where they end."""
    if places.centred:
        return "inline"
    return "left" if places.mirrored else "right"


def _logo(picture: Picture | None, share: float) -> dict[str, str] | None:
    """Return a logo's address and size, the whole of it within its field."""
    if picture is None:
        return None
    field = LOGO_FIELD[0] * share, LOGO_FIELD[1] * share
    width = min(field[0], field[1] * picture.ratio)
    return {"address": _address(picture), "width": f"{width:.2f}", "height": f"{width / picture.ratio:.2f}"}


def _address(picture: Picture) -> str:
    return f"data:{picture.media_type};base64,{base64.b64encode(picture.data).decode()}"


def _statements(facts: CertificateFacts, places: Places) -> list[Piece]:
    """Return the institute's own sentence in the languages of the page, once where both say the same."""
    said = facts.look.statement
    if said is None:
        return []
    pieces = {_localised(said, locale).text: _localised(said, locale) for locale in facts.locales}
    return [_evened(piece, places, SECOND_POINTS, PROOF_LEAST) for piece in pieces.values()]


@lru_cache(maxsize=1)
def _template() -> Template:
    loader = FileSystemLoader(HERE)
    return Environment(autoescape=True, undefined=StrictUndefined, loader=loader).get_template(
        "certificate.html"
    )


def _name(facts: CertificateFacts, places: Places) -> NameLines:
    tag = language_of(facts.name, facts.locale)
    found = setting(facts.name, places.column * POINTS_PER_MM)
    size, lines = (found.size, found.lines) if found else (FURTHER[-1], (facts.name,))
    return NameLines(lines, size, tag, direction_of(tag))


def _plain(text: str, locale: str) -> Piece:
    tag = language_of(text, locale)
    return Piece(text, tag, direction_of(tag), script_of(text) is None)


def _localised(content: Localised, locale: str) -> Piece:
    shown = content.shown(locale)
    return Piece(shown.text, shown.tag, shown.dir, script_of(shown.text) is None)


def _second_words(facts: CertificateFacts) -> Wording | None:
    """Return the words of the second language, or None where they would say the same again."""
    if len(facts.locales) == 1:
        return None
    first = wording(facts.locale, fallback=facts.locales[1])
    second = wording(facts.locales[1])
    return None if second.locale == first.locale else second


def _second(facts: CertificateFacts, places: Places) -> dict[str, Piece] | None:
    """Return the second language's lines, if there are any."""
    words = _second_words(facts)
    if words is None:
        return None
    return {
        "institute": _localised(facts.institute, facts.locales[1]),
        "award": _localised(facts.title, facts.locales[1]),
        "proof": _evened(_said(words.proof(facts), words), places, SECOND_POINTS, PROOF_LEAST),
    }


def _said(text: str, words: Wording) -> Piece:
    return Piece(text, words.tag, words.direction)


def _evened(piece: Piece, places: Places, size: float, least: float) -> Piece:
    """Return a text with the inset that makes its lines equally long: at least ``least`` millimetres each side."""
    if not places.centred:
        least = 0.0
    elif places.column < NARROW:
        least /= 6
    joined = JOINED if piece.direction == "rtl" else 1
    whole = width(piece.text) * size / POINTS_PER_MM * joined
    most = places.column - 2 * least
    line = min(most, whole / math.ceil(whole / most) * RAGGED + size)
    rest = places.column - (line if places.centred else line * RAGGED)
    return replace(piece, inset=max(0, int(rest / 2 if places.centred else rest)))


def _signatories(facts: CertificateFacts, words: Wording) -> list[dict[str, Piece | str]]:
    """Return both places for signatures; where one person signs, the institute's own signature takes the other."""
    places = [_signatory(signatory, facts.locale) for signatory in facts.signatories]
    if len(places) == 1:
        places.append(
            {
                "name": _localised(facts.institute, facts.locale),
                "title": _said(words.signed(), words),
                "ink": "",
            }
        )
    return places


def _signatory(signatory: Signatory, locale: str) -> dict[str, Piece | str]:
    ink = _address(signatory.signature) if signatory.signature else ""
    return {"name": _plain(signatory.name, locale), "title": _localised(signatory.title, locale), "ink": ink}
