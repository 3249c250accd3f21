"""Drafts as documents of plain values, as the database keeps them, and back without loss."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeVar

from cattrs.preconf.json import make_converter
from sqlalchemy import ColumnElement, String, cast, or_
from sqlalchemy.orm import InstrumentedAttribute

from institute.i18n import Localised

Draft = TypeVar("Draft")

# What is as usual is left out: documents stay small, and a field that is added later needs no migration.
_converter: Final = make_converter(omit_if_default=True, forbid_extra_keys=True)


@_converter.register_unstructure_hook
def _write_text(text: Localised) -> dict[str, Any]:
    return {"source": text.source, "texts": dict(text.texts), "origins": dict(text.origins)}


@_converter.register_structure_hook
def _read_text(value: Mapping[str, Any], _kind: type[Localised]) -> Localised:
    return Localised(dict(value["texts"]), value["source"], dict(value["origins"]))


def document_of(draft: object) -> dict[str, Any]:
    """Return a draft (a dataclass of courses.catalogue.drafts) as a document that JSON can hold."""
    document: dict[str, Any] = _converter.unstructure(draft)
    return document


def read_document(document: Mapping[str, Any], kind: type[Draft]) -> Draft:
    """Return the draft that ``document_of`` made. Raises cattrs' ClassValidationError for anything else."""
    return _converter.structure(document, kind)


def holds_any(document: InstrumentedAttribute[dict[str, Any]], texts: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that a column's document holds any of these texts as it is written.

    Most documents do not, and need not be read.
    """
    written = cast(document, String)
    return or_(*(written.contains(text, autoescape=True) for text in texts))
