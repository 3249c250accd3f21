"""What the pages of frameworks and vocabularies show: lists, one of them whole, and its history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from courses.frameworks.alignments import Aligned, aligned_to
from courses.frameworks.drafts import ElementDraft, FrameworkDraft, VocabularyDraft, every_element
from courses.frameworks.models import Element, Framework, Kind, Outcome, Save, Term, Vocabulary
from courses.frameworks.queries import (
    Named,
    list_frameworks,
    list_vocabularies,
    load_framework,
    load_vocabulary,
    named,
)
from courses.frameworks.sheets import Sheet, read_document
from institute.actors import Actor, Role
from institute.db import db
from institute.errors import NotFoundError
from institute.people.models import Person
from institute.web.areas import current_actor

MOST_SAVES: Final = 200


@dataclass(frozen=True, slots=True)
class ShelfLine:
    """A framework or a vocabulary of the list, with how many elements or tags it offers."""

    row: Framework | Vocabulary
    count: int

    @property
    def retired(self) -> bool:
        """Whether it is offered to nobody any more."""
        return self.row.retired_at is not None


@dataclass(frozen=True, slots=True)
class Shelf:
    """Everything that an institute aligns its content to."""

    frameworks: tuple[ShelfLine, ...]
    vocabularies: tuple[ShelfLine, ...]


@dataclass(frozen=True, slots=True)
class FrameworkPage:
    """A whole framework with what is aligned to each of its elements, by their keys."""

    framework: FrameworkDraft
    aligned: dict[str, list[Aligned]]

    @property
    def standards(self) -> tuple[ElementDraft, ...]:
        """The standards that are in use."""
        return in_use(self.framework.elements)


@dataclass(frozen=True, slots=True)
class VocabularyPage:
    """A whole vocabulary with what carries each of its tags, by their keys."""

    vocabulary: VocabularyDraft
    aligned: dict[str, list[Aligned]]


@dataclass(frozen=True, slots=True)
class SaveLine:
    """One saved text. ``author`` is the name, None where the person has none, empty where no person saved it.

    ``present`` tells whether what it is about is still there.
    """

    id: int
    kind: Kind
    subject: str
    revision: int
    outcome: Outcome
    sheet: Sheet
    author: str | None
    at: datetime
    present: bool

    @property
    def key(self) -> str:
        """The key of what stands in the framework or vocabulary; empty for itself."""
        return self.subject.partition("/")[2]


def shelf_page(actor: Actor, *, retired: bool) -> Shelf:
    """Return an institute's frameworks and vocabularies, in use or all."""
    elements = dict(
        db.session.execute(
            select(Element.framework_id, func.count())
            .join(Framework, Element.framework_id == Framework.id)
            .where(Framework.institute_id == actor.institute_id, Element.retired_at.is_(None))
            .group_by(Element.framework_id)
        ).all()
    )
    terms = dict(
        db.session.execute(
            select(Term.vocabulary_id, func.count())
            .join(Vocabulary, Term.vocabulary_id == Vocabulary.id)
            .where(Vocabulary.institute_id == actor.institute_id, Term.retired_at.is_(None))
            .group_by(Term.vocabulary_id)
        ).all()
    )
    frameworks = list_frameworks(actor.institute_id, retired=retired)
    vocabularies = list_vocabularies(actor.institute_id, retired=retired)
    return Shelf(
        tuple(ShelfLine(one, elements.get(one.id, 0)) for one in frameworks),
        tuple(ShelfLine(one, terms.get(one.id, 0)) for one in vocabularies),
    )


def framework_page(key: str, role: Role, *, actor: Actor) -> FrameworkPage:
    """Return a framework as the pages of ``role`` show it. Raises NotFoundError."""
    framework = load_framework(actor.institute_id, key)
    if framework is None:
        raise NotFoundError
    addresses = [f"{key}/{element.key}" for element in every_element(framework.elements)]
    return FrameworkPage(framework, _by_key(aligned_to(actor, role, addresses)))


def vocabulary_page(key: str, role: Role, *, actor: Actor) -> VocabularyPage:
    """Return a vocabulary as the pages of ``role`` show it. Raises NotFoundError."""
    vocabulary = load_vocabulary(actor.institute_id, key)
    if vocabulary is None:
        raise NotFoundError
    addresses = [f"{key}/{term.key}" for term in vocabulary.terms]
    return VocabularyPage(vocabulary, _by_key(aligned_to(actor, role, addresses)))


def named_here(addresses: Iterable[str]) -> list[Named]:
    """Return what elements and tags are called in the institute of this request, for the chips of a page."""
    asked = list(addresses)
    return list(named(current_actor().institute_id, asked).values()) if asked else []


def in_use(elements: tuple[ElementDraft, ...]) -> tuple[ElementDraft, ...]:
    """Return the elements that are not retired."""
    return tuple(element for element in elements if not element.retired)


def history_of(group: FrameworkDraft | VocabularyDraft, *, actor: Actor) -> list[SaveLine]:
    """Return what was saved for a framework or vocabulary and its parts, the newest first, at most ``MOST_SAVES``."""
    key = group.key
    present = {(Kind.FRAMEWORK, ""), (Kind.VOCABULARY, "")}
    if isinstance(group, FrameworkDraft):
        present |= {(Kind.COLUMN, column.key) for column in group.columns}
        present |= {(Kind.ELEMENT, element.key) for element in every_element(group.elements)}
    else:
        present |= {(Kind.TERM, term.key) for term in group.terms}
    rows = db.session.execute(
        select(Save, Person.name)
        .outerjoin(Person, Person.id == Save.author_id)
        .where(
            Save.institute_id == actor.institute_id,
            (Save.subject == key) | Save.subject.startswith(f"{key}/", autoescape=True),
        )
        .order_by(Save.id.desc())
        .limit(MOST_SAVES)
    )
    return [
        SaveLine(
            save.id,
            save.kind,
            save.subject,
            save.revision,
            save.outcome,
            read_document(save.document),
            "" if save.author_id is None else name or None,
            save.at,
            (save.kind, save.subject.partition("/")[2]) in present,
        )
        for save, name in rows
    ]


def _by_key(aligned: dict[str, list[Aligned]]) -> dict[str, list[Aligned]]:
    return {address.partition("/")[2]: members for address, members in aligned.items()}
