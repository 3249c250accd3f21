"""The look: every template in five languages, what a policy without inline code allows, and what a page weighs."""

from __future__ import annotations

import gzip
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, flash, render_template, render_template_string, request
from jinja2 import StrictUndefined, UndefinedError
from markupsafe import Markup
from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from institute import i18n
from institute.config import Settings
from institute.errors import ConflictError
from institute.paths import ROOT
from institute.web import assets
from institute.web.pages import Page

TEMPLATES = ROOT / "institute" / "templates"
STATIC = ROOT / "institute" / "static"
FIRST_LOAD = 150_000  # bytes that a participant's page may move at first
PAGE = 30_000  # bytes that each page after it may move, which the first one needs as well
VOID = frozenset({"input", "br", "meta", "link", "img", "hr", "path", "circle", "rect", "line"})

IMPORTS = """
{% import "macros/components.html" as ci %}
{% import "macros/forms.html" as forms with context %}
{% from "macros/hours.html" import duration, minute_range %}
{% from "macros/icons.html" import icon, paths %}
"""
EVERYTHING = (
    '{% extends "base.html" %}'
    + IMPORTS
    + """
{% block title %}Everything{% endblock %}
{% block crumbs %}{{ ci.crumbs([("Modules", "/m")], "Segment 2") }}{% endblock %}
{% block main %}
<h1>Everything</h1>
{{ ci.key([("clock", duration(90))]) }}
{% call ci.next_step("Rank your areas", "40 minutes", ("Go on", "/go"), ("Plan", "/plan"), eyebrow="Next") %}
{{ ci.steps(2, 4, "2 of 4 activities") }}{% endcall %}
<ol class="ci-time">{% call ci.moment(1, "Before", "now", ci.chip("2 left", "ask")) %}
{{ forms.tick("/tick", "Read the primer", false, "read", hint="30 minutes") }}{% endcall %}
{{ ci.moment(2, "During", "done") }}{{ ci.moment(3, "After") }}</ol>
<ul class="ci-list">{{ ci.item("Summary", "/s", "Returned", "by Friday", "clock", "ask") }}{{ ci.item("Bare") }}</ul>
{% call ci.fold("5 met", "check-circle-fill", "ok") %}<p>One</p>{% endcall %}
{{ ci.facts([("Coach", "Amina")], stack=true) }}{{ ci.level_mark(1, "Novice") }}
{{ ci.empty("No coach yet", "Within 30 days.", ("Open module 1", "/m/1")) }}
{% for kind in ("ok", "ask", "stop", "note") %}{{ ci.banner("It is so.", kind) }}{{ ci.chip("so", kind) }}{% endfor %}
<form method="post" action="/send">{{ form_marks() }}{{ forms.error_summary([("title", "Give it a title.")]) }}
{{ forms.field("title", "Title", "<i>typed</i>", hint="Short", error="Give it a title.") }}
{{ forms.field("note", "Note", "typed", rows=3, optional=true) }}
{{ forms.select("region", "Region", [(1, "North"), (2, "South")], 2, empty="Choose") }}
{{ forms.pick("mode", "Mode", [("video", "By video"), ("room", "In person")], "room") }}
{{ forms.pick("days", "Days", [(1, "Monday"), (2, "Tuesday")], [2], many=true) }}
<button class="btn btn-outline-primary">Send</button></form>
{% for name in paths %}{{ icon(name) }}{% endfor %}
{% endblock %}
"""
)


class OverbookedError(ConflictError):
    """A refusal with everything that one can say."""

    code = "OVERBOOKED"
    title = i18n.lazy_gettext("The hour is taken")
    sentence = i18n.lazy_gettext("%(name)s has another session then.")
    advice = i18n.lazy_gettext("Choose another hour.")


@dataclass
class Read(HTMLParser):
    """What a test wants to know of a page."""

    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def __init__(self, html: str) -> None:
        HTMLParser.__init__(self)
        self.tags, self.open = [], []
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


