"""Where files are seen: a room that shows some says who may see which, and what they may say about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app

from courses.media.models import Speaker
from institute.actors import Actor, Role
from institute.errors import NotFoundError
from institute.files.models import StoredFile


@dataclass(frozen=True, slots=True)
class Sight:
    """One file as somebody may see it now.

    ``file`` is the file itself: consent, captions and comments belong to it. ``sent`` is what is sent instead, such as
    a copy without names, under ``name``. ``speaker`` is as whom the reader comments, None for whoever only reads;
    ``task_id`` stands with raters. Read are the comments of coach and participant with ``coaching``, those of ``reads``
    (tasks), and with ``released`` what raters said once it is released. ``back`` is the page that shows it. ``mask``
    takes names out of captions for the blind. ``owner`` sees it before anybody agreed. ``training`` asks for the
    consent that raters learn with it.
    """

    file: StoredFile
    name: str
    back: str
    sent: StoredFile | None = None
    speaker: Speaker | None = None
    task_id: int | None = None
    coaching: bool = False
    reads: frozenset[int] = frozenset()
    released: bool = False
    owner: bool = False
    training: bool = False
    mask: Callable[[str], str] | None = None


Find = Callable[[Actor, int, int], Sight | None]


def init_app(app: Flask) -> None:
    """Give the application an empty table of places."""
    app.extensions["media_places"] = {}


def provide(app: Flask, role: Role, place: str, find: Find) -> None:
    """Let people of a role see files at a place: ``find(actor, key, file_id)`` returns None for what they may not see.

    ``place`` is a slug that stands in the address beside ``key``, such as ``task`` and a task's id.
    """
    cast("dict[tuple[Role, str], Find]", app.extensions["media_places"])[role, place] = find


def find_sight(role: Role, place: str, key: int, file_id: int, *, actor: Actor) -> Sight:
    """Return a file as the actor may see it at a place. Raises NotFoundError."""
    find = cast("dict[tuple[Role, str], Find]", current_app.extensions["media_places"]).get((role, place))
    sight = find(actor, key, file_id) if find else None
    if sight is None or sight.file.institute_id != actor.institute_id:
        raise NotFoundError
    return sight
