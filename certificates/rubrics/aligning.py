"""What criteria prove: pages of frameworks show it to authors, and nobody deletes a competency that is scored."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for

from certificates.rubrics.queries import draft_of, listing, rubrics_of
from certificates.rubrics.sketches import Sketch, sketch_of
from certificates.rubrics.writings import writings_of
from courses.frameworks.alignments import Aligned, AlignedKind
from institute.actors import Actor, InstituteId, Role


def aligned_criteria(actor: Actor, role: Role, addresses: frozenset[str]) -> Iterator[Aligned]:
    """Yield the criteria that prove one of these competencies, for authors alone: drafts, and the newest versions."""
    if role is not Role.AUTHOR:
        return
    for key, sketch in _sketches(actor.institute_id):
        for one in sketch.criteria:
            if one.element in addresses:
                url = url_for("author_rubrics.rubric", rubric_key=key)
                yield Aligned(one.element, AlignedKind.CRITERION, one.title, sketch.title, url)


def _sketches(institute_id: InstituteId) -> Iterator[tuple[str, Sketch]]:
    yield from writings_of(institute_id).items()
    ids = [line.id for line in listing(institute_id)]
    for view in rubrics_of(ids, institute_id=institute_id):
        yield view.key, sketch_of(draft_of(view))