@pytest.fixture
def bare(tmp_path: Path) -> Flask:
    """An application that has words and templates, and nothing else."""
    app = Flask("look", template_folder=str(TEMPLATES), static_folder=None)
    app.secret_key = "made up"
    app.extensions["settings"] = Settings.from_environment(
        {"DATA_DIR": str(tmp_path), "SECRET_KEY": "x" * 40}
    )
    app.jinja_env.undefined = StrictUndefined
    i18n.init_app(app)
    assets.init_app(app)
    marks = Markup(
        '<input type="hidden" name="_token" value="t"><input type="hidden" name="_once" value="1">'
    )
    app.jinja_env.globals["form_marks"] = lambda: marks
    return app


@pytest.fixture
def render(bare: Flask) -> Callable[..., str]:
    """Render a template, or the text of one, in a language."""

    def answer(
        template: str, locale: str = "en", *, path: str = "", frame_of: Any = None, **given: Any
    ) -> str:
        with bare.test_request_context(f"/s/1/here{path}?lang={locale}"):
            draw = render_template if template.endswith(".html") else render_template_string
            return draw(template, page=frame(locale, **(frame_of or {})), **given)

    return answer


def context_of(name: str) -> dict[str, Any]:
    """Return what a page's view hands to it."""
    problem = {"error_number": "TAKEN-7F3K", "error_time": datetime(2026, 10, 14, 10, 42, tzinfo=UTC)}
    problem["kept"] = [("summary", "We spoke about <trust>.")]
    contexts: dict[str, dict[str, Any]] = {
        "errors/refused.html": {
            **problem,
            "error": OverbookedError(name="Amina"),
            "action": ("Go on", "/go"),
        },
        "errors/unexpected.html": {
            **problem,
            "title": "Not here",
            "text": "It was moved.",
            "code": "NOT-FOUND",
        },
        "home.html": {"heading": "Where you are, Lucía", "subline": None, "panels": []},
        "links/enter.html": {"enter_url": "/link/abc"},
        "sessions/new_window.html": {"ticket_url": "/window/abc"},
    }
    return contexts.get(name, {})


def page_names() -> list[str]:
    """Return every template that is a page."""
    found = (path.relative_to(TEMPLATES).as_posix() for path in sorted(TEMPLATES.rglob("*.html")))
    return [name for name in found if "extends" in (TEMPLATES / name).read_text()]


def classes_of_sheets() -> set[str]:
    """Return every class that a style sheet knows."""
    sheets = [STATIC / "look.css", STATIC / "vendor" / "bootstrap.min.css"]
    return set(re.findall(r"\.(-?[A-Za-z_][\w-]*)", "".join(sheet.read_text() for sheet in sheets)))


def is_sound(html: str, locale: str) -> Read:
    """Read a page and hold it to what every page promises."""
    read = Read(html)
    assert read.open == []
    assert read.tags[0] == (
        "html",
        {"lang": i18n.language_tag(locale), "dir": i18n.direction(locale), "data-bs-theme": "light"},
    )
    assert read.values("style") == []
    assert not [name for _, attrs in read.tags for name in attrs if name.startswith("on")]
    assert all(attrs.get("src") for attrs in read.all("script"))
    assert not [address for address in read.values("href") + read.values("src") if "//" in address]
    assert len(read.all("h1")) == 1
    ids = read.values("id")
    assert len(ids) == len(set(ids))
    labelled = {*read.values("for"), *" ".join(read.values("aria-labelledby")).split()}
    assert labelled | set(" ".join(read.values("aria-describedby")).split()) <= set(ids)
    used = {name for value in read.values("class") for name in value.split()}
    assert used <= classes_of_sheets()
    return read


def test_every_template_compiles(bare: Flask) -> None:
    for path in TEMPLATES.rglob("*.html"):
        bare.jinja_env.get_template(path.relative_to(TEMPLATES).as_posix())


@pytest.mark.parametrize("locale", i18n.LOCALES)
@pytest.mark.parametrize("name", [*page_names(), EVERYTHING], ids=lambda name: name[:20])
def test_a_page_needs_no_inline_code_in_any_language(
    render: Callable[..., str], name: str, locale: str
) -> None:
    read = is_sound(render(name, locale, **context_of(name)), locale)
    sheet = "bootstrap.rtl.min.css" if locale == "ar" else "bootstrap.min.css"
    assert [Path(link["href"] or "").name for link in read.all("link", rel="stylesheet")] == [
        sheet,
        "tokens.css",
        "look.css",
    ]


