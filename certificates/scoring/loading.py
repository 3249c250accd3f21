"""The rubrics of an institute's folder: ``rubrics.toml``, read when the folder is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from sqlalchemy import select

from certificates.evidence.models import Requirement
from certificates.scoring.defining import CriterionDraft, RubricDraft, define_rubric
from certificates.scoring.errors import CutError, RubricMissingError, RubricUnevenError
from certificates.scoring.models import Rubric
from certificates.scoring.tasking import make_missing_tasks
from courses.loading.tables import Table, localise, read_table
from institute.actors import Actor
from institute.db import db
from institute.i18n import Localised, lazy_gettext
from institute.people.institutes import InstituteLoaded

FEWEST_LEVELS: Final = 2
LARGEST_DENOMINATOR: Final = 100


def load_rubrics(loaded: InstituteLoaded) -> None:
    """Define what ``rubrics.toml`` says. A folder without the file defines none.

    Evidence that was submitted before its rubric stood goes into the queue now. Raises FolderError,
    RubricUnevenError, CutError, and RubricMissingError if a requirement names a rubric that is not defined.
    """
    path = loaded.folder / "rubrics.toml"
    if path.is_file():
        table = read_table(path, folder=loaded.folder)
        table.source = table.text("source_language")
        names = _read_names(table)
        rubrics = [_read_rubric(written, names) for written in table.tables("rubric")]
        _refuse_twice([rubric.key for rubric in rubrics], table, "rubric")
        for rubric in rubrics:
            define_rubric(rubric, actor=loaded.actor)
        table.finish()
    _refuse_missing(loaded.actor)
    make_missing_tasks(loaded.actor)


def _read_names(table: Table) -> tuple[Localised, ...]:
    return tuple(
        localise(level.table("name").texts(), table.source, file=table.file, key=level.key("name"))
        for level in table.tables("level")
    )


def _read_rubric(table: Table, usual_names: tuple[Localised, ...]) -> RubricDraft:
    """Read a rubric; without levels of its own it has the usual ones of the file."""
    key = table.slug("key")
    names = _read_names(table) or usual_names
    criteria = tuple(_read_criterion(written, key, len(names)) for written in table.tables("criterion"))
    _refuse_twice([criterion.key for criterion in criteria], table, "criterion")
    if len(names) < FEWEST_LEVELS or not criteria:
        raise RubricUnevenError(file=table.file, rubric=key)
    draft = RubricDraft(
        key=key,
        title=table.localised("title"),
        cut=_read_cut(table, key, len(names)),
        level_names=names,
        criteria=criteria,
    )
    table.finish()
    return draft


def _read_criterion(table: Table, rubric: str, levels: int) -> CriterionDraft:
    descriptors = tuple(
        localise(level.texts(), table.source, file=table.file, key=level.where)
        for level in table.tables("descriptor")
    )
    if len(descriptors) != levels:
        raise RubricUnevenError(file=table.file, rubric=rubric)
    draft = CriterionDraft(table.slug("key"), table.localised("title"), descriptors)
    table.finish()
    return draft


def _refuse_twice(keys: Sequence[str], table: Table, name: str) -> None:
    if len(set(keys)) < len(keys):
        raise table.wrong(name, lazy_gettext("a list in which no key stands twice"))


def _read_cut(table: Table, rubric: str, levels: int) -> Fraction:
    """Return the least mean that passes: a whole number, or a fraction such as "5/2"."""
    try:
        cut = Fraction(table.text("cut", "3"))
    except (ValueError, ZeroDivisionError):
        cut = Fraction(0)
    if not 1 <= cut <= levels or cut.denominator > LARGEST_DENOMINATOR:
        raise CutError(file=table.file, rubric=rubric)
    return cut


def _refuse_missing(actor: Actor) -> None:
    known = select(Rubric.key).where(Rubric.institute_id == actor.institute_id)
    missing = db.session.execute(
        select(Requirement.key, Requirement.rubric_key)
        .where(
            Requirement.institute_id == actor.institute_id,
            Requirement.scored,
            Requirement.retired_at.is_(None),
            Requirement.rubric_key.not_in(known),
        )
        .limit(1)
    ).one_or_none()
    if missing is not None:
        raise RubricMissingError(requirement=missing.key, rubric=missing.rubric_key)
