"""The form of one part as a page shows it: fields by language, what has to be mended, what it clashed with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from courses.frameworks.models import Column, Element, Framework, Kind, Save, Vocabulary
from courses.frameworks.parts import PartRef, find_group, find_part, sheet_of_row
from courses.frameworks.saving import Clash, Saving, columns_of, depth_of, source_language
from courses.frameworks.sheets import PRACTICE, Difference, Sheet, differences, read_document
from courses.frameworks.typed import TextSpec, Typed, field_name, text_specs, typed_of
from institute.actors import Actor
from institute.db import db
from institute.errors import DomainError, NotFoundError
from institute.i18n import LOCALES, OWN_NAMES, Localised, direction, language_tag
from institute.people.models import Institute


@dataclass(frozen=True, slots=True)
class FieldHere:
    """A field of a text in one language. ``stale``: its source changed since it was translated."""

    id: str
    locale: str
    language: str
    tag: str
    dir: str
    value: str
    error: str = ""
    stale: bool = False


@dataclass(frozen=True, slots=True)
class TextHere:
    """A text of the form: the field of its source language, and those of the others."""

    spec: TextSpec
    source: FieldHere
    others: tuple[FieldHere, ...]
    column: Localised | None = None

    @property
    def open(self) -> bool:
        """Whether the translations want to be looked at."""
        return any(one.error or one.stale for one in self.others)


@dataclass(frozen=True, slots=True)
class FormPage:
    """The form of one part. ``title`` is the part's own as it stands, None for a new one; ``depth`` an element's."""

    kind: Kind
    group_key: str
    key: str
    group_title: Localised | None
    title: Localised | None
    texts: tuple[TextHere, ...]
    facts: Mapping[str, str]
    wished_key: str
    revision: int
    depth: int = 1
    below: str = ""
    below_title: Localised | None = None
    problems: Mapping[str, DomainError] = field(default_factory=dict)
    clash: Clash | None = None

    @property
    def summary(self) -> list[tuple[str, str]]:
        """What has to be mended, as (field, sentence)."""
        return [(name, problem.text) for name, problem in self.problems.items()]

    @property
    def differences(self) -> list[Difference]:
        """Where the two texts of a clash differ."""
        return [] if self.clash is None else differences(self.clash.mine, self.clash.theirs)

    @property
    def practices(self) -> tuple[TextHere, ...]:
        """How an element looks at each column of the scale."""
        return tuple(text for text in self.texts if text.column is not None)

    def error(self, name: str) -> str:
        """Return what is wrong with a field, or nothing."""
        return self.problems[name].text if name in self.problems else ""

    def names(self) -> dict[str, Localised]:
        """Return the titles of the columns by the names of their fields."""
        return {text.spec.name: text.column for text in self.texts if text.column is not None}


def part_form(
    ref: PartRef, *, actor: Actor, typed: Typed | None = None, saving: Saving | None = None, save_id: int = 0
) -> FormPage:
    """Return the form of a part as it stands, as it was typed, or as it was saved once (``save_id``).

    Raises NotFoundError.
    """
    session = db.session()
    row = find_part(ref, actor=actor, session=session)
    group = find_group(ref.kind, ref.group, actor=actor, session=session)
    stands = sheet_of_row(row, session=session)
    if typed is None:
        typed = typed_of(_saved_sheet(ref, save_id, actor) if save_id else stands)
    return FormPage(
        kind=ref.kind,
        group_key=ref.group,
        key=ref.key,
        group_title=group.title if ref.key else None,
        title=row.title,
        texts=_texts_here(
            typed,
            stands=stands,
            group=group,
            columns=columns_of(row, session=session),
            saving=saving,
            source=stands.title.source,
            actor=actor,
        ),
        facts=typed.facts,
        wished_key="",
        revision=row.revision,
        depth=depth_of(row, session=session) if isinstance(row, Element) else 1,
        problems=saving.problems if saving else {},
        clash=saving.clash if saving else None,
    )


def new_form(
    kind: Kind,
    group_key: str = "",
    *,
    below: str = "",
    actor: Actor,
    typed: Typed | None = None,
    saving: Saving | None = None,
) -> FormPage:
    """Return the form of a new part, empty or as it was typed. Raises NotFoundError."""
    session = db.session()
    group = find_group(kind, group_key, actor=actor, session=session) if group_key else None
    parent = None
    if below and kind is Kind.ELEMENT:
        parent = find_part(PartRef(kind, group_key, below), actor=actor, session=session)
    blank = Element(framework_id=group.id) if kind is Kind.ELEMENT and group is not None else None
    columns = columns_of(blank, session=session) if blank is not None else []
    source = group.title.source if group is not None else source_language(actor)
    typed = typed or Typed()
    return FormPage(
        kind=kind,
        group_key=group_key,
        key="",
        group_title=group.title if group is not None else None,
        title=None,
        texts=_texts_here(
            typed, stands=None, group=group, columns=columns, saving=saving, source=source, actor=actor
        ),
        facts=typed.facts,
        wished_key=typed.key,
        revision=0,
        depth=1 + depth_of(parent if isinstance(parent, Element) else None, session=session),
        below=below if parent is not None else "",
        below_title=parent.title if parent is not None else None,
        problems=saving.problems if saving else {},
    )


def _texts_here(
    typed: Typed,
    *,
    stands: Sheet | None,
    group: Framework | Vocabulary | None,
    columns: list[str],
    saving: Saving | None,
    source: str,
    actor: Actor,
) -> tuple[TextHere, ...]:
    institute = db.session.get_one(Institute, actor.institute_id)
    titles = _column_titles(group) if columns else {}
    found = []
    for spec in text_specs(columns):
        was = stands.texts.get(spec.name) if stands is not None else None
        own = was.source if was is not None else source
        written = {locale for name, locale in typed.texts if name == spec.name}
        wanted = {own, *institute.languages.split(), *written}
        fields = [_field(typed, spec, locale, was, saving) for locale in LOCALES if locale in wanted]
        source_field = next(one for one in fields if one.locale == own)
        others = tuple(one for one in fields if one is not source_field)
        found.append(TextHere(spec, source_field, others, titles.get(spec.name.removeprefix(PRACTICE))))
    return tuple(found)


def _field(
    typed: Typed, spec: TextSpec, locale: str, was: Localised | None, saving: Saving | None
) -> FieldHere:
    name = field_name(spec.name, locale)
    problem = saving.problems.get(name) if saving is not None else None
    return FieldHere(
        id=name,
        locale=locale,
        language=OWN_NAMES[locale],
        tag=language_tag(locale),
        dir=direction(locale),
        value=typed.texts.get((spec.name, locale), ""),
        error=problem.text if problem is not None else "",
        stale=was is not None and locale in was.texts and was.shown(locale).stale,
    )


def _column_titles(group: Framework | Vocabulary | None) -> dict[str, Localised]:
    if not isinstance(group, Framework):
        return {}
    columns = select(Column).where(Column.framework_id == group.id)
    return {column.key: column.title for column in db.session.scalars(columns)}


def _saved_sheet(ref: PartRef, save_id: int, actor: Actor) -> Sheet:
    save = db.session.scalar(
        select(Save).where(
            Save.id == save_id,
            Save.institute_id == actor.institute_id,
            Save.kind == ref.kind,
            Save.subject == ref.subject,
        )
    )
    if save is None:
        raise NotFoundError
    return read_document(save.document)
