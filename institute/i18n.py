"""Words: the interface's languages (gettext) and content with languages of its own (Localised)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from gettext import NullTranslations
from typing import Any, Final, cast

import flask_babel
from babel import Locale
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, get_locale
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape
from sqlalchemy import JSON, Dialect
from sqlalchemy.types import TypeDecorator

from institute.paths import ROOT

LOCALES: Final = ("en", "es", "zh_Hant", "vi", "ar")
SOURCE_LOCALE: Final = "en"
OWN_NAMES: Final = {
    "en": "English",
    "es": "Español",
    "zh_Hant": "繁體中文",
    "vi": "Tiếng Việt",
    "ar": "العربية",
}

TEXTS_KEPT: Final = 500

LazyText = Any  # a lazy string: str() of it is the text in the language of the reader

# Flask-Babel is untyped where it matters: typed names, once, that pybabel still finds.
gettext: Callable[..., str] = flask_babel.gettext
ngettext: Callable[..., str] = flask_babel.ngettext
pgettext: Callable[..., str] = flask_babel.pgettext
lazy_gettext = flask_babel.lazy_gettext
lazy_ngettext = flask_babel.lazy_ngettext


def supported(name: str | None) -> str | None:
    """Return our locale for a language name as platforms and browsers spell it, or None.

    ``es-419`` and ``es_mx`` are ``es``; ``zh-TW``, ``zh_tw``, ``zh-HK`` and plain ``zh`` are ``zh_Hant``
    (the only Chinese we have; Simplified is answered with Traditional rather than English).
    """
    if not name:
        return None
    parts = name.replace("-", "_").split("_")
    language = parts[0].lower()
    if language == "zh":
        return "zh_Hant"
    return language if language in LOCALES else None


def language_tag(locale: str) -> str:
    """Return the BCP 47 tag for ``lang`` attributes, such as ``zh-Hant``."""
    return locale.replace("_", "-")


@lru_cache(maxsize=32)
def direction(locale: str) -> str:
    """Return ``ltr`` or ``rtl``."""
    return str(Locale.parse(locale).text_direction)


def current_locale() -> str:
    """Return the locale this request is answered in."""
    return str(get_locale() or SOURCE_LOCALE)


def long_day(at: datetime) -> str:
    """Return the day of an instant in the institute's zone, with its weekday, as the reader writes it."""
    return str(flask_babel.format_date(at, "full"))


def choose_locale() -> str:
    """Pick the language: the session's (the launch's, or what was switched to), the address's, the browser's."""
    if not has_request_context():
        return SOURCE_LOCALE
    for wished in (g.get("locale"), request.args.get("lang")):
        found = supported(wished)
        if found:
            return found
    for tag in request.accept_languages.values():
        found = supported(tag)
        if found:
            return found
    return SOURCE_LOCALE


@dataclass(frozen=True, slots=True)
class Shown:
    """A content text as one reader sees it. ``stale``: translated from an older source. ``missing``: not translated."""

    text: str
    locale: str
    tag: str
    dir: str
    stale: bool
    missing: bool


def text_hash(text: str) -> str:
    """Return the short hash by which a translation remembers the source it was made from."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Localised:
    """A content text in several languages. ``origins`` holds, per translation, its source's hash."""

    texts: Mapping[str, str]
    source: str = SOURCE_LOCALE
    origins: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: Mapping[str, str], source: str = SOURCE_LOCALE) -> Localised:
        """Build from texts that were all translated from the present source.

        Raises ValueError if the source language has no text.
        """
        kept = {locale: text for locale, text in texts.items() if text.strip()}
        if source not in kept:
            raise ValueError(f"no text in the source language {source}")
        mark = text_hash(kept[source])
        return cls(kept, source, {locale: mark for locale in kept if locale != source})

    def revised(self, text: str) -> Localised:
        """Return a copy with a new source text; translations stay and are stale from now on."""
        return Localised({**self.texts, self.source: text}, self.source, self.origins)

    def shown(self, locale: str) -> Shown:
        """Return the text for a reader of ``locale``, falling back to the source language."""
        found = locale if locale in self.texts else self.source
        stale = found != self.source and self.origins.get(found) != text_hash(self.texts[self.source])
        return Shown(
            self.texts[found], found, language_tag(found), direction(found), stale, missing=found != locale
        )

    def in_(self, locale: str) -> str:
        """Return the bare text for a reader of ``locale``."""
        return self.texts.get(locale) or self.texts[self.source]

    def __str__(self) -> str:
        return self.in_(current_locale())


