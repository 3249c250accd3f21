"""Templates without the rest of the application, and a page read back."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import StrictUndefined
from markupsafe import Markup

from institute import i18n
from institute.config import Settings
from institute.paths import ROOT
from institute.web import assets
from institute.web.pages import Page

TEMPLATES = ROOT / "institute" / "templates"
VOID = frozenset({"input", "br", "meta", "link", "img", "hr", "path", "circle", "rect", "line"})

IMPORTS = """
{% import "macros/components.html" as ci %}
{% import "macros/forms.html" as forms with context %}
{% from "macros/hours.html" import duration, minute_range %}
{% from "macros/icons.html" import icon, paths %}
"""


class Read(HTMLParser):
    """What a test wants to know of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag, and that it must be closed."""
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag that closes itself."""
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Close the tag that was opened last, which must be the same."""
        assert self.open.pop() == tag

    def values(self, name: str) -> list[str]:
        """Return an attribute's values in the order of the page."""
        return [attrs[name] or "" for _, attrs in self.tags if name in attrs]

    def all(self, tag: str, **given: str) -> list[dict[str, str | None]]:
        """Return the attributes of the tags that have the given ones."""
        return [attrs for name, attrs in self.tags if name == tag and given.items() <= attrs.items()]


def frame(locale: str, **given: Any) -> Page:
    """Return the frame of a participant's page who is also a coach."""
    given.setdefault("institute_name", "Valley Coaching Institute")
    given.setdefault("nav", [("Home", "/s/1/participant/", False), ("Modules", "/s/1/participant/m", True)])
    given.setdefault("areas", [("Participant", "/s/1/participant/", True), ("Coach", "/s/1/coach/", False)])
    given.setdefault("language_url", "/s/1/language")
    given.setdefault("home_url", "/s/1/")
    languages = [
        (name, i18n.language_tag(name), i18n.OWN_NAMES[name], name == locale) for name in i18n.LOCALES
    ]
    return Page(i18n.language_tag(locale), i18n.direction(locale), locale, languages=languages, **given)


def make_bare(data_dir: Path) -> Flask:
    """Make an application that has words and templates, and nothing else."""
    app = Flask("look", template_folder=str(TEMPLATES), static_folder=None)
    app.secret_key = "made up"
    app.extensions["settings"] = Settings.from_environment(
        {"DATA_DIR": str(data_dir), "SECRET_KEY": "x" * 40}
    )
    app.jinja_env.undefined = StrictUndefined
    i18n.init_app(app)
    assets.init_app(app)
    marks = Markup(
        '<input type="hidden" name="_token" value="t"><input type="hidden" name="_once" value="1">'
    )
    app.jinja_env.globals["form_marks"] = lambda: marks
    app.jinja_env.globals["first_time"] = lambda _what: True
    app.url_build_error_handlers.append(lambda _error, endpoint, _values: f"/{endpoint}")
    return app