def test_a_first_load_stays_within_its_weight(render: Callable[..., str]) -> None:
    read = Read(render(EVERYTHING, "ar"))
    addresses = [*[link["href"] for link in read.all("link")], *[tag["src"] for tag in read.all("script")]]
    files = [STATIC / str(address).split("/", 3)[3] for address in addresses]
    packed = [Path(f"{path}.gz") for path in files]
    moved = sum((gz if gz.exists() else path).stat().st_size for path, gz in zip(files, packed, strict=True))
    assert len(files) == 5
    assert moved + PAGE <= FIRST_LOAD


def test_compressed_files_hold_the_same_bytes() -> None:
    found = list(STATIC.rglob("*.gz"))
    assert found
    for path in found:
        assert gzip.decompress(path.read_bytes()) == path.with_suffix("").read_bytes()


@pytest.mark.parametrize("name", ["look.css", "tokens.css"])
def test_our_style_sheets_name_no_side_and_load_nothing(name: str) -> None:
    text = re.sub(r"/\*.*?\*/", "", (STATIC / name).read_text(), flags=re.DOTALL)
    assert re.findall(r"[\w-]*\b(?:left|right)\b[\w-]*|(?<!-)float:\s*(?!none)\w+|url\(|@import", text) == []


def test_templates_hold_no_colour_of_their_own() -> None:
    for path in TEMPLATES.rglob("*.html"):
        assert re.findall(r"#[0-9a-fA-F]{6}\b|rgb\(", path.read_text()) == [], path


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "0 min"), (45, "45 min"), (60, "1 h"), (135, "2 h 15 min"), (75_015, "1,250 h 15 min")],
)
def test_time_is_said_in_hours_and_minutes(render: Callable[..., str], minutes: int, said: str) -> None:
    assert render(IMPORTS + "{{ duration(minutes) }}", minutes=minutes).strip() == said


@pytest.mark.parametrize(
    ("least", "most", "said"),
    [
        (None, 60, "up to 1 h"),
        (0, 45, "up to 45 min"),
        (60, 60, "1 h"),
        (60, 120, "1 to 2 h"),
        (30, 45, "30 to 45 min"),
        (45, 90, "45 min to 1 h 30 min"),
    ],
)
def test_a_range_of_time_is_said_once(
    render: Callable[..., str], least: int | None, most: int, said: str
) -> None:
    assert render(IMPORTS + "{{ minute_range(least, most) }}", least=least, most=most).strip() == said


def test_an_unknown_icon_is_an_error(render: Callable[..., str]) -> None:
    with pytest.raises(UndefinedError):
        render(IMPORTS + '{{ icon("no-such-icon") }}')


def test_a_field_in_error_keeps_what_was_typed_and_says_how_to_mend_it(render: Callable[..., str]) -> None:
    read = Read(render(EVERYTHING))
    (title,) = read.all("input", name="title")
    assert (title["value"], title["aria-invalid"], title["aria-describedby"]) == (
        "<i>typed</i>",
        "true",
        "title-hint title-error",
    )
    assert read.all("a", href="#title")
    assert [box["value"] for box in read.all("input", name="mode") if "checked" in box] == ["room"]
    assert [box["value"] for box in read.all("input", name="days") if "checked" in box] == ["2"]


def test_a_language_is_chosen_by_a_form_that_comes_back_to_the_page(render: Callable[..., str]) -> None:
    read = Read(render("home.html", path="/x", **context_of("home.html")))
    assert read.all("form", method="post", action="/s/1/language")
    assert read.all("input", name="next")[0]["value"] == "/s/1/here/x?lang=en"
    assert [button["value"] for button in read.all("button", name="locale")] == list(i18n.LOCALES)
    assert read.all("input", name="_token")


