"""Rubrics in the package of a programme, and in files of their own: they come in as drafts, never straight into use."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from certificates.rubrics.drafting import find_writing, put_sketch
from certificates.rubrics.papers import RubricPaper, read_rubric, read_rubric_file, write_rubric
from certificates.rubrics.queries import draft_of, listing, newest, rubrics_of
from certificates.rubrics.sketches import Sketch, canonical, read_document, sketch_of
from courses.packages.companions import Companion, Packed
from courses.packages.papers import RUBRICS
from courses.packages.tables import Table
from institute.actors import Actor, InstituteId
from institute.db import db, transaction
from institute.i18n import lazy_gettext
from institute.people.models import Institute


def bring_in(data: bytes, name: str, *, actor: Actor) -> str:
    """Put the rubric of a file into what is being written, and return its key.

    What was written before stays in the history. Raises RubricFileError, PackageError.
    """
    source = db.session.get_one(Institute, actor.institute_id).name.source
    paper = read_rubric_file(data, name, source=source)
    with transaction():
        put_sketch(paper.key, paper.sketch, actor=actor)
    return paper.key


def _pack(institute_id: InstituteId, frameworks: frozenset[str]) -> Iterable[Packed]:
    """Give the newest version of each rubric that proves a competency of one of these frameworks."""
    ids = [line.id for line in listing(institute_id)]
    for view in rubrics_of(ids, institute_id=institute_id):
        if any((one.element or "").partition("/")[0] in frameworks for one in view.criteria if one.element):
            yield Packed(view.key, view.title, sketch_of(draft_of(view)))


def _read(table: Table) -> Packed:
    paper: RubricPaper = read_rubric(table)
    return Packed(paper.key, paper.sketch.title, paper.sketch)


def _write(packed: Packed, source: str) -> str:
    return write_rubric(packed.key, packed.content, source)


def _own(institute_id: InstituteId, key: str) -> Sketch | None:
    """Return what the institute has of a rubric: what is being written, else the newest version."""
    row = find_writing(key, institute_id=institute_id)
    if row is not None:
        return canonical(read_document(row.document))
    view = newest(institute_id, key)
    return None if view is None else canonical(sketch_of(draft_of(view)))


def _put(packed: Packed, actor: Actor) -> None:
    put_sketch(packed.key, packed.content, actor=actor)


def _frameworks(packed: Packed) -> Iterable[str]:
    sketch: Sketch = packed.content
    return {one.element.partition("/")[0] for one in sketch.criteria if "/" in one.element}


COMPANION: Final = Companion(
    kind="rubric",
    folder=RUBRICS,
    label=lazy_gettext("Rubric"),
    pack=_pack,
    read=_read,
    write=_write,
    own=_own,
    put=_put,
    frameworks=_frameworks,
)
