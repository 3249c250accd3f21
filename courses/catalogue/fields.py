"""What a draft is made of, field by field, whatever its kind: for translators, for comparing, for what is missing.

A *path* names a field: ``title``, ``session/opening``, ``activities/read-primer/title``, ``objectives/2/text``. Members
of a list are named by their key where they have one, else by their place from 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from institute.i18n import Localised

Draft = TypeVar("Draft")


def texts_of(draft: object) -> dict[str, Localised]:
    """Return every text of a draft by its path, in the order of its fields."""
    return {path: value for path, value in _walk(draft, "") if isinstance(value, Localised)}


def facts_of(draft: object) -> dict[str, object]:
    """Return everything else by its path: numbers, keys, choices, ranges' ends. What is None is left out."""
    return {
        path: value
        for path, value in _walk(draft, "")
        if value is not None and not isinstance(value, Localised)
    }


def with_texts(draft: Draft, texts: Mapping[str, Localised]) -> Draft:
    """Return the draft with the texts at these paths put in place of its own. Unknown paths are left alone."""
    changed: Draft = _rebuilt(draft, "", texts)
    return changed


def _walk(value: object, path: str) -> Iterator[tuple[str, object]]:
    if is_dataclass(value) and not isinstance(value, (type, Localised)):
        for field in fields(value):
            yield from _walk(getattr(value, field.name), _below(path, field.name))
    elif isinstance(value, tuple):
        for name, member in _named(value):
            yield from _walk(member, _below(path, name))
    else:
        yield path, value


def _rebuilt(value: Any, path: str, texts: Mapping[str, Localised]) -> Any:
    if isinstance(value, Localised) or not (is_dataclass(value) or isinstance(value, tuple)):
        return texts.get(path, value)
    if isinstance(value, tuple):
        return tuple(_rebuilt(member, _below(path, name), texts) for name, member in _named(value))
    parts = {
        field.name: _rebuilt(getattr(value, field.name), _below(path, field.name), texts)
        for field in fields(value)
    }
    return replace(value, **parts)  # type: ignore[type-var]


def _named(members: tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
    for place, member in enumerate(members, start=1):
        key = getattr(member, "key", None)
        yield key if isinstance(key, str) else str(place), member


def _below(path: str, name: str) -> str:
    return f"{path}/{name}" if path else name
