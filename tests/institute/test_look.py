"""The look: every template in five languages, what a policy without inline code allows, and what a page weighs."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, flash, render_template, render_template_string
from jinja2 import ChoiceLoader, DictLoader, FileSystemLoader, UndefinedError

from institute import i18n
from institute.errors import ConflictError
from institute.i18n import lazy_gettext
from institute.messages.choosing import TopicChoice
from institute.messages.topics import Cadence, Topic
from institute.messages.undelivered import MailId, Undelivered, UndeliveredPage
from institute.paths import ROOT
from institute.people.views.sample import SamplePage
from institute.web import front
from tests.institute.looking import IMPORTS, TEMPLATES, Read, frame, make_bare

STATIC = ROOT / "institute" / "static"
FIRST_LOAD = 150_000  # bytes that a participant's page may move at first
PAGE = 30_000  # bytes that each page after it may move, which the first one needs as well

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


@pytest.fixture
def bare(tmp_path: Path) -> Flask:
    """An application that has words and templates, and nothing else."""
    return make_bare(tmp_path)


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


AT = datetime(2026, 10, 14, 10, 42, tzinfo=UTC)
NEWS = Topic("news", 1, lazy_gettext("Reminders"), lazy_gettext("What is new."))
UNDELIVERED = (
    Undelivered(
        MailId(1),
        "Your certificate is ready",
        lazy_gettext("The mail server refused the message."),
        "陳美玲",
        AT,
    ),
)


def context_of(name: str) -> dict[str, Any]:
    """Return what a page's view hands to it."""
    problem = {"error_number": "TAKEN-7F3K", "error_time": AT}
    problem["kept"] = [("summary", "We spoke about <trust>.")]
    contexts: dict[str, dict[str, Any]] = {
        "errors/refused.html": {
            **problem,
            "error": OverbookedError(name="Amina"),
            "action": ("Go on", "/go"),
        },
        "errors/unexpected.html": {**problem, "status": 404},
        "front.html": {"ways": [front.Way(lazy_gettext("Sign in by e-mail"), "signin.ask")]},
        "home.html": {"heading": "Where you are, Lucía", "subline": None, "panels": []},
        "links/enter.html": {"enter_url": "/link/abc"},
        "links/gone.html": {**problem, "renew_url": "/link/abc/new"},
        "messages/choices.html": {
            "choices": [TopicChoice(NEWS, Cadence.DAILY)],
            "typed": {},
            "problems": {"news": "Choose one of these."},
            "cadences": [(cadence, cadence) for cadence in Cadence],
            "morning": time(7),
            "zone": "America/Los_Angeles",
        },
        "messages/stop.html": {
            "topics": [NEWS],
            "stopped": False,
            "stop_url": "/mail/stop/abc",
            "resume_url": "/mail/stop/abc/back",
            "signin_url": "/sign-in",
        },
        "messages/stop_gone.html": {**problem, "signin_url": "/sign-in"},
        "messages/undelivered.html": {"found": UndeliveredPage(UNDELIVERED, 1, 2)},
        "people/sample.html": {"here": SamplePage(people=8, leaving=False)},
        "signin/ask.html": {"send_url": "/sign-in", "typed": "amina@", "error": "Write your address."},
        "signin/sent.html": {"again_url": "/sign-in"},
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
    read = is_sound(render("front.html", "es", frame_of=nobody, **context_of("front.html")), "es")
    assert [link["href"] for link in read.all("a") if link.get("hreflang")] == [
        f"?lang={locale}" for locale in i18n.LOCALES
    ]


def test_who_has_one_area_sees_no_switcher(render: Callable[..., str]) -> None:
    alone = {"areas": [("Participant", "/s/1/participant/", True)]}
    html = render("home.html", frame_of=alone, **context_of("home.html"))
    assert "ci-area-name" not in html
    assert "ci-area-name" in render("home.html", **context_of("home.html"))


def test_a_home_lays_out_its_panels_in_order(bare: Flask, render: Callable[..., str]) -> None:
    pieces = DictLoader({"_panel.html": "<section><h2>{{ panel }}</h2></section>"})
    bare.jinja_loader = ChoiceLoader([pieces, FileSystemLoader(TEMPLATES)])
    panels = [
        [("_panel.html", "Your next step")],
        [("_panel.html", "Hours"), ("_panel.html", "Next session")],
    ]
    html = render("home.html", heading="Where you are", subline="Month 3 of 24", panels=panels)
    found = ["Where you are", "Your next step", "Hours", "Next session"]
    assert re.findall(r"<h[12][^>]*>([^<]*)", html) == found
    assert html.count("ci-cols-main") == 1
    assert "Nothing waits for you" not in html


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
    assert "Oct 14, 2026" in html


@pytest.mark.parametrize("status", [400, 404, 405, 413, 415, 429, 500, 503])
def test_every_unexpected_end_is_told_without_its_status(render: Callable[..., str], status: int) -> None:
    given = {**context_of("errors/unexpected.html"), "status": status, "kept": []}
    html = render("errors/unexpected.html", **given)
    is_sound(html, "en")
    main = html[html.index("<main") :]
    assert "TAKEN-7F3K" in main
    assert str(status) not in main


def test_what_was_done_is_said_once_at_the_top_of_the_next_page(bare: Flask) -> None:
    with bare.test_request_context("/"):
        flash("Confirmed.", "success")
        html = render_template("front.html", page=frame("en"), ways=[])
        assert render_template("front.html", page=frame("en"), ways=[]).count("Confirmed.") <= 1
    assert re.search(r'ci-banner--ok mb-4" role="status">.*Confirmed\.', html, re.DOTALL)
