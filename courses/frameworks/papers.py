"""Frameworks and vocabularies as TOML: the keys that a file has, whoever reads the file and however mistakes are told.

A table is anything that reads TOML strictly, such as that of an institute's folder, which refuses at the first mistake,
or that of a package, which notes all of them and hands something valid back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, Protocol, TypeAlias

from courses.frameworks.drafts import (
    ColumnDraft,
    ElementDraft,
    FrameworkDraft,
    PracticeDraft,
    TermDraft,
    VocabularyDraft,
)
from courses.frameworks.keeping import DEEPEST
from courses.frameworks.models import CODE_LENGTH, LABEL_LENGTH, Audience
from institute.i18n import Localised, lazy_gettext

Spell: TypeAlias = Callable[[Localised], Mapping[str, Any]]
"""Writes a text as a table of its languages."""

TITLE: Final = "title"


class Paper(Protocol):
    """A table of a TOML file that is read strictly. Each reading names the key, so that mistakes are told with it."""

    def has(self, name: str) -> bool:
        """Tell whether the table holds ``name``."""

    def text(self, name: str, *, longest: int = ...) -> str:
        """Return a line of text."""

    def slug(self, name: str) -> str:
        """Return a key."""

    def flag(self, name: str) -> bool:
        """Return true or false; false where nothing is said."""

    def names(self, name: str) -> Sequence[str]:
        """Return a list of lines of text."""

    def localised(self, name: str) -> Localised:
        """Return a text in several languages."""

    def optional_localised(self, name: str) -> Localised | None:
        """Return a text in several languages, or None."""

    def tables(self, name: str) -> Iterable[Paper]:
        """Return a list of tables."""

    def wrong(self, name: str, wanted: Any) -> Exception | None:
        """Note that ``name`` must be ``wanted``, or return the refusal that says so."""

    def finish(self) -> None:
        """Refuse or note what nobody asked for."""


def framework_from_toml(table: Paper) -> FrameworkDraft:
    """Read a framework's file. What contradicts itself (a key twice) is told like a wrong value."""
    columns = tuple(_read_column(member) for member in table.tables("column"))
    elements = tuple(
        _read_element(member, [column.key for column in columns], 1) for member in table.tables("element")
    )
    draft = FrameworkDraft(
        key=table.slug("key"),
        title=table.localised(TITLE),
        audiences=_read_audiences(table),
        version=_optional_line(table, "version", LABEL_LENGTH),
        description=table.optional_localised("description"),
        columns=columns,
        elements=elements,
        retired=table.flag("retired"),
    )
    _refuse_twice(table, "column", [column.key for column in columns])
    _refuse_twice(table, "element", _keys_below(elements))
    table.finish()
    return draft


def vocabularies_from_toml(table: Paper) -> tuple[VocabularyDraft, ...]:
    """Read a file of vocabularies: a list of them, each with its terms."""
    drafts = tuple(_read_vocabulary(member) for member in table.tables("vocabulary"))
    _refuse_twice(table, "vocabulary", [draft.key for draft in drafts])
    table.finish()
    return drafts


def framework_document(draft: FrameworkDraft, spell: Spell) -> dict[str, Any]:
    """Return a framework as the document that ``framework_from_toml`` reads; ``spell`` writes its texts."""
    return {
        "key": draft.key,
        **({"version": draft.version} if draft.version else {}),
        "audiences": [audience.value for audience in draft.audiences],
        **_retired(draft.retired),
        **_texts(draft.title, draft.description, spell),
        **_list(
            "column",
            [
                {"key": one.key, **_retired(one.retired), **_texts(one.title, one.description, spell)}
                for one in draft.columns
            ],
        ),
        **_list("element", [_element_document(one, spell) for one in draft.elements]),
    }


def vocabularies_document(drafts: Iterable[VocabularyDraft], spell: Spell) -> dict[str, Any]:
    """Return vocabularies as the document that ``vocabularies_from_toml`` reads."""
    return {
        "vocabulary": [
            {
                "key": draft.key,
                **_retired(draft.retired),
                **_texts(draft.title, draft.description, spell),
                **_list(
                    "term",
                    [
                        {"key": one.key, **_retired(one.retired), **_texts(one.title, one.description, spell)}
                        for one in draft.terms
                    ],
                ),
            }
            for draft in drafts
        ]
    }


