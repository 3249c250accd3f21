"""What a package carries beside the programme: resources of the library, frameworks and vocabularies that it uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from courses.catalogue.drafts import ProgrammeContent
from courses.frameworks.drafts import FrameworkDraft, VocabularyDraft
from courses.library.drafts import ResourceDraft
from courses.packages.companions import Companion, Packed


@dataclass(frozen=True, slots=True)
class PackedResource:
    """A resource, and where in the package its files lie, by their SHA-256."""

    draft: ResourceDraft
    paths: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Carried:
    """Everything that comes with a programme."""

    resources: tuple[PackedResource, ...] = ()
    frameworks: tuple[FrameworkDraft, ...] = ()
    vocabularies: tuple[VocabularyDraft, ...] = ()
    companions: tuple[tuple[Companion, Packed], ...] = ()
    """What rooms above send along."""


NOTHING_CARRIED: Final = Carried()


def labels_named(
    content: ProgrammeContent, resources: Iterable[ResourceDraft]
) -> tuple[list[str], list[str]]:
    """Return the keys of the frameworks and of the vocabularies that are named, each sorted."""
    elements: list[str] = []
    tags: list[str] = list(content.programme.tags)
    for module in content.modules:
        elements += module.draft.elements
        tags += module.draft.tags
        for segment in module.segments:
            tags += segment.tags
            elements += segment.elements
            elements += [element for activity in segment.activities for element in activity.elements]
    for resource in resources:
        tags += resource.tags
        elements += resource.elements
    return _heads(elements), _heads(tags)


def _heads(addresses: Iterable[str]) -> list[str]:
    return sorted({address.partition("/")[0] for address in addresses if "/" in address})
