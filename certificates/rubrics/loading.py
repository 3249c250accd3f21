"""The rubrics of an institute's folder: ``rubrics.toml``, read when the folder is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from certificates.rubrics.amounts import read_amount
from certificates.rubrics.defining import CriterionDraft, RubricDraft, define_rubric
from certificates.rubrics.errors import (
    CutError,
    ExamplesUnevenError,
    MinimumError,
    NearCutError,
    RubricUnevenError,
)
from certificates.rubrics.policies import (
    FARTHEST_FROM_CUT,
    FLAGS,
    LIMITS,
    USUAL,
    Policy,
    Releasing,
    Settled,
    change_policy,
)
from courses.frameworks.naming import keys_of
from courses.loading.tables import Table, localise, read_table
from institute.i18n import Localised, lazy_gettext
from institute.people.institutes import InstituteLoaded

FILE: Final = "rubrics.toml"
FEWEST_LEVELS: Final = 2
MOST_LEVELS: Final = 9
NONE: Final = "none"
"""How the file says that there is no distance from the cut at which a second rater is asked."""


def load_rubrics(loaded: InstituteLoaded) -> None:
    """Define what ``rubrics.toml`` says. A folder without the file defines none.

    Raises FolderError, RubricUnevenError, CutError, ExamplesUnevenError, MinimumError, NearCutError.
    """
    for rubric in read_rubrics(loaded.folder):
        define_rubric(rubric, actor=loaded.actor)


def read_rubrics(folder: Path) -> list[RubricDraft]:
    """Return the rubrics of a folder; none where it has no such file. Raises as ``load_rubrics``."""
    path = folder / FILE
    return read_rubric_tables(read_table(path, folder=folder)) if path.is_file() else []


def read_rubric_tables(table: Table) -> list[RubricDraft]:
    """Return what a file of rubrics says. Raises as ``load_rubrics``."""
    table.source = table.text("source_language")
    names = _read_names(table)
    policy = _read_policy(table, USUAL)
    rubrics = [_read_rubric(written, names, policy) for written in table.tables("rubric")]
    _refuse_twice([rubric.key for rubric in rubrics], table, "rubric")
    table.finish()
    return rubrics


def _read_names(table: Table) -> tuple[Localised, ...]:
    return tuple(
        localise(level.table("name").texts(), table.source, file=table.file, key=level.key("name"))
        for level in table.tables("level")
    )


def _read_rubric(table: Table, usual_names: tuple[Localised, ...], usual: Policy) -> RubricDraft:
    """Read a rubric; without levels or a policy of its own it has the usual ones of the file."""
    key = table.slug("key")
    names = _read_names(table) or usual_names
    criteria = tuple(_read_criterion(written, key, len(names)) for written in table.tables("criterion"))
    _refuse_twice([criterion.key for criterion in criteria], table, "criterion")
    if not FEWEST_LEVELS <= len(names) <= MOST_LEVELS or not criteria:
        raise RubricUnevenError(file=table.file, rubric=key)
    draft = RubricDraft(
        key=key,
        title=table.localised("title"),
        cut=_read_cut(table, key, len(names)),
        level_names=names,
        criteria=criteria,
        policy=_read_policy(table, usual),
    )
    table.finish()
    return draft


def _read_criterion(table: Table, rubric: str, levels: int) -> CriterionDraft:
    key = table.slug("key")
    descriptors = tuple(
        localise(level.texts(), table.source, file=table.file, key=level.where)
        for level in table.tables("descriptor")
    )
    if len(descriptors) != levels:
        raise RubricUnevenError(file=table.file, rubric=rubric)
    minimum = table.position("minimum") if table.has("minimum") else None
    if minimum is not None and minimum > levels:
        raise MinimumError(file=table.file, criterion=key)
    draft = CriterionDraft(
        key=key,
        title=table.localised("title"),
        descriptors=descriptors,
        examples=_read_examples(table, key, levels),
        element=_read_element(table),
        minimum=minimum,
    )
    table.finish()
    return draft


def _read_examples(table: Table, criterion: str, levels: int) -> tuple[Localised | None, ...]:
    """Return an example for each level, lowest first; an empty table says that a level has none."""
    examples = tuple(
        localise(texts, table.source, file=table.file, key=level.where) if texts else None
        for level, texts in ((level, level.texts()) for level in table.tables("example"))
    )
    if examples and len(examples) != levels:
        raise ExamplesUnevenError(file=table.file, criterion=criterion)
    return examples if any(examples) else ()


def _read_element(table: Table) -> str | None:
    element = table.optional_text("element")
    if element is not None and keys_of(element) is None:
        raise table.wrong("element", lazy_gettext("the address of a competency, such as leadership/1a"))
    return element


def _read_policy(table: Table, usual: Policy) -> Policy:
    if not table.has("policy"):
        return usual
    written = table.table("policy")
    changed: dict[str, Any] = {
        name: _read_number(written, name, limits) for name, limits in LIMITS.items() if written.has(name)
    }
    changed |= {name: written.flag(name) for name in FLAGS if written.has(name)}
    if written.has("settled"):
        changed["settled"] = written.choice("settled", Settled)
    if written.has("releasing"):
        changed["releasing"] = written.choice("releasing", Releasing)
    if written.has("near_cut"):
        changed["near_cut"] = _read_near(written)
    written.finish()
    return change_policy(usual, changed)


def _read_number(table: Table, name: str, limits: range) -> int:
    number = table.number(name)
    if number not in limits:
        wanted = lazy_gettext("a whole number from %(least)s to %(most)s", least=limits[0], most=limits[-1])
        raise table.wrong(name, wanted)
    return number


def _read_near(table: Table) -> Fraction | None:
    text = table.text("near_cut")
    if text == NONE:
        return None
    near = read_amount(text)
    if near is None or not 0 <= near <= FARTHEST_FROM_CUT:
        raise NearCutError(file=table.file)
    return near


def _refuse_twice(keys: Sequence[str], table: Table, name: str) -> None:
    if len(set(keys)) < len(keys):
        raise table.wrong(name, lazy_gettext("a list in which no key stands twice"))


def _read_cut(table: Table, rubric: str, levels: int) -> Fraction:
    """Return the least mean that passes: a whole number, or a fraction such as "5/2"."""
    cut = read_amount(table.text("cut", "3"))
    if cut is None or not 1 <= cut <= levels:
        raise CutError(file=table.file, rubric=rubric)
    return cut
