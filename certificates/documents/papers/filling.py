"""A paper's words as a page of HTML, and the style of its sheets."""

from __future__ import annotations

import base64
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Final

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from certificates.documents.certificate import PageLook, Picture
from certificates.documents.papers.facts import PaperKind, RecordFacts
from certificates.documents.papers.form import form
from certificates.documents.papers.labels import LABELS, Label
from certificates.documents.papers.sheets import Sheet
from certificates.documents.papers.transcript import transcript
from certificates.documents.papers.words import Speaker
from institute.i18n import LOCALES, Localised, direction, language_tag, pgettext, speaking
from institute.printing.papers import Paper
from institute.printing.sheets import sheet_style

HERE: Final = Path(__file__).parent
# From the most generous setting to the densest.
DENSITIES: Final = ("even", "dense")
# A logo is as high as two lines of the institute's name, and as wide as a third of the sheet at most.
LOGO_HEIGHT, LOGO_WIDTH = {"even": 14.0, "dense": 9.0}, 56.0

# Where somebody signs, as many letters stand on a line.
PLACE_WIDTH: Final = 26


def sheet_of(facts: RecordFacts, kind: PaperKind) -> Sheet:
    """Return what a paper says."""
    return transcript(facts) if kind is PaperKind.TRANSCRIPT else form(facts)


def fill(facts: RecordFacts, kind: PaperKind, density: str = DENSITIES[0]) -> str:
    """Return a paper as HTML. Its style is separate: see ``style``."""
    speaker = Speaker(facts.languages)
    first = facts.languages[0]
    with speaking(first):
        heading = title_of(facts, kind)
        code_said = str(LABELS[Label.CODE])
    return _template().render(
        sheet=sheet_of(facts, kind),
        kind=kind.value,
        density=density,
        page_tag=language_tag(first),
        page_dir=direction(first),
        institute=speaker.content(facts.institute),
        author=facts.institute.in_(first),
        heading=heading,
        holder=facts.name,
        serial=facts.serial,
        address=facts.verify_address,
        code=_as_address(_code(facts.verify_url), "image/svg+xml"),
        code_said=code_said,
        logo=_logo(facts.look.logo, LOGO_HEIGHT[density]),
        footer=speaker.content(facts.footer) if facts.footer is not None else (),
        signature_line=speaker.say(LABELS[Label.SIGNATURE_LINE]),
        name_line=speaker.say(LABELS[Label.NAME_LINE]),
        date_line=speaker.say(LABELS[Label.DATE_LINE]),
    )


@lru_cache(maxsize=32)
def style(paper: Paper, locale: str, primary: str) -> str:
    """Return the style sheet for a paper, a language and the institute's colour."""
    own = (HERE / "paper.css").read_text("utf-8").replace("PRIMARY", primary)
    return sheet_style(paper, direction(locale), own)


def style_of(facts: RecordFacts) -> str:
    """Return the style sheet of an award's papers."""
    look: PageLook = facts.look
    return style(facts.paper, facts.languages[0], look.primary)


def office() -> Localised:
    """Return the title of whoever issued, in every language."""
    texts = {}
    for locale in LOCALES:
        with speaking(locale):
            texts[locale] = pgettext("certificate", "For the institute")
    return Localised.of(texts)


def title_of(facts: RecordFacts, kind: PaperKind) -> str:
    """Return what the file is called."""
    first = sheet_of(facts, kind).title[0].text
    return f"{first}, {facts.name}, {facts.serial}"


@lru_cache(maxsize=1)
def _template() -> Template:
    loader = FileSystemLoader(HERE)
    environment = Environment(autoescape=True, undefined=StrictUndefined, loader=loader, trim_blocks=True)
    environment.tests["long_in_its_place"] = lambda text: _width(text) > PLACE_WIDTH
    return environment.get_template("paper.html")


def _width(text: str) -> int:
    """Return how wide a text is, in letters of the Latin script."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _logo(logo: Picture | None, most: float) -> dict[str, str] | None:
    """Return a logo with the size that it has on the sheet: whole in its room, whatever its shape."""
    if logo is None:
        return None
    height = min(most, LOGO_WIDTH / logo.ratio)
    return {
        "address": _as_address(logo.data, logo.media_type),
        "width": f"{height * logo.ratio:.1f}mm",
        "height": f"{height:.1f}mm",
    }


def _code(url: str) -> bytes:
    svg: str = segno.make(url, error="m", micro=False).svg_inline(border=0, dark="#271f2c", omitsize=True)
    return svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).encode()


def _as_address(data: bytes, media_type: str) -> str:
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"