def test_without_a_session_a_language_is_a_link(render: Callable[..., str]) -> None:
    nobody: dict[str, Any] = {
        "institute_name": None,
        "nav": [],
        "areas": [],
        "language_url": None,
        "home_url": None,
    }
    read = is_sound(render("front.html", "es", frame_of=nobody), "es")
    assert [link["href"] for link in read.all("a") if link.get("hreflang")] == [
        f"?lang={locale}" for locale in i18n.LOCALES
    ]


def test_who_has_one_area_sees_no_switcher(render: Callable[..., str]) -> None:
    alone = {"areas": [("Participant", "/s/1/participant/", True)]}
    html = render("home.html", frame_of=alone, **context_of("home.html"))
    assert "ci-area-name" not in html
    assert "ci-area-name" in render("home.html", **context_of("home.html"))


def test_a_refusal_says_what_to_do_and_gives_back_what_was_typed(render: Callable[..., str]) -> None:
    html = render("errors/refused.html", **context_of("errors/refused.html"))
    for text in (
        "The hour is taken",
        "Amina has another session then.",
        "Choose another hour.",
        "TAKEN-7F3K",
    ):
        assert text in html
    assert "We spoke about &lt;trust&gt;." in html
    assert "October 14, 2026" in html


def test_what_was_done_is_said_once_at_the_top_of_the_next_page(bare: Flask) -> None:
    with bare.test_request_context("/"):
        flash("Confirmed.", "success")
        html = render_template("front.html", page=frame("en"))
        assert render_template("front.html", page=frame("en")).count("Confirmed.") <= 1
    assert re.search(r'ci-banner--ok mb-4" role="status">.*Confirmed\.', html, re.DOTALL)


@pytest.fixture
def ticking(bare: Flask) -> Iterator[tuple[BrowserPage, list[str]]]:
    """A browser on a page with one box and its count, and the states that the server was told."""
    told: list[str] = []
    page = (
        '{% extends "base.html" %}'
        + IMPORTS
        + '{% block main %}<h1>Ticks</h1><p id="count" data-live>{{ told|length }} told</p>'
        + '{{ forms.tick("/tick", "Read the primer", told and told[-1] == "1", "read") }}{% endblock %}'
    )

    def show() -> str:
        return render_template_string(page, page=frame("en"), told=told)

    def take() -> str:
        told.append(request.form.get("done", "0"))
        return show()

    bare.add_url_rule("/", "show", show)
    bare.add_url_rule("/tick", "take", take, methods=["POST"])
    bare.add_url_rule("/static/<digest>/<path:path>", "asset_file", assets.asset_file)
    server = make_server("127.0.0.1", 0, bare, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        tab = browser.new_page()
        tab.goto(f"http://127.0.0.1:{server.port}/")
        yield tab, told
        browser.close()
    server.shutdown()


@pytest.mark.browser
def test_a_box_saves_itself_and_the_counts_beside_it_follow(ticking: tuple[BrowserPage, list[str]]) -> None:
    tab, told = ticking
    assert tab.get_by_role("button", name="Save: Read the primer").count() == 0
    tab.locator("#read-box").click()
    tab.get_by_text("1 told").wait_for()
    assert tab.locator("#read [role=status]").inner_text() == "Saved"
    tab.locator("#read-box").click()
    tab.get_by_text("2 told").wait_for()
    assert told == ["1", "0"]


@pytest.mark.browser
def test_a_box_ticked_offline_goes_back_and_says_so(ticking: tuple[BrowserPage, list[str]]) -> None:
    tab, told = ticking
    tab.context.set_offline(True)
    tab.locator("#read-box").click()
    tab.get_by_text("Not saved: you are offline.").wait_for()
    assert not tab.locator("#read-box").is_checked()
    assert told == []


@pytest.mark.browser
def test_escape_closes_a_menu_and_gives_the_focus_back(ticking: tuple[BrowserPage, list[str]]) -> None:
    tab, _ = ticking
    tab.locator("summary:visible").last.click()
    assert tab.locator("details.ci-menu[open]").count() == 1
    tab.keyboard.press("Escape")
    assert tab.locator("details.ci-menu[open]").count() == 0
    assert tab.evaluate("document.activeElement.tagName") == "SUMMARY"
