"""A newer core woven into what extends it: the core as its owners wrote it, and everything local beside it.

Pure: three contents in, one out. What the core holds (its parts marked ``core``) comes from the core. Translations that
the extension made of the core's texts stay, stale where the text has changed. A part that is no core belongs to
whoever extends it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from courses.catalogue.drafts import (
    InstrumentDraft,
    ModuleContent,
    ModuleDraft,
    ProgrammeContent,
    SegmentDraft,
)
from courses.catalogue.fields import texts_of, with_texts
from institute.i18n import Localised

Part = TypeVar("Part", ModuleDraft, SegmentDraft, InstrumentDraft)


def woven(
    core: ProgrammeContent, local: ProgrammeContent, base: ProgrammeContent | None = None
) -> ProgrammeContent:
    """Return ``local`` with the newer ``core`` in it; ``base`` is the core that it extended so far, where it is known.

    What the core gained since and does not lock is added once; without ``base`` only what it locks is. A module that
    the core gave up goes, unless something local stands in it: then it is local from now on.
    """
    mine = {module.draft.slug: module for module in local.modules}
    theirs = {module.draft.slug: module for module in core.modules}
    known = None if base is None else {module.draft.slug: module for module in base.modules}
    modules: dict[str, ModuleContent] = {}
    for slug, module in theirs.items():
        before = None if known is None else known.get(slug)
        if slug in mine:
            modules[slug] = _woven_module(module, mine[slug], before)
        elif module.draft.core or (known is not None and slug not in known):
            modules[slug] = module
    for slug, module in mine.items():
        if slug not in modules and (kept := _kept_module(module)) is not None:
            modules[slug] = kept
    return ProgrammeContent(
        replace(local.programme, origin=core.programme.origin or local.programme.origin),
        tuple(modules[slug] for slug in in_order(list(theirs), list(mine)) if slug in modules),
        _woven_instruments(core.instruments, local.instruments),
    )


def in_order(first: Sequence[str], second: Sequence[str]) -> list[str]:
    """Return all names: the first ones in their order, each of the others behind the one it stood behind."""
    found = list(first)
    for place, name in enumerate(second):
        if name not in found:
            ahead = [one for one in second[:place] if one in found]
            found.insert(found.index(ahead[-1]) + 1 if ahead else 0, name)
    return found


def _woven_module(theirs: ModuleContent, mine: ModuleContent, before: ModuleContent | None) -> ModuleContent:
    own = {segment.slug: segment for segment in mine.segments}
    core = {segment.slug: segment for segment in theirs.segments}
    known = None if before is None else {segment.slug for segment in before.segments}
    segments: dict[str, SegmentDraft] = {}
    for slug, segment in core.items():
        if slug in own:
            segments[slug] = _woven_segment(segment, own[slug]) if segment.core else own[slug]
        elif segment.core or (known is not None and slug not in known):
            segments[slug] = segment
    segments |= {slug: one for slug, one in own.items() if slug not in core and not one.core}
    return ModuleContent(
        _with_translations(theirs.draft, mine.draft) if theirs.draft.core else mine.draft,
        tuple(segments[slug] for slug in in_order(list(core), list(own)) if slug in segments),
    )


def _kept_module(module: ModuleContent) -> ModuleContent | None:
    """Return what stays of a module that the core does not have: it was local, or something local stands in it."""
    segments = tuple(segment for segment in module.segments if not segment.core)
    if module.draft.core and not segments:
        return None
    return ModuleContent(replace(module.draft, core=False), segments)


def _woven_segment(theirs: SegmentDraft, mine: SegmentDraft) -> SegmentDraft:
    return replace(
        _with_translations(theirs, mine),
        local_note=mine.local_note,
        activities=_with_local(theirs.activities, mine.activities),
        materials=_with_local(theirs.materials, mine.materials),
    )


def _with_local(theirs: tuple[Any, ...], mine: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the core's members and the local ones behind them; a key that the core took meanwhile is the core's."""
    taken = {one.key for one in theirs}
    return theirs + tuple(one for one in mine if one.local and one.key not in taken)


def _woven_instruments(
    theirs: Sequence[InstrumentDraft], mine: Sequence[InstrumentDraft]
) -> tuple[InstrumentDraft, ...]:
    """Return the core's instruments as it has them; free ones that the extension has stay as they are there."""
    core: Mapping[str, InstrumentDraft] = {one.key: one for one in theirs}
    own = {one.key: one for one in mine}
    return tuple(
        own[key]
        if key in own and not (key in core and core[key].core)
        else _with_translations(core[key], own.get(key, core[key]))
        for key in in_order(list(core), list(own))
    )


def _with_translations(theirs: Part, mine: Part) -> Part:
    """Return the core's part with the languages that only the extension has: each remembers what it was made from."""
    own = texts_of(mine)
    added = {
        path: _joined(text, own[path])
        for path, text in texts_of(theirs).items()
        if path in own and own[path].source == text.source
    }
    return with_texts(theirs, added)


def _joined(theirs: Localised, mine: Localised) -> Localised:
    more = {locale: text for locale, text in mine.texts.items() if locale not in theirs.texts}
    origins = {locale: mine.origins[locale] for locale in more if locale in mine.origins}
    return Localised({**theirs.texts, **more}, theirs.source, {**theirs.origins, **origins})
