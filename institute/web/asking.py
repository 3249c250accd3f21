"""Asking the database once for what several parts of one page want to know."""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable
from typing import Any, ParamSpec, TypeVar, cast

from flask import g, has_request_context, request

P = ParamSpec("P")
T = TypeVar("T")


def once_a_page(find: Callable[P, T]) -> Callable[P, T]:
    """Remember what ``find`` answered, for the rest of a request that only reads.

    Its arguments are hashable, what it returns is never changed. A request that writes asks anew each time.
    """

    @functools.wraps(find)
    def ask(*given: P.args, **named: P.kwargs) -> T:
        if not has_request_context() or request.method not in {"GET", "HEAD"}:
            return find(*given, **named)
        known: dict[Hashable, Any] = g.setdefault("asked_once", {})
        key = (find, given, tuple(sorted(named.items())))
        if key not in known:
            known[key] = find(*given, **named)
        return cast("T", known[key])

    return ask


def know(ask: Callable[P, T], answer: T, *given: P.args, **named: P.kwargs) -> None:
    """Let what ``once_a_page`` made answer so in this request, because another question told it on the way."""
    if has_request_context() and request.method in {"GET", "HEAD"}:
        find = ask.__wrapped__  # type: ignore[attr-defined]
        known: dict[Hashable, Any] = g.setdefault("asked_once", {})
        known[find, given, tuple(sorted(named.items()))] = answer