def _read_column(table: Paper) -> ColumnDraft:
    draft = ColumnDraft(
        table.slug("key"),
        table.localised(TITLE),
        table.optional_localised("description"),
        table.flag("retired"),
    )
    table.finish()
    return draft


def _read_element(table: Paper, columns: Sequence[str], depth: int) -> ElementDraft:
    practices = []
    for member in table.tables("practice"):
        practices.append(PracticeDraft(member.slug("column"), member.localised("text")))
        if practices[-1].key not in columns:
            _tell(member, "column", lazy_gettext("the key of a column of the scale"))
        member.finish()
    _refuse_twice(table, "practice", [practice.key for practice in practices])
    practices.sort(key=lambda one: columns.index(one.key) if one.key in columns else len(columns))
    if depth == DEEPEST and table.has("element"):
        _tell(table, "element", lazy_gettext("left out: nothing stands below an indicator"))
    below = table.tables("element") if depth < DEEPEST else ()
    draft = ElementDraft(
        key=table.slug("key"),
        title=table.localised(TITLE),
        code=_optional_line(table, "code", CODE_LENGTH),
        description=table.optional_localised("description"),
        practices=tuple(practices),
        elements=tuple(_read_element(member, columns, depth + 1) for member in below),
        retired=table.flag("retired"),
    )
    table.finish()
    return draft


def _read_audiences(table: Paper) -> tuple[Audience, ...]:
    known = [audience.value for audience in Audience]
    chosen = table.names("audiences")
    if not chosen or not set(chosen) <= set(known) or len(set(chosen)) < len(chosen):
        _tell(table, "audiences", ", ".join(known))
    return tuple(audience for audience in Audience if audience.value in chosen)


def _read_vocabulary(table: Paper) -> VocabularyDraft:
    terms = []
    for member in table.tables("term"):
        terms.append(
            TermDraft(
                member.slug("key"),
                member.localised(TITLE),
                member.optional_localised("description"),
                member.flag("retired"),
            )
        )
        member.finish()
    _refuse_twice(table, "term", [term.key for term in terms])
    draft = VocabularyDraft(
        key=table.slug("key"),
        title=table.localised(TITLE),
        description=table.optional_localised("description"),
        terms=tuple(terms),
        retired=table.flag("retired"),
    )
    table.finish()
    return draft


def _optional_line(table: Paper, name: str, longest: int) -> str:
    return table.text(name, longest=longest) if table.has(name) else ""


def _keys_below(elements: Iterable[ElementDraft]) -> list[str]:
    return [key for element in elements for key in (element.key, *_keys_below(element.elements))]


def _refuse_twice(table: Paper, name: str, keys: Sequence[str]) -> None:
    if len(set(keys)) < len(keys):
        _tell(table, name, lazy_gettext("a list in which no key stands twice"))


def _tell(table: Paper, name: str, wanted: Any) -> None:
    """Say that a value is wrong, as the table does: by raising, or by noting it."""
    refusal = table.wrong(name, wanted)
    if refusal is not None:
        raise refusal


def _element_document(draft: ElementDraft, spell: Spell) -> dict[str, Any]:
    practices = [{"column": one.key, "text": dict(spell(one.text))} for one in draft.practices]
    return {
        "key": draft.key,
        **({"code": draft.code} if draft.code else {}),
        **_retired(draft.retired),
        **_texts(draft.title, draft.description, spell),
        **_list("practice", practices),
        **_list("element", [_element_document(one, spell) for one in draft.elements]),
    }


def _texts(title: Localised, description: Localised | None, spell: Spell) -> dict[str, Any]:
    texts: dict[str, Any] = {TITLE: dict(spell(title))}
    if description is not None:
        texts["description"] = dict(spell(description))
    return texts


def _retired(retired: bool) -> dict[str, bool]:
    return {"retired": True} if retired else {}


def _list(name: str, members: list[dict[str, Any]]) -> dict[str, Any]:
    return {name: members} if members else {}
