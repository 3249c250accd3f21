"""What somebody typed into the form of a part, and whether it can be kept."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from werkzeug.datastructures import MultiDict

from courses.frameworks.errors import AudienceMissingError, TextMissingError, TextTooLongError
from courses.frameworks.models import CODE_LENGTH, LABEL_LENGTH, Audience, Kind
from courses.frameworks.naming import not_taken, slug_of
from courses.frameworks.sheets import PRACTICE, Sheet
from institute.errors import DomainError
from institute.i18n import LOCALES, Localised, text_hash
from institute.web.forms import storable

LINE_MOST: Final = 300
TEXT_MOST: Final = 4_000
FACTS: Final[Mapping[Kind, Mapping[str, int]]] = {
    Kind.FRAMEWORK: {"version": LABEL_LENGTH},
    Kind.ELEMENT: {"code": CODE_LENGTH},
}
"""The facts of a kind of part that are typed, with how long they may be. Audiences are ticked."""


@dataclass(frozen=True, slots=True)
class TextSpec:
    """A text of a form. ``name`` is the sheet's; ``line`` tells that it is one line."""

    name: str
    line: bool = False
    needed: bool = False

    @property
    def most(self) -> int:
        """How many characters it may have."""
        return LINE_MOST if self.line else TEXT_MOST


@dataclass(frozen=True, slots=True)
class Typed:
    """What stood in the fields: texts by (name, locale), facts by name, the key wished for a new part.

    ``confirmed`` holds the translations that somebody said are right for the text as it is now.
    """

    texts: Mapping[tuple[str, str], str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    confirmed: frozenset[tuple[str, str]] = frozenset()
    key: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """The sheet that was typed, or None, and what has to be mended by the field's id."""

    sheet: Sheet | None
    problems: Mapping[str, DomainError] = field(default_factory=dict)


def text_specs(columns: Sequence[str] = ()) -> list[TextSpec]:
    """Return the texts of a form: title, description, and the practice at each of these columns."""
    practices = [TextSpec(f"{PRACTICE}{key}") for key in columns]
    return [TextSpec("title", line=True, needed=True), TextSpec("description"), *practices]


def field_name(name: str, locale: str) -> str:
    """Return the name (and id) of the field of a text in one language."""
    return f"{name}.{locale}"


def read_typed(form: MultiDict[str, str]) -> Typed:
    """Read a form as it was sent. Whatever it holds, this succeeds."""
    texts, confirmed = {}, set()
    for name, value in form.items():
        path, _, locale = name.rpartition(".")
        if locale not in LOCALES:
            continue
        if path.startswith("right."):
            confirmed.add((path.removeprefix("right."), locale))
        elif path:
            texts[(path, locale)] = storable(value).strip()
    facts = {name: _line(form.get(name, "")) for name in ("version", "code")}
    chosen = set(form.getlist("audiences"))
    facts["audiences"] = " ".join(audience for audience in Audience if audience.value in chosen)
    return Typed(texts, facts, frozenset(confirmed), _line(form.get("key", "")).lower())


def typed_of(sheet: Sheet) -> Typed:
    """Return the fields as a sheet fills them."""
    texts = {
        (name, locale): said for name, text in sheet.texts.items() for locale, said in text.texts.items()
    }
    return Typed(texts, sheet.facts)


def check_typed(
    typed: Typed, kind: Kind, specs: Sequence[TextSpec], *, before: Sheet | None, source: str
) -> Checked:
    """Check what was typed and put it together. Texts that the form does not show stay as they were."""
    problems: dict[str, DomainError] = {}
    shown = {spec.name for spec in specs}
    texts = {} if before is None else {name: text for name, text in before.texts.items() if name not in shown}
    for spec in specs:
        was = None if before is None else before.texts.get(spec.name)
        text = _check_text(typed, spec, was, source, problems)
        if text is not None:
            texts[spec.name] = text
    facts = {}
    for name, most in FACTS.get(kind, {}).items():
        facts[name] = typed.facts.get(name, "")
        if len(facts[name]) > most:
            problems[name] = TextTooLongError(most=most)
    if kind is Kind.FRAMEWORK:
        facts["audiences"] = typed.facts.get("audiences", "")
        if not facts["audiences"]:
            problems["audiences"] = AudienceMissingError()
    if problems:
        return Checked(None, problems)
    return Checked(Sheet(texts, {name: value for name, value in facts.items() if value}))


def suggested_key(typed: Typed, *, source: str, taken: frozenset[str], otherwise: str) -> str:
    """Return a key made of the code or the title that is not taken, such as ``1a`` or ``listens-first``.

    A title of which nothing can be written in Latin letters gives ``otherwise`` with a number.
    """
    made = slug_of(typed.facts.get("code", "")) or slug_of(typed.texts.get(("title", source), ""))
    return not_taken(made, taken) if made else not_taken(otherwise, taken | {otherwise})


def rewritten(
    was: Localised | None, texts: Mapping[str, str], source: str, *, confirmed: Container[str] = ()
) -> Localised:
    """Return what was typed in each language as one text, ``source`` among them.

    A translation nobody touched stays that of the source it was made from, unless it is ``confirmed``.
    """
    mark = text_hash(texts[source])
    origins = {}
    for locale, text in texts.items():
        untouched = was is not None and was.texts.get(locale) == text and locale not in confirmed
        origin = was.origins.get(locale) if was is not None and untouched else mark
        if locale != source and origin is not None:
            origins[locale] = origin
    return Localised(texts, source, origins)


def _check_text(
    typed: Typed, spec: TextSpec, was: Localised | None, source: str, problems: dict[str, DomainError]
) -> Localised | None:
    source = was.source if was is not None else source
    texts = {}
    for locale in LOCALES:
        text = typed.texts.get((spec.name, locale), "")
        text = _line(text) if spec.line else text
        if len(text) > spec.most:
            problems[field_name(spec.name, locale)] = TextTooLongError(most=spec.most)
        if text:
            texts[locale] = text
    if source not in texts:
        if spec.needed or texts:
            problems[field_name(spec.name, source)] = TextMissingError()
        return None
    confirmed = {locale for name, locale in typed.confirmed if name == spec.name}
    return rewritten(was, texts, source, confirmed=confirmed)


def _line(text: str) -> str:
    return " ".join(storable(text).split())
