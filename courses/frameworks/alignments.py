"""What is aligned to an element or carries a tag: rooms above tell it, pages of frameworks show it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias, cast

from flask import Flask, current_app

from institute.actors import Actor, Role
from institute.i18n import Localised


class AlignedKind(StrEnum):
    """What is aligned, in the order in which it is shown."""

    PROGRAMME = "programme"
    MODULE = "module"
    SEGMENT = "segment"
    ACTIVITY = "activity"
    RESOURCE = "resource"
    CRITERION = "criterion"


@dataclass(frozen=True, slots=True)
class Aligned:
    """Something that says of itself that it belongs to ``address``, an element's or a tag's.

    ``place`` is where it stands, such as the title of the module. ``url`` leads to it in the area that was asked for;
    without one it is named only.
    """

    address: str
    kind: AlignedKind
    title: Localised
    place: Localised | None = None
    url: str | None = None


Provider: TypeAlias = Callable[[Actor, Role, frozenset[str]], Iterable[Aligned]]


def init_app(app: Flask) -> None:
    """Give the application an empty list of rooms to ask."""
    app.extensions.setdefault("alignments", [])


def provide(app: Flask, provider: Provider) -> None:
    """Let a room tell what is aligned.

    ``provider(actor, role, addresses)`` answers for the pages of one role: what that person may see there, and for an
    author everything that refers to an address, drafts included.
    """
    cast("list[Provider]", app.extensions.setdefault("alignments", [])).append(provider)


def aligned_to(actor: Actor, role: Role, addresses: Iterable[str]) -> dict[str, list[Aligned]]:
    """Return what is aligned to each address: programmes first, resources last."""
    asked = frozenset(addresses)
    found: dict[str, list[Aligned]] = defaultdict(list)
    if asked:
        for provider in cast("list[Provider]", current_app.extensions["alignments"]):
            for one in provider(actor, role, asked):
                found[one.address].append(one)
    return {address: _once(members) for address, members in found.items()}


def _once(members: Iterable[Aligned]) -> list[Aligned]:
    """Return each thing once, in order: a draft and the versions it was published as are one, with the draft's link."""
    order = list(AlignedKind)
    kept: dict[tuple[AlignedKind, str, str], Aligned] = {}
    for one in sorted(members, key=lambda one: (order.index(one.kind), one.url is None)):
        kept.setdefault((one.kind, str(one.title), str(one.place or "")), one)
    return list(kept.values())
