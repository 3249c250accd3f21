"""Openables: what a link from an LMS may name, such as ``module:leadership/module-1``, and what there is to name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, cast

from flask import Flask, current_app

from institute.actors import Actor
from institute.i18n import LazyText, Localised

TITLE: Final = "{title}"


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that whoever leads a course may put a link to.

    ``target`` is what the link names: ``kind:key``, or nothing for the home of the cohort. ``wording`` is the title as
    it is written in a list, in the reader's language, where ``{title}`` stands for the thing's own. ``parent`` is the
    target that it belongs to, and that is offered before it; ``order`` counts among those that belong to nothing.
    ``graded``: whether its link has a column in the gradebook unless somebody decides otherwise. ``overview``: it only
    leads to others on the list, so that whoever takes all of them does without it.
    """

    target: str
    title: Localised | str
    wording: str = TITLE
    note: str = ""
    icon: str = "journal-text"
    parent: str | None = None
    order: int = 0
    graded: bool = False
    overview: bool = False

    @property
    def kind(self) -> str:
        """The kind of the target, empty for the home."""
        return self.target.partition(":")[0]

    def name_in(self, locale: str) -> str:
        """Return the title with the words around it; the title itself in ``locale`` or its source language."""
        own = self.title.in_(locale) if isinstance(self.title, Localised) else self.title
        return self.wording.replace(TITLE, own)


@dataclass(frozen=True, slots=True)
class Openable:
    """A kind of thing that can be opened. ``locate(key, actor)`` returns the path inside a session, or None.

    ``offers(actor)`` tells which things of the cohort that the actor has open can be named, in order; it may tell of
    other kinds too, such as a programme of its modules. ``many`` is the kind's name in the plural, where a list of
    all kinds is worth narrowing down to it.
    """

    kind: str
    title: LazyText
    locate: Callable[[str, Actor], str | None]
    offers: Callable[[Actor], Iterable[Offer]] | None = None
    many: LazyText | None = None


def init_app(app: Flask) -> None:
    """Give the application an empty table of kinds."""
    app.extensions["openables"] = {}


def add(app: Flask, openable: Openable) -> None:
    """Let links name things of this kind."""
    cast("dict[str, Openable]", app.extensions["openables"])[openable.kind] = openable


def locate(target: str, actor: Actor) -> str | None:
    """Return the path of a target written ``kind:key`` for this actor, or None where nothing is there."""
    kind, _, key = target.partition(":")
    openable = _kinds().get(kind)
    return openable.locate(key, actor) if openable else None


def offers(actor: Actor) -> list[Offer]:
    """Return everything that a link in the course of the cohort may name, in order, what belongs together together."""
    found = [one for kind in _kinds().values() if kind.offers for one in kind.offers(actor)]
    heads = sorted((one for one in found if one.parent is None), key=lambda one: one.order)
    below: dict[str, list[Offer]] = {}
    for one in found:
        if one.parent is not None:
            below.setdefault(one.parent, []).append(one)
    return [each for head in heads for each in (head, *below.get(head.target, ()))]


def kinds() -> list[Openable]:
    """Return the kinds that a list of all may be narrowed down to."""
    return [kind for kind in _kinds().values() if kind.many is not None]


def _kinds() -> dict[str, Openable]:
    return cast("dict[str, Openable]", current_app.extensions["openables"])
