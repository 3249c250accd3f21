"""The content items of an answer (LTI Deep Linking 2.0, section 3): only links that launch this tool.

Platforms lose things: Moodle ignores the column's label and breaks items of type ``link`` and ``html``, Canvas ignores
``text``, some drop ``custom``, others a query. So what a link opens and sends stands in its address and in ``custom``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from institute.web.openables import Offer
from lti.deep_linking.asking import FRAME, RESOURCE_LINK, WINDOW
from lti.deep_linking.choosing import Days
from lti.services.kinds import ColumnFacts, GradeKind

LONGEST_TITLE: Final = 250
WORK: Final = frozenset({"module", "segment", "evidence"})
"""Kinds of what is done by a day."""
_CONTAINERS: Final[dict[str, dict[str, Any]]] = {
    WINDOW: {"window": {"targetName": "_blank"}},
    FRAME: {"iframe": {"width": 1000, "height": 800}},
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """One chosen thing: what its link sends, and the column that shows it, None where there is none."""

    offer: Offer
    grade: GradeKind
    column: ColumnFacts | None


def content_item(chosen: Chosen, *, launch_url: str, locale: str, where: str, days: Days) -> dict[str, Any]:
    """Return one item. ``where`` is an accepted document target or empty; the title is written in ``locale``."""
    offer = chosen.offer
    title = cut(offer.name_in(locale))
    custom = {"target": offer.target, "grade": str(chosen.grade)}
    custom = {name: value for name, value in custom.items() if value}
    item: dict[str, Any] = {
        "type": RESOURCE_LINK,
        "title": title,
        "url": f"{launch_url}?{urlencode(custom, safe=':/')}",
        "custom": custom,
        **_CONTAINERS.get(where, {}),
    }
    if offer.note:
        item["text"] = offer.note
    if chosen.column is not None:
        item["lineItem"] = {
            "scoreMaximum": chosen.column.score_maximum,
            "label": title,
            "resourceId": chosen.column.resource_id,
            "tag": chosen.column.tag,
        }
    if days.opens is not None:
        item["available"] = {"startDateTime": _written(days.opens)}
    if days.due is not None and offer.kind in WORK:
        item["submission"] = {"endDateTime": _written(days.due)}
    return item


def cut(title: str) -> str:
    """Return a title that fits a platform's column: 255 characters in Moodle and in Canvas."""
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1].rstrip()}…"


def _written(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
