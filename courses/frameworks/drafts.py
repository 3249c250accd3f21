"""What an author hands in: a framework of competencies with its scale, or a vocabulary with its terms.

An *element* is addressed ``framework/element``, a *tag* ``vocabulary/term``. Keys of elements are unique in the whole
framework, whatever stands above them, so that an element may move and keep its address. What is ``retired`` keeps its
place and its name for whatever refers to it, and is offered to nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from courses.frameworks.models import Audience
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class ColumnDraft:
    """A column of a framework's practice scale, such as "approaches"; the first one is the lowest."""

    key: str
    title: Localised
    description: Localised | None = None
    retired: bool = False


@dataclass(frozen=True, slots=True)
class PracticeDraft:
    """How an element looks in practice at one column of the scale. ``key`` is the column's."""

    key: str
    text: Localised


@dataclass(frozen=True, slots=True)
class ElementDraft:
    """A standard, an element of one or an indicator: which, is told by how deep it stands.

    ``code`` is how people cite it, such as ``1A``; it may be empty.
    """

    key: str
    title: Localised
    code: str = ""
    description: Localised | None = None
    practices: tuple[PracticeDraft, ...] = ()
    elements: tuple[ElementDraft, ...] = ()
    retired: bool = False


@dataclass(frozen=True, slots=True)
class FrameworkDraft:
    """A framework of competencies. ``version`` is the label of its edition, such as ``2026``; it may be empty."""

    key: str
    title: Localised
    audiences: tuple[Audience, ...]
    version: str = ""
    description: Localised | None = None
    columns: tuple[ColumnDraft, ...] = ()
    elements: tuple[ElementDraft, ...] = ()
    retired: bool = False


@dataclass(frozen=True, slots=True)
class TermDraft:
    """A tag of a vocabulary."""

    key: str
    title: Localised
    description: Localised | None = None
    retired: bool = False


@dataclass(frozen=True, slots=True)
class VocabularyDraft:
    """An institute's own list of tags, such as its values."""

    key: str
    title: Localised
    description: Localised | None = None
    terms: tuple[TermDraft, ...] = ()
    retired: bool = False


def every_element(elements: tuple[ElementDraft, ...]) -> Iterator[ElementDraft]:
    """Yield elements with everything below them, each before what stands below it."""
    for element in elements:
        yield element
        yield from every_element(element.elements)
