"""Frameworks and vocabularies as other rooms need them: whole, as choices of a form, and as names of what is shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, select, tuple_

from courses.frameworks.drafts import (
    ColumnDraft,
    ElementDraft,
    FrameworkDraft,
    PracticeDraft,
    TermDraft,
    VocabularyDraft,
)
from courses.frameworks.models import (
    Audience,
    Column,
    Element,
    ElementId,
    Framework,
    Practice,
    Term,
    Vocabulary,
)
from courses.frameworks.naming import is_slug, keys_of
from institute.actors import InstituteId
from institute.db import db
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class Choice:
    """An element or a tag to choose. ``depth`` is 1 for standards and tags, 2 for elements, 3 for indicators."""

    address: str
    code: str
    title: Localised
    depth: int = 1


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """The choices of one framework or vocabulary, for an ``<optgroup>`` or a fieldset."""

    key: str
    title: Localised
    choices: tuple[Choice, ...]
    audiences: tuple[Audience, ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """What an address is called: ``code`` (may be empty) and ``title``.

    ``group`` is the title of its framework or vocabulary. An address that names nothing (any more) has itself as its
    code and no title: it is shown, never an error.
    """

    address: str
    code: str
    title: Localised | None = None
    group: Localised | None = None
    description: Localised | None = None
    is_element: bool = False
    retired: bool = False

    @property
    def group_key(self) -> str:
        """The key of the framework or vocabulary."""
        return self.address.partition("/")[0]

    @property
    def key(self) -> str:
        """The key of the element or the term."""
        return self.address.partition("/")[2]

    @property
    def known(self) -> bool:
        """Whether there is something of this address."""
        return self.title is not None


def list_frameworks(institute_id: InstituteId, *, retired: bool = False) -> list[Framework]:
    """Return an institute's frameworks by key, those in use or, with ``retired``, all."""
    query = select(Framework).where(Framework.institute_id == institute_id).order_by(Framework.key)
    if not retired:
        query = query.where(Framework.retired_at.is_(None))
    return list(db.session.scalars(query))


def list_vocabularies(institute_id: InstituteId, *, retired: bool = False) -> list[Vocabulary]:
    """Return an institute's vocabularies by key, those in use or, with ``retired``, all."""
    query = select(Vocabulary).where(Vocabulary.institute_id == institute_id).order_by(Vocabulary.key)
    if not retired:
        query = query.where(Vocabulary.retired_at.is_(None))
    return list(db.session.scalars(query))


def load_framework(institute_id: InstituteId, key: str) -> FrameworkDraft | None:
    """Return a whole framework, retired parts included, or None. Four statements."""
    if not is_slug(key):
        return None
    framework = db.session.scalar(
        select(Framework).where(Framework.institute_id == institute_id, Framework.key == key)
    )
    if framework is None:
        return None
    columns = db.session.scalars(
        select(Column).where(Column.framework_id == framework.id).order_by(Column.position, Column.id)
    ).all()
    practices: dict[ElementId, dict[int, Localised]] = defaultdict(dict)
    for practice in db.session.scalars(select(Practice).where(Practice.framework_id == framework.id)):
        practices[practice.element_id][practice.column_id] = practice.text
    below: dict[ElementId | None, list[Element]] = defaultdict(list)
    for element in db.session.scalars(_ordered_elements().where(Element.framework_id == framework.id)):
        below[element.parent_id].append(element)

    def drafts_below(parent: ElementId | None) -> tuple[ElementDraft, ...]:
        return tuple(
            ElementDraft(
                key=element.key,
                title=element.title,
                code=element.code,
                description=element.description,
                practices=tuple(
                    PracticeDraft(column.key, practices[element.id][column.id])
                    for column in columns
                    if column.id in practices[element.id]
                ),
                elements=drafts_below(element.id),
                retired=element.retired_at is not None,
            )
            for element in below[parent]
        )

    return FrameworkDraft(
        key=framework.key,
        title=framework.title,
        audiences=framework.audiences,
        version=framework.version,
        description=framework.description,
        columns=tuple(
            ColumnDraft(column.key, column.title, column.description, column.retired_at is not None)
            for column in columns
        ),
        elements=drafts_below(None),
        retired=framework.retired_at is not None,
    )


