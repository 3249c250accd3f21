"""What an author may choose from: tags, elements, resources, instruments, and parts that come before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from courses.frameworks.queries import ChoiceGroup
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class Named:
    """One of a few things to choose, with the value that stands for it."""

    value: str
    title: Localised


@dataclass(frozen=True, slots=True)
class Place:
    """A module or a segment that another may wait for. ``segment`` is None for the module itself."""

    address: str
    module: int
    segment: int | None
    title: Localised


@dataclass(frozen=True, slots=True)
class Choices:
    """All that the forms of one programme offer. ``address`` is that of the part that is edited.

    ``resources`` are pairs of a key and a title in the reader's language.
    """

    address: str = ""
    places: tuple[Place, ...] = ()
    instruments: tuple[Named, ...] = ()
    resources: tuple[tuple[str, str], ...] = ()
    tags: tuple[ChoiceGroup, ...] = ()
    elements: tuple[ChoiceGroup, ...] = ()
    next_session: int = 1

    @property
    def here(self) -> Place | None:
        """The part itself, None where it is no module or segment of the outline."""
        return next((place for place in self.places if place.address == self.address), None)

    @property
    def module(self) -> Place | None:
        """The module that a segment stands in."""
        above = self.address.partition("/")[0]
        return next((place for place in self.places if place.address == above), None)

    @property
    def own(self) -> frozenset[str]:
        """The addresses for which the part cannot wait: its own and its module's."""
        return frozenset({self.address, self.address.partition("/")[0]})


def addresses_in(groups: Iterable[ChoiceGroup]) -> frozenset[str]:
    """Return every address that some groups offer."""
    return frozenset(choice.address for group in groups for choice in group.choices)
