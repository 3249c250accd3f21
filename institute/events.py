"""What happened, told from room to room without either knowing the other.

Handlers run inside the causing transaction and may only insert or update rows. Subscriptions belong to the
application, so two applications in one process do not hear each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask, current_app

T = TypeVar("T")
Handlers = dict[type[Any], list[Callable[[Any], None]]]


def init_app(app: Flask) -> None:
    """Give the application an empty table of subscriptions."""
    app.extensions["events"] = defaultdict(list)


def subscribe(app: Flask, kind: type[T], handler: Callable[[T], None]) -> None:
    """Call ``handler`` for every published event of exactly this ``kind``."""
    cast("Handlers", app.extensions["events"])[kind].append(handler)


def publish(event: object) -> None:
    """Hand ``event`` to its handlers, in the order in which they subscribed."""
    for handler in cast("Handlers", current_app.extensions["events"])[type(event)]:
        handler(event)
