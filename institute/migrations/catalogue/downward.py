"""From versions back to one present state: the newest version of each programme, with what older ones had retired."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from institute.migrations.catalogue.documents import (
    Row,
    activity_row,
    area_rows,
    material_rows,
    objective_rows,
    plan_row,
    plan_step_rows,
    question_rows,
)
from institute.migrations.catalogue.rows import Rows, count_on, read, table_of, write, write_one
from institute.migrations.catalogue.upward import LINE


def take_apart(bind: sa.Connection, new: Rows) -> None:
    """Write the rows of versions, as ``read`` gave them, into the tables of before."""
    newest = {
        one["current_version_id"]: one["id"]
        for one in read(bind, ["programme"])["programme"]
        if one["current_version_id"] is not None
    }
    modules = [one for one in new["module"] if one["version_id"] in newest]
    segments = [one for one in new["segment"] if one["module_id"] in {module["id"] for module in modules}]
    for module in modules:
        row = {name: module[name] for name in ("id", *LINE)}
        row |= {
            "programme_id": newest[module["version_id"]],
            "description": module["document"]["description"],
        }
        write(bind, "module", [row])
        write(bind, "area_of_focus", area_rows(module["document"], module["id"]))
        write(bind, "objective", objective_rows(module["document"], module_id=module["id"]))
    for segment in segments:
        _write_segment(bind, segment)
    _write_activities(bind, new, newest, {one["part_id"]: one for one in segments})
    count_on(bind, ("module", "segment", "activity"))
    _point_back(bind, new, {one["part_id"]: one["id"] for one in segments})


def _write_segment(bind: sa.Connection, segment: Row) -> None:
    document = segment["document"]
    row = {name: segment[name] for name in ("id", "module_id", *LINE)}
    write(bind, "segment", [row | {"content": document["content"]}])
    write(bind, "objective", objective_rows(document, segment_id=segment["id"]))
    write(bind, "material", material_rows(document, segment["id"]))
    session = document.get("session")
    if session is not None:
        plan_id = write_one(bind, "session_plan", plan_row(session, segment["id"]))
        write(bind, "plan_step", plan_step_rows(session, plan_id))
        write(bind, "reflective_question", question_rows(session, plan_id))


def _write_activities(
    bind: sa.Connection, new: Rows, newest: dict[Any, Any], segments: dict[int, Row]
) -> None:
    """Write each step as the last version that has it says, retired when the version after that was published."""
    versions = {one["id"]: one for one in new["programme_version"]}
    parts = {one["id"]: one["part_id"] for one in new["segment"]}
    documents = {one["id"]: one["document"] for one in new["segment"]}
    last: dict[int, Row] = {}
    for one in sorted(new["activity"], key=lambda row: versions[row["version_id"]]["number"]):
        last[one["step_id"]] = one
    rows = []
    for step_id, one in last.items():
        segment = segments.get(parts[one["segment_id"]])
        if segment is None:
            continue
        document = documents[one["segment_id"]]["activities"][one["position"] - 1]
        row = activity_row(document, one["position"], segment["id"], step_id)
        if one["version_id"] not in newest:
            version = versions[one["version_id"]]
            row["retired_at"] = next(
                after["published_at"]
                for after in sorted(versions.values(), key=lambda found: found["number"])
                if after["programme_id"] == version["programme_id"] and after["number"] > version["number"]
            )
        rows.append(row)
    write(bind, "activity", rows)


def _point_back(bind: sa.Connection, new: Rows, segments: dict[int, int]) -> None:
    """Let what points at segments of other versions point at the newest's; forget ticks that have no place."""
    for one in new["segment"]:
        now = segments.get(one["part_id"])
        if now == one["id"]:
            continue
        for name, column in (("enrolment", "last_segment_id"), ("session_log", "segment_id")):
            table = table_of(name, bind)
            here = table.c[column] == one["id"]
            bind.execute(sa.update(table).where(here).values(**{column: now}))
    done, activity = table_of("activity_completion", bind), table_of("activity", bind)
    bind.execute(sa.delete(done).where(done.c.activity_id.not_in(sa.select(activity.c.id))))
