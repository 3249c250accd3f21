"""What stands in a part under a key of its own, such as an activity or an area: put in, taken out, moved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Protocol, TypeVar

from institute.errors import NotFoundError

WAYS: Final = {"up": -1, "down": 1}


class Keyed(Protocol):
    """Something with a key."""

    @property
    def key(self) -> str:
        """The key, once among its neighbours."""


M = TypeVar("M", bound=Keyed)


def member(members: Iterable[M], key: str | None) -> M | None:
    """Return the member with this key; None is a new one. Raises NotFoundError."""
    return None if key is None else there(members, key)


def there(members: Iterable[M], key: str) -> M:
    """Return the member with this key. Raises NotFoundError."""
    for one in members:
        if one.key == key:
            return one
    raise NotFoundError


def with_member(members: tuple[M, ...], made: M) -> tuple[M, ...]:
    """Return the members with one in place of that with its key, or at the end."""
    if any(one.key == made.key for one in members):
        return tuple(made if one.key == made.key else one for one in members)
    return (*members, made)


def without_member(members: tuple[M, ...], key: str) -> tuple[M, ...]:
    """Return the members without the one with this key."""
    return tuple(one for one in members if one.key != key)


def moved_member(members: tuple[M, ...], key: str, steps: int) -> tuple[M, ...]:
    """Return the members with one moved by ``steps``; unchanged where it would leave them."""
    order = list(members)
    at = next((index for index, one in enumerate(order) if one.key == key), None)
    if at is None or not 0 <= at + steps < len(order):
        return members
    order.insert(at + steps, order.pop(at))
    return tuple(order)


def steps_of(way: str) -> int:
    """Return by how many places "up" and "down" move a member. Raises NotFoundError for any other way."""
    if way not in WAYS:
        raise NotFoundError
    return WAYS[way]
