"""What a link from an LMS may name here: a programme, a module or a segment, and where each role finds it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from flask import Flask, current_app

from courses.catalogue.outlines import Outline
from courses.catalogue.queries import ProgrammeLine, list_programmes, load_outline
from courses.cohorts.errors import EnrolmentClosedError
from courses.cohorts.offering import offer_programme
from courses.cohorts.queries import find_enrolment
from courses.cohorts.rosters import readable_by_coach, readable_by_facilitator
from institute.actors import Actor, Role
from institute.errors import NotFoundError
from institute.i18n import lazy_gettext
from institute.web import openables

DEPTH: Final = {"programme": 1, "module": 2, "segment": 3}


def init_app(app: Flask) -> None:
    """Let links open programmes, modules and segments."""
    for openable in (
        openables.Openable(
            "programme", lazy_gettext("Programme"), partial(locate, "programme"), offers=offer_programme
        ),
        openables.Openable(
            "module", lazy_gettext("Module"), partial(locate, "module"), many=lazy_gettext("Modules")
        ),
        openables.Openable(
            "segment", lazy_gettext("Segment"), partial(locate, "segment"), many=lazy_gettext("Segments")
        ),
    ):
        openables.add(app, openable)


def locate(kind: str, key: str, actor: Actor) -> str | None:
    """Return the path where this actor finds ``key``, such as ``leadership/module-1``; None where it is not for them.

    A participant lands on their own pages, a coach and a facilitator on the guide of a programme they have to do
    with, an administrator on any of the institute's.
    """
    slugs = key.split("/")
    if len(slugs) != DEPTH[kind]:
        return None
    for role, find in _WAYS:
        if actor.has(role):
            path = find(slugs, actor)
            if path is not None:
                return path
    return None


def _as_participant(slugs: list[str], actor: Actor) -> str | None:
    try:
        enrolment = find_enrolment(actor)
    except EnrolmentClosedError:
        return None  # another role may still open it
    if enrolment is None:
        return None
    outline = load_outline(enrolment.institute_id, enrolment.version_id)
    if outline.slug != slugs[0] or not _holds(outline, slugs):
        return None
    names = ("module", "segment")
    endpoint = ("index", "module", "segment")[len(slugs) - 1]
    return _path(f"participant_modules.{endpoint}", dict(zip(names, slugs[1:], strict=False)))


def _in_guide(
    role: Role, readable: Callable[[Actor], list[ProgrammeLine]], slugs: list[str], actor: Actor
) -> str | None:
    line = next((one for one in readable(actor) if one.slug == slugs[0]), None)
    if line is None or not _holds(load_outline(actor.institute_id, line.version_id), slugs):
        return None
    endpoint = f"{role}_programmes"
    match slugs:
        case [programme, module, segment]:
            values = {"programme": programme, "module": module, "segment": segment}
            return _path(f"{endpoint}.segment", values)
        case [programme, module]:
            return f"{_path(f'{endpoint}.programme', {'programme': programme})}#{module}"
        case _:
            return _path(f"{endpoint}.programme", {"programme": slugs[0]})


def _every_programme(actor: Actor) -> list[ProgrammeLine]:
    return list_programmes(actor.institute_id)


_WAYS: Final[tuple[tuple[Role, Callable[[list[str], Actor], str | None]], ...]] = (
    (Role.PARTICIPANT, _as_participant),
    (Role.COACH, partial(_in_guide, Role.COACH, readable_by_coach)),
    (Role.FACILITATOR, partial(_in_guide, Role.FACILITATOR, readable_by_facilitator)),
    (Role.ADMINISTRATOR, partial(_in_guide, Role.ADMINISTRATOR, _every_programme)),
)


def _holds(outline: Outline, slugs: list[str]) -> bool:
    try:
        if len(slugs) > 1:
            module = outline.module(slugs[1])
            if len(slugs) > DEPTH["module"]:
                module.segment(slugs[2])
    except NotFoundError:
        return False
    return True


def _path(endpoint: str, values: dict[str, Any]) -> str:
    """Return a path without the session's prefix: the door puts its own before it."""
    return current_app.url_map.bind("").build(endpoint, values)