class LocalisedType(TypeDecorator[Localised]):
    """Stores a Localised as JSON: ``{"source": "en", "texts": {…}, "origins": {…}}``."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Localised | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        return {"source": value.source, "texts": dict(value.texts), "origins": dict(value.origins)}

    def process_result_value(self, value: Any, dialect: Dialect) -> Localised | None:
        if value is None:
            return None
        return Localised(value["texts"], value["source"], value["origins"])

    def result_processor(self, dialect: Dialect, coltype: Any) -> Callable[[Any], Any] | None:
        """Read each text once: the rows of a page repeat names, and reading JSON costs as much as the row.

        On PostgreSQL the driver has read the JSON before, and what it gives cannot be looked up.
        """
        read = super().result_processor(dialect, coltype)
        return lru_cache(maxsize=TEXTS_KEPT)(read) if read and dialect.name == "sqlite" else read


def shown(content: Localised) -> Markup:
    """Write a content text into a page, with its own ``lang`` and ``dir`` where they differ from the page's."""
    here = current_locale()
    piece = content.shown(here)
    if piece.locale == here:
        return escape(piece.text)
    return Markup('<span lang="{}" dir="{}">{}</span>').format(piece.tag, piece.dir, piece.text)


def _words() -> NullTranslations:
    """Return the catalogue of this request, looked up once: a page asks for some hundred words."""
    if not has_request_context():
        return cast("NullTranslations", flask_babel.get_translations())
    found: NullTranslations | None = g.get("words")
    if found is None:
        found = g.words = flask_babel.get_translations()
    return found


# The gettext functions of templates do what Jinja's new-style ones do. Those take the whole context, which Jinja copies
# for each call inside a loop: half of what a row of a table costs.


@pass_eval_context
def _say(here: EvalContext, text: str, /, **values: Any) -> str:
    return _fill(here, _words().gettext(text), values)


@pass_eval_context
def _say_number(here: EvalContext, one: str, many: str, number: int, /, **values: Any) -> str:
    return _fill(here, _words().ngettext(one, many, number), {"num": number, **values})


@pass_eval_context
def _say_in_context(here: EvalContext, context: str, text: str, /, **values: Any) -> str:
    return _fill(here, _words().pgettext(context, text), {"context": context, **values})


@pass_eval_context
def _say_number_in_context(
    here: EvalContext, context: str, one: str, many: str, number: int, /, **values: Any
) -> str:
    text = _words().npgettext(context, one, many, number)
    return _fill(here, text, {"context": context, "num": number, **values})


def _fill(here: EvalContext, text: str, values: Mapping[str, Any]) -> str:
    """Put values into a text of the catalogue. On a page they are escaped; the text itself may hold markup."""
    if not here.autoescape:
        return text % values
    filled = text % {name: one if isinstance(one, int) else escape(one) for name, one in values.items()}
    return Markup(filled)  # noqa: S704  (a text of our catalogues, with what was put into it escaped)


def forget_words() -> None:
    """Answer the rest of this request in the language that holds now."""
    g.pop("words", None)
    flask_babel.refresh()


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Answer in ``locale`` inside the block, with a request or, as in the worker, without one."""
    kept = g.pop("words", None)
    try:
        with flask_babel.force_locale(locale):
            yield
    finally:
        g.pop("words", None)
        if kept is not None:
            g.words = kept


def init_app(app: Flask) -> None:
    """Attach Babel, check that its catalogues are where we keep them, and give templates their words."""
    babel = Babel(
        app,
        locale_selector=choose_locale,
        default_locale=SOURCE_LOCALE,
        default_timezone=app.extensions["settings"].timezone,
        default_translation_directories=str(ROOT / "translations"),
    )
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    cast("Any", app.jinja_env).newstyle_gettext = True
    app.jinja_env.globals.update(_=_say, gettext=_say, ngettext=_say_number, pgettext=_say_in_context)
    app.jinja_env.globals.update(npgettext=_say_number_in_context)
    app.jinja_env.globals.update(shown=shown, current_locale=current_locale)
    cast("Any", app).babel = babel
