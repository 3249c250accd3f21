"""From one present state to versions.

What is there is the newest version of its programme, and its rows keep their ids. Where steps were retired, a version
before it still has them. An activity's id becomes its step's, so that what was done belongs to the step.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from institute.migrations.catalogue.documents import Row, module_document, segment_document
from institute.migrations.catalogue.rows import Rows, below, count_on, read, table_of, write, write_one

LINE = ("number", "slug", "title", "reading_min", "reading_max", "coaching_min", "coaching_max")
STEP = ("position", "key", "timing", "session_number", "kind", "minutes", "title")


@dataclass
class _Version:
    """A version that is to be written; ``kept`` tells whether its rows keep the ids of those before."""

    id: int
    programme: Row
    kept: bool


def put_together(bind: sa.Connection, old: Rows) -> None:
    """Write the rows of before, as ``read`` gave them, into the tables of versions; pin cohorts and enrolments."""
    parts = _write_identities(bind, old)
    versions = []
    founded = {one["id"]: one["created_at"] for one in read(bind, ["institute"])["institute"]}
    for programme in read(bind, ["programme"])["programme"]:
        retired = [one["retired_at"] for one in _activities(old, programme) if one["retired_at"] is not None]
        moments = [founded[programme["institute_id"]], *([max(retired)] if retired else [])]
        for number, at in enumerate(moments, start=1):
            newest = number == len(moments)
            content = _content(old, programme, whole=not newest)
            version_id = write_one(bind, "programme_version", _version_row(programme, number, at, content))
            versions.append(_Version(version_id, programme, kept=newest))
    for version in sorted(versions, key=lambda one: not one.kept):
        _write_version(bind, old, parts, version)
        count_on(bind, ("module", "segment", "activity"))
    _pin(bind, versions)


def _write_identities(bind: sa.Connection, old: Rows) -> dict[tuple[str, int], int]:
    """Make a part for every module and segment, and a step for every activity; return the parts."""
    parts: dict[tuple[str, int], int] = {}
    programmes = {one["id"]: one["programme_id"] for one in old["module"]}
    segments = {one["id"]: one["module_id"] for one in old["segment"]}
    for module_id, programme_id in programmes.items():
        row = {"programme_id": programme_id, "kind": "module"}
        parts["module", module_id] = write_one(bind, "part", row)
    for segment_id, module_id in segments.items():
        row = {"programme_id": programmes[module_id], "kind": "segment"}
        parts["segment", segment_id] = write_one(bind, "part", row)
    steps = [
        {
            "id": one["id"],
            "programme_id": programmes[segments[one["segment_id"]]],
            "part_id": parts["segment", one["segment_id"]],
            "key": one["key"],
        }
        for one in old["activity"]
    ]
    write(bind, "step", steps)
    count_on(bind, ("step",))
    return parts


def _activities(old: Rows, programme: Row) -> list[Row]:
    modules = {one["id"] for one in old["module"] if one["programme_id"] == programme["id"]}
    segments = {one["id"] for one in old["segment"] if one["module_id"] in modules}
    return [one for one in old["activity"] if one["segment_id"] in segments]


def _content(old: Rows, programme: Row, *, whole: bool) -> Row:
    """Return a programme as one document; ``whole`` with the steps that were retired."""
    segments = below(old["segment"], "module_id")
    modules = [
        {
            "draft": _module_document(old, module),
            **(
                {"segments": [_segment_document(old, one, whole=whole) for one in segments[module["id"]]]}
                if module["id"] in segments
                else {}
            ),
        }
        for module in below(old["module"], "programme_id").get(programme["id"], [])
    ]
    summary = {} if programme["summary"] is None else {"summary": programme["summary"]}
    head = {"slug": programme["slug"], "title": programme["title"], **summary}
    return {"programme": head, **({"modules": modules} if modules else {})}


def _module_document(old: Rows, module: Row) -> Row:
    objectives = below(old["objective"], "module_id").get(module["id"], [])
    return module_document(module, objectives, below(old["area_of_focus"], "module_id").get(module["id"], []))


def _segment_document(old: Rows, segment: Row, *, whole: bool) -> Row:
    plan = next((one for one in old["session_plan"] if one["segment_id"] == segment["id"]), None)
    plan_id = plan["id"] if plan else 0
    return segment_document(
        segment,
        objectives=below(old["objective"], "segment_id").get(segment["id"], []),
        plan=plan,
        steps=below(old["plan_step"], "session_plan_id").get(plan_id, []),
        questions=below(old["reflective_question"], "session_plan_id").get(plan_id, []),
        activities=_steps(old, segment, whole=whole),
        materials=below(old["material"], "segment_id").get(segment["id"], []),
    )


def _steps(old: Rows, segment: Row, *, whole: bool) -> list[Row]:
    found = below(old["activity"], "segment_id").get(segment["id"], [])
    return [one for one in found if whole or one["retired_at"] is None]


def _version_row(programme: Row, number: int, at: Any, content: Row) -> Row:
    count = sum(
        len(segment.get("activities", ()))
        for module in content.get("modules", ())
        for segment in module.get("segments", ())
    )
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return {
        "institute_id": programme["institute_id"],
        "programme_id": programme["id"],
        "number": number,
        "title": programme["title"],
        "summary": programme["summary"],
        "tags": [],
        "origin": "",
        "note": "",
        "step_count": count,
        "digest": hashlib.sha256(text.encode()).hexdigest(),
        "published_at": at,
        "published_by": None,
    }


def _write_version(
    bind: sa.Connection, old: Rows, parts: dict[tuple[str, int], int], version: _Version
) -> None:
    for module in below(old["module"], "programme_id").get(version.programme["id"], []):
        row = {name: module[name] for name in LINE}
        row |= {"version_id": version.id, "part_id": parts["module", module["id"]]}
        row["document"] = _module_document(old, module)
        module_id = write_one(bind, "module", _with_id(row, module, version))
        for segment in below(old["segment"], "module_id").get(module["id"], []):
            row = {name: segment[name] for name in LINE}
            row |= {"module_id": module_id, "part_id": parts["segment", segment["id"]], "opens": {}}
            row["document"] = _segment_document(old, segment, whole=not version.kept)
            segment_id = write_one(bind, "segment", _with_id(row, segment, version))
            for place, step in enumerate(_steps(old, segment, whole=not version.kept), start=1):
                row = {name: step[name] for name in STEP} | {"position": place}
                row |= {"version_id": version.id, "segment_id": segment_id, "step_id": step["id"]}
                write_one(bind, "activity", _with_id(row, step, version))


def _with_id(row: Row, before: Row, version: _Version) -> Row:
    return row | {"id": before["id"]} if version.kept else row


def _pin(bind: sa.Connection, versions: list[_Version]) -> None:
    programme, cohort = table_of("programme", bind), table_of("cohort", bind)
    for version in versions:
        if version.kept:
            here = programme.c.id == version.programme["id"]
            bind.execute(sa.update(programme).where(here).values(current_version_id=version.id))
            studying = cohort.c.programme_id == version.programme["id"]
            bind.execute(sa.update(cohort).where(studying).values(version_id=version.id))
    enrolment = table_of("enrolment", bind)
    theirs = sa.select(cohort.c.version_id).where(cohort.c.id == enrolment.c.cohort_id).scalar_subquery()
    bind.execute(sa.update(enrolment).values(version_id=theirs))