def load_vocabulary(institute_id: InstituteId, key: str) -> VocabularyDraft | None:
    """Return a whole vocabulary, retired terms included, or None."""
    if not is_slug(key):
        return None
    vocabulary = db.session.scalar(
        select(Vocabulary).where(Vocabulary.institute_id == institute_id, Vocabulary.key == key)
    )
    if vocabulary is None:
        return None
    terms = db.session.scalars(
        select(Term).where(Term.vocabulary_id == vocabulary.id).order_by(Term.position, Term.id)
    )
    return VocabularyDraft(
        key=vocabulary.key,
        title=vocabulary.title,
        description=vocabulary.description,
        terms=tuple(
            TermDraft(term.key, term.title, term.description, term.retired_at is not None) for term in terms
        ),
        retired=vocabulary.retired_at is not None,
    )


def element_choices(institute_id: InstituteId) -> list[ChoiceGroup]:
    """Return the elements that something may be aligned to, a group for each framework, in their order.

    What is retired, or stands below something retired, is not offered.
    """
    query = (
        _ordered_elements()
        .join(Framework, Element.framework_id == Framework.id)
        .where(Framework.institute_id == institute_id)
    )
    below: dict[tuple[int, ElementId | None], list[Element]] = defaultdict(list)
    for element in db.session.scalars(query.where(Element.retired_at.is_(None))):
        below[(element.framework_id, element.parent_id)].append(element)

    def choices(framework: Framework, parent: ElementId | None, depth: int) -> Iterable[Choice]:
        for element in below[(framework.id, parent)]:
            yield Choice(f"{framework.key}/{element.key}", element.code, element.title, depth)
            yield from choices(framework, element.id, depth + 1)

    return [
        ChoiceGroup(one.key, one.title, tuple(choices(one, None, 1)), one.audiences)
        for one in list_frameworks(institute_id)
    ]


def tag_choices(institute_id: InstituteId) -> list[ChoiceGroup]:
    """Return the tags that something may carry, a group for each vocabulary, in their order."""
    rows = db.session.execute(
        select(Vocabulary.key, Vocabulary.title, Term)
        .outerjoin(Term, (Term.vocabulary_id == Vocabulary.id) & Term.retired_at.is_(None))
        .where(Vocabulary.institute_id == institute_id, Vocabulary.retired_at.is_(None))
        .order_by(Vocabulary.key, Term.position, Term.id)
    ).all()
    groups: dict[str, tuple[Localised, list[Choice]]] = {}
    for key, title, term in rows:
        choices = groups.setdefault(key, (title, []))[1]
        if term is not None:
            choices.append(Choice(f"{key}/{term.key}", "", term.title))
    return [ChoiceGroup(key, title, tuple(choices)) for key, (title, choices) in groups.items()]


def named(institute_id: InstituteId, addresses: Iterable[str]) -> dict[str, Named]:
    """Return what elements and tags are called, each by its address, in the order of the addresses.

    Two statements for any number of them, none for none. Every address is answered: see ``Named``.
    """
    asked = list(dict.fromkeys(addresses))
    pairs = [pair for pair in map(keys_of, asked) if pair is not None]
    found: dict[str, Named] = {}
    if pairs:
        tags = (
            select(Vocabulary.key, Vocabulary.title, Vocabulary.retired_at, Term)
            .join(Term, Term.vocabulary_id == Vocabulary.id)
            .where(Vocabulary.institute_id == institute_id, tuple_(Vocabulary.key, Term.key).in_(pairs))
        )
        for key, group, gone, term in db.session.execute(tags):
            address = f"{key}/{term.key}"
            retired = gone is not None or term.retired_at is not None
            found[address] = Named(address, "", term.title, group, term.description, retired=retired)
        elements = (
            select(Framework.key, Framework.title, Framework.retired_at, Element)
            .join(Element, Element.framework_id == Framework.id)
            .where(Framework.institute_id == institute_id, tuple_(Framework.key, Element.key).in_(pairs))
        )
        for key, group, gone, element in db.session.execute(elements):
            address = f"{key}/{element.key}"
            retired = gone is not None or element.retired_at is not None
            found[address] = Named(
                address, element.code, element.title, group, element.description, True, retired
            )
    return {address: found.get(address) or Named(address, address) for address in asked}


def keys_taken(institute_id: InstituteId) -> set[str]:
    """Return the keys that frameworks and vocabularies have: an address must name one thing."""
    frameworks = select(Framework.key).where(Framework.institute_id == institute_id)
    vocabularies = select(Vocabulary.key).where(Vocabulary.institute_id == institute_id)
    return set(db.session.scalars(frameworks.union_all(vocabularies)))


def _ordered_elements() -> Select[Element]:
    return select(Element).order_by(Element.position, Element.id)
