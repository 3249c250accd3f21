"""Which resources of the library a draft names: as materials, in toolkits, and inside its texts."""

from __future__ import annotations

from courses.catalogue.drafts import MaterialDraft, ModuleContent, ModuleDraft, ProgrammeContent, SegmentDraft
from courses.catalogue.fields import texts_of
from courses.catalogue.media import keys_named


def resources_of(draft: object) -> frozenset[str]:
    """Return the keys of the resources that a draft of any kind names, or a whole programme's content."""
    if isinstance(draft, ProgrammeContent):
        parts = (draft.programme, *draft.modules, *draft.instruments)
        return frozenset().union(*map(resources_of, parts))
    if isinstance(draft, ModuleContent):
        return resources_of(draft.draft).union(*map(resources_of, draft.segments))
    named = frozenset().union(
        *(keys_named(one) for text in texts_of(draft).values() for one in text.texts.values())
    )
    if isinstance(draft, ModuleDraft):
        named = named.union(*(area.resources for area in draft.areas))
    if isinstance(draft, SegmentDraft):
        named |= {material.resource for material in draft.materials if material.resource}
    if isinstance(draft, MaterialDraft) and draft.resource:
        named |= {draft.resource}
    return named
