"""What every page knows of its frame: language, institute, areas, header."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from flask import Flask, current_app, g, request, url_for

from institute.actors import AREA_ORDER, Actor, Role
from institute.i18n import LOCALES, OWN_NAMES, LazyText, current_locale, direction, language_tag, lazy_gettext
from institute.web import navigation, sessions

AREA_NAMES: dict[Role, LazyText] = {
    Role.PARTICIPANT: lazy_gettext("Participant"),
    Role.COACH: lazy_gettext("Coach"),
    Role.MENTOR: lazy_gettext("Mentor"),
    Role.FACILITATOR: lazy_gettext("Facilitator"),
    Role.TRAINER: lazy_gettext("Trainer"),
    Role.SCORING_LEAD: lazy_gettext("Scoring lead"),
    Role.COORDINATOR: lazy_gettext("Coordinator"),
    Role.AUTHOR: lazy_gettext("Author"),
    Role.TRANSLATOR: lazy_gettext("Translator"),
    Role.ADMINISTRATOR: lazy_gettext("Administrator"),
    Role.PLATFORM_ADMINISTRATOR: lazy_gettext("LMS administrator"),
}


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose page it is and whose institute."""

    person_name: str
    institute_name: str


@dataclass
class Page:
    """The frame of a page, for base.html."""

    lang: str
    dir: str
    locale: str
    institute_name: str | None = None
    person_name: str = ""
    nav: list[tuple[str, str, bool]] = field(default_factory=list)
    areas: list[tuple[str, str, bool]] = field(default_factory=list)
    personal: list[tuple[str, str, bool]] = field(default_factory=list)
    languages: list[tuple[str, str, str, bool]] = field(default_factory=list)
    language_url: str | None = None
    home_url: str | None = None
    return_url: str | None = None


def identify(app: Flask, load: Callable[[Actor], Identity]) -> None:
    """Let ``load`` tell the names behind an actor."""
    app.extensions["identify"] = load


def current_identity() -> Identity | None:
    """Return the names behind this request, or None without a session."""
    if g.get("launch_session") is None:
        return None
    if "identity" not in g:
        load = cast("Callable[[Actor], Identity]", current_app.extensions["identify"])
        g.identity = load(sessions.current_actor())
    identity: Identity = g.identity
    return identity


def home_endpoint(role: Role) -> str:
    """Return the endpoint of an area's home page."""
    return f"{role}_home.index"


def held_areas(actor: Actor) -> list[Role]:
    """Return the areas a person has, the first being where they begin."""
    return [role for role in AREA_ORDER if actor.has(role)]


def current_page() -> Page:
    """Build the frame of the page that is being answered."""
    locale = current_locale()
    page = Page(lang=language_tag(locale), dir=direction(locale), locale=locale)
    if not g.get("shown_once"):  # a page that cannot be asked for again cannot be shown in another language
        page.languages = [(name, language_tag(name), OWN_NAMES[name], name == locale) for name in LOCALES]
    row = g.get("launch_session")
    if row is None:
        return page
    identity = current_identity()
    actor = sessions.current_actor()
    areas = held_areas(actor)
    area = g.get("area") or (areas[0] if areas else None)
    page.person_name = identity.person_name if identity else ""
    page.institute_name = identity.institute_name if identity else None
    page.language_url = url_for("account.language")
    page.home_url = url_for("account.start")
    page.return_url = row.return_url or None
    page.areas = [(str(AREA_NAMES[role]), url_for(home_endpoint(role)), role is area) for role in areas]
    page.personal = [
        (str(item.label), url_for(item.endpoint), request.endpoint == item.endpoint)
        for item in navigation.personal()
        if sessions.narrowed(row.door) is None
    ]
    if area is not None:
        page.nav = _header(area)
    return page


def _header(area: Role) -> list[tuple[str, str, bool]]:
    home = home_endpoint(area)
    pages = [(str(lazy_gettext("Home")), url_for(home), request.endpoint == home)]
    for item in navigation.of_area(area):
        here = (request.endpoint or "").split(".")[0] in {item.endpoint.split(".")[0], *item.also}
        pages.append((str(item.label), url_for(item.endpoint), here))
    return pages


class _LazyPage:
    """Builds the frame at its first use, so that answers without a page cost nothing."""

    def __getattr__(self, name: str) -> Any:
        if "page" not in g:
            g.page = current_page()
        return getattr(g.page, name)


def init_app(app: Flask) -> None:
    """Give every template ``page``."""
    lazy = _LazyPage()
    app.context_processor(lambda: {"page": lazy})


def on_locale_choice(app: Flask, remember: Callable[[Actor, str], None]) -> None:
    """Let ``remember`` keep a person's choice of language for the next visit."""
    app.extensions["remember_locale"] = remember


def remember_locale(locale: str) -> None:
    """Keep the choice of the person who acts, in the transaction of the form."""
    remember = cast("Callable[[Actor, str], None]", current_app.extensions["remember_locale"])
    remember(sessions.current_actor(), locale)
