"""What differs between two contents of a programme, part by part: pure.

Parts are matched by their identities where these are given, else by their addresses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from courses.catalogue.addresses import each_part
from courses.catalogue.drafts import (
    InstrumentDraft,
    ModuleDraft,
    ProgrammeContent,
    ProgrammeDraft,
    SegmentDraft,
)
from courses.catalogue.models import PartId

Draft = ProgrammeDraft | ModuleDraft | SegmentDraft | InstrumentDraft
Parts = Mapping[str, PartId]


class Fate(StrEnum):
    """What became of a part."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """A part that differs. What was added has no draft before, what was removed none after.

    ``moved`` tells that it stands in another module, or in another order among those that stayed. Addresses are as in
    ``courses.catalogue.drafts``, empty for the programme itself.
    """

    fate: Fate
    address_before: str
    address_after: str
    before: Draft | None
    after: Draft | None
    moved: bool = False


@dataclass(frozen=True, slots=True)
class _Part:
    identity: PartId | str
    parent: PartId | str
    address: str
    draft: Draft


def differences(
    before: ProgrammeContent,
    after: ProgrammeContent,
    *,
    parts_before: Parts | None = None,
    parts_after: Parts | None = None,
) -> list[Difference]:
    """Return the parts that differ in the order of ``after``, then those that are gone in the order of ``before``."""
    old = {one.identity: one for one in _parts(before, parts_before or {})}
    new = {one.identity: one for one in _parts(after, parts_after or {})}
    moved = _moved(old, new)
    found = []
    if before.programme != after.programme:
        found.append(Difference(Fate.CHANGED, "", "", before.programme, after.programme))
    for identity, part in new.items():
        earlier = old.get(identity)
        if earlier is None:
            found.append(Difference(Fate.ADDED, "", part.address, None, part.draft))
        elif _said(earlier.draft) != _said(part.draft) or identity in moved:
            found.append(
                Difference(
                    Fate.CHANGED, earlier.address, part.address, earlier.draft, part.draft, identity in moved
                )
            )
    found += (
        Difference(Fate.REMOVED, part.address, "", part.draft, None)
        for identity, part in old.items()
        if identity not in new
    )
    return found


def _parts(content: ProgrammeContent, parts: Parts) -> Iterator[_Part]:
    for address, draft in each_part(content):
        module = address.partition("/")[0]
        match draft:
            case ModuleDraft():
                yield _Part(parts.get(address, address), "", address, draft)
            case SegmentDraft():
                yield _Part(parts.get(address, address), parts.get(module, module), address, draft)
            case InstrumentDraft():
                yield _Part(parts.get(address, address), "instruments", address, draft)


def _said(draft: Draft) -> Draft:
    """Return what a part says: its number is its place, and that is told as a move."""
    return replace(draft, number=0) if isinstance(draft, (ModuleDraft, SegmentDraft)) else draft


def _moved(old: Mapping[PartId | str, _Part], new: Mapping[PartId | str, _Part]) -> set[PartId | str]:
    """Return who stands below another part, or elsewhere among the siblings that were there before and still are."""
    elsewhere = {one for one in new if one in old and old[one].parent != new[one].parent}
    stayed = [one for one in new if one in old and one not in elsewhere]
    for parent in {new[one].parent for one in stayed}:
        now = [one for one in stayed if new[one].parent == parent]
        then = [one for one in old if one in set(now)]
        elsewhere |= {one for one, other in zip(now, then, strict=True) if one != other}
    return elsewhere
