"""What bringing a package in would do, said before it is done: parts, texts in each language, what comes with them."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from courses.catalogue.addresses import PartDraft, each_part
from courses.catalogue.drafts import (
    ProgrammeContent,
)
from courses.catalogue.fields import texts_of
from institute.i18n import LOCALES, Localised


class Fate(StrEnum):
    """What happens to a part, or to something that comes with the programme."""

    MADE = "made"
    CHANGED = "changed"
    REMOVED = "removed"
    SAME = "same"


class CarriedKind(StrEnum):
    """What comes with a programme; rooms above add kinds of their own (courses.packages.companions)."""

    RESOURCE = "resource"
    FRAMEWORK = "framework"
    VOCABULARY = "vocabulary"


@dataclass(frozen=True, slots=True)
class PartPlan:
    """What happens to a part, known by its address; the programme's own is empty."""

    address: str
    title: Localised
    fate: Fate
    depth: int


@dataclass(frozen=True, slots=True)
class LanguagePlan:
    """How many texts of a language are made, changed and removed."""

    locale: str
    made: int
    changed: int
    removed: int


@dataclass(frozen=True, slots=True)
class CarriedPlan:
    """What happens to something that comes along. CHANGED: the institute has another one under the same key."""

    kind: str
    key: str
    title: Localised
    fate: Fate


@dataclass(frozen=True, slots=True)
class AbsentPlan:
    """Something that the programme names and that neither the package nor the institute has."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What bringing a package in would do."""

    slug: str
    title: Localised
    is_new: bool
    parts: tuple[PartPlan, ...]
    languages: tuple[LanguagePlan, ...]
    carried: tuple[CarriedPlan, ...] = ()
    absent: tuple[AbsentPlan, ...] = ()

    @property
    def changes_programme(self) -> bool:
        """Whether anything in the programme would be other than it is."""
        return any(part.fate is not Fate.SAME for part in self.parts)

    @property
    def changes_anything(self) -> bool:
        """Whether anything at all would be other than it is, with what comes along."""
        return self.changes_programme or any(one.fate is not Fate.SAME for one in self.carried)

    @property
    def conflicts(self) -> tuple[CarriedPlan, ...]:
        """What the institute has in another form under the same key."""
        return tuple(one for one in self.carried if one.fate is Fate.CHANGED)

    def counted(self) -> Mapping[Fate, int]:
        """Return how many parts have each fate."""
        return Counter(part.fate for part in self.parts)

    def digest(self) -> str:
        """Return what a page sends back, so that nobody confirms what has become another plan meanwhile."""
        said = [
            *((part.address, part.fate.value) for part in self.parts),
            *((one.locale, one.made, one.changed, one.removed) for one in self.languages),
            *((str(one.kind), one.key, one.fate.value) for one in self.carried),
        ]
        return hashlib.sha256(repr((self.slug, self.is_new, said)).encode()).hexdigest()[:32]


def plan_of(
    before: ProgrammeContent | None,
    after: ProgrammeContent,
    *,
    carried: tuple[CarriedPlan, ...] = (),
    absent: tuple[AbsentPlan, ...] = (),
) -> Plan:
    """Return what putting one content in the place of the other would do. Numbers count as places in the order."""
    old = dict(each_part(renumbered(before))) if before else {}
    new = dict(each_part(renumbered(after)))
    order = [*new, *(address for address in old if address not in new)]
    return Plan(
        slug=after.programme.slug,
        title=after.programme.title,
        is_new=before is None,
        parts=tuple(_part_plan(address, old.get(address), new.get(address)) for address in order),
        languages=_languages(old, new),
        carried=carried,
        absent=absent,
    )


def renumbered(content: ProgrammeContent) -> ProgrammeContent:
    """Return the content with modules and segments numbered from 1, as the outline numbers them."""
    modules = []
    for number, module in enumerate(content.modules, start=1):
        segments = tuple(replace(one, number=place) for place, one in enumerate(module.segments, start=1))
        modules.append(replace(module, draft=replace(module.draft, number=number), segments=segments))
    return replace(content, modules=tuple(modules))


def _part_plan(address: str, before: PartDraft | None, after: PartDraft | None) -> PartPlan:
    shown = after or before
    assert shown is not None  # noqa: S101  (every address is of one or the other)
    if before is None:
        fate = Fate.MADE
    elif after is None:
        fate = Fate.REMOVED
    else:
        fate = Fate.SAME if before == after else Fate.CHANGED
    return PartPlan(address, shown.title, fate, address.count("/"))


def _languages(old: Mapping[str, PartDraft], new: Mapping[str, PartDraft]) -> tuple[LanguagePlan, ...]:
    before, after = _texts(old), _texts(new)
    counts: Counter[tuple[str, Fate]] = Counter()
    for place in before.keys() | after.keys():
        had, has = before.get(place), after.get(place)
        fate = Fate.MADE if had is None else Fate.REMOVED if has is None else Fate.CHANGED
        if had != has:
            counts[place[2], fate] += 1
    return tuple(
        LanguagePlan(
            locale, counts[locale, Fate.MADE], counts[locale, Fate.CHANGED], counts[locale, Fate.REMOVED]
        )
        for locale in LOCALES
        if any(counts[locale, fate] for fate in Fate)
    )


def _texts(parts: Mapping[str, PartDraft]) -> dict[tuple[str, str, str], tuple[str, str | None]]:
    """Return every text with what it was translated from, by part, field and language."""
    return {
        (address, path, locale): (one, text.origins.get(locale))
        for address, part in parts.items()
        for path, text in texts_of(part).items()
        for locale, one in text.texts.items()
    }
