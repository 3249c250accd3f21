"""Learning objectives in a form, a module's and a segment's alike."""

from __future__ import annotations

from collections.abc import Sequence

from courses.authoring.entries import LINE_MOST, Entries, known_by, source_text
from courses.authoring.sheets import Row
from courses.catalogue.drafts import ObjectiveDraft
from courses.catalogue.models import ObjectiveKind


def objective_rows(objectives: Sequence[ObjectiveDraft]) -> tuple[Row, ...]:
    """Return the rows of a form as the draft has them."""
    return tuple(
        {"text": source_text(one.text), "kind": one.kind.value, "was": known_by(one.text)}
        for one in objectives
    )


def read_objectives(entries: Entries, was: Sequence[ObjectiveDraft]) -> tuple[ObjectiveDraft, ...]:
    """Return the objectives as a form makes them of those that there were."""
    return tuple(
        ObjectiveDraft(
            entries.kind(f"objectives-{line.number}-kind", line.row["kind"], ObjectiveKind), line.text
        )
        for line in entries.texts("objectives", [one.text for one in was], most=LINE_MOST)
    )
