"""What somebody else's core leaves open: translations, a local note, activities and materials of one's own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from courses.catalogue.addresses import PartDraft
from courses.catalogue.drafts import SegmentDraft
from courses.catalogue.fields import facts_of, texts_of

Draft = TypeVar("Draft", bound=PartDraft)


def locked_changes(before: PartDraft, after: PartDraft) -> list[str]:
    """Return the paths of fields that differ although the core holds them, in order; empty where all is allowed.

    Texts may differ in translations, never in the source language.
    """
    first, second = _core_of(before), _core_of(after)
    facts, new_facts = facts_of(first), facts_of(second)
    texts = {path: (one.source, one.texts.get(one.source)) for path, one in texts_of(first).items()}
    new_texts = {path: (one.source, one.texts.get(one.source)) for path, one in texts_of(second).items()}
    return [
        path
        for old, new in ((texts, new_texts), (facts, new_facts))
        for path in {**old, **new}
        if path != "number" and old.get(path) != new.get(path)
    ]


def _core_of(draft: Draft) -> Draft:
    """Return a draft without what is local."""
    if not isinstance(draft, SegmentDraft):
        return draft
    return replace(
        draft,
        local_note=None,
        activities=_without_local(draft.activities),
        materials=_without_local(draft.materials),
    )


def _without_local(members: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(one for one in members if not one.local)
