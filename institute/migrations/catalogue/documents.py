"""What a module and a segment say: as rows of many tables, and as one document. Usual values are left out of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Row = dict[str, Any]


def module_document(module: Row, objectives: list[Row], areas: list[Row]) -> Row:
    """Return a module as a document."""
    return {
        "number": module["number"],
        "slug": module["slug"],
        "title": module["title"],
        "description": module["description"],
        **_minutes_of(module),
        **_some("objectives", (_pick(one, "kind", "text") for one in objectives)),
        **_some("areas", (_pick(one, "key", "title", "toolkit") for one in areas)),
    }


def segment_document(
    segment: Row,
    *,
    objectives: list[Row],
    plan: Row | None,
    steps: list[Row],
    questions: list[Row],
    activities: list[Row],
    materials: list[Row],
) -> Row:
    """Return a segment as a document."""
    document = {
        "number": segment["number"],
        "slug": segment["slug"],
        "title": segment["title"],
        "content": segment["content"],
        **_minutes_of(segment),
        **_some("objectives", (_pick(one, "kind", "text") for one in objectives)),
        **_some(
            "activities",
            (
                _pick(one, "key", "timing", "kind", "title", "note", "minutes", "session_number")
                for one in activities
            ),
        ),
        **_some(
            "materials", (_pick(one, "key", "kind", "title", "detail", "body", "url") for one in materials)
        ),
    }
    if plan is not None:
        document["session"] = {
            "number": plan["number"],
            "minutes": {"least": plan["minutes_min"], "most": plan["minutes_max"]},
            **_pick(plan, "opening", "wrap_up", "equity_prompt"),
            **_some("steps", (_plan_step(one) for one in steps)),
            **_some("questions", (one["text"] for one in questions)),
        }
    return document


def _plan_step(step: Row) -> Row:
    return {"text": step["text"], **({} if step["audience"] == "both" else {"audience": step["audience"]})}


def objective_rows(document: Row, **of: int) -> list[Row]:
    """Return the rows of a document's objectives; ``of`` names what they belong to."""
    return [
        {"module_id": None, "segment_id": None, **of, "position": place, **one}
        for place, one in enumerate(document.get("objectives", ()), start=1)
    ]


def area_rows(document: Row, module_id: int) -> list[Row]:
    """Return the rows of a module's areas."""
    return [
        {"module_id": module_id, "position": place, **_whole(one, "key", "title", "toolkit")}
        for place, one in enumerate(document.get("areas", ()), start=1)
    ]


def plan_row(session: Row, segment_id: int) -> Row:
    """Return the row of a segment's session plan."""
    return {
        "segment_id": segment_id,
        "number": session["number"],
        "minutes_min": session["minutes"]["least"],
        "minutes_max": session["minutes"]["most"],
        **_whole(session, "opening", "wrap_up", "equity_prompt"),
    }


def plan_step_rows(session: Row, plan_id: int) -> list[Row]:
    """Return the rows of a plan's steps."""
    return [
        {
            "session_plan_id": plan_id,
            "position": place,
            "text": one["text"],
            "audience": one.get("audience", "both"),
        }
        for place, one in enumerate(session.get("steps", ()), start=1)
    ]


def question_rows(session: Row, plan_id: int) -> list[Row]:
    """Return the rows of a plan's questions."""
    return [
        {"session_plan_id": plan_id, "position": place, "text": one}
        for place, one in enumerate(session.get("questions", ()), start=1)
    ]


def activity_row(document: Row, place: int, segment_id: int, step_id: int) -> Row:
    """Return the row of an activity, which has the id of its step."""
    names = ("key", "timing", "kind", "title", "note", "minutes", "session_number")
    whole = _whole(document, *names)
    return {"id": step_id, "segment_id": segment_id, "position": place, "retired_at": None, **whole}


def material_rows(document: Row, segment_id: int) -> list[Row]:
    """Return the rows of a segment's materials."""
    return [
        {
            "segment_id": segment_id,
            "position": place,
            **_whole(one, "key", "kind", "title", "detail", "body", "url"),
        }
        for place, one in enumerate(document.get("materials", ()), start=1)
    ]


def _minutes_of(row: Row) -> Row:
    return {
        name: {"least": row[f"{name}_min"], "most": row[f"{name}_max"]} for name in ("reading", "coaching")
    }


def _pick(row: Row, *names: str) -> Row:
    return {name: row[name] for name in names if row[name] is not None}


def _whole(document: Row, *names: str) -> Row:
    return {name: document.get(name) for name in names}


def _some(name: str, members: Iterable[Any]) -> Row:
    found = list(members)
    return {name: found} if found else {}
