"""The sets of an institute's folder: ``calibration.toml``, and in its history who took them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from certificates.calibration.building import SetSheet, create, publish, retire
from certificates.calibration.models import (
    USUAL_EXACT,
    USUAL_NEAR,
    AnchorUse,
    CalibrationSet,
)
from certificates.calibration.papering import PaperSheet, add_paper, write_paper
from certificates.calibration.qualified import is_in_use
from certificates.rubrics.queries import RubricView, newest
from courses.loading.tables import Table, UnknownNameError, read_table
from institute.actors import Actor
from institute.db import db
from institute.i18n import Localised, lazy_gettext
from institute.people.institutes import InstituteLoaded

FILE: Final = "calibration.toml"
WHOLE: Final = 100
MOST_MISSES: Final = 99


@dataclass(frozen=True, slots=True)
class _Read:
    """A set as the file says it."""

    key: str
    rubric: RubricView
    sheet: SetSheet
    papers: tuple[PaperSheet, ...]

    @property
    def sha256(self) -> str:
        """The digest of everything it says, the rubric's version included."""
        scores = [
            [[int(one), level, _said(why)] for one, (level, why) in sorted(paper.scores.items())]
            for paper in self.papers
        ]
        said = [
            int(self.rubric.id),
            _said(self.sheet.title),
            [self.sheet.least_exact, self.sheet.least_near, self.sheet.most_misses],
            [[paper.use, _said(paper.text), _said(paper.rationale)] for paper in self.papers],
            scores,
        ]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def load_sets(loaded: InstituteLoaded) -> None:
    """Publish what ``calibration.toml`` says; what says the same as before stays, anything else is a new version.

    Raises FolderError.
    """
    path = loaded.folder / FILE
    if not path.is_file():
        return
    table = read_table(path, folder=loaded.folder)
    table.source = table.text("source_language")
    read = [_read_set(written, loaded.actor) for written in table.tables("set")]
    if len({one.key for one in read}) < len(read):
        raise table.wrong("set", lazy_gettext("a list in which no key stands twice"))
    table.finish()
    for one in read:
        _publish(one, loaded.actor)


def _publish(read: _Read, actor: Actor) -> None:
    before = db.session.scalars(
        select(CalibrationSet).where(
            CalibrationSet.institute_id == actor.institute_id,
            CalibrationSet.source_key == read.key,
            is_in_use(),
        )
    ).all()
    if any(one.sha256 == read.sha256 for one in before):
        return
    set_id = create(read.rubric.key, read.sheet, actor=actor, source_key=read.key, sha256=read.sha256)
    for paper in read.papers:
        write_paper(add_paper(set_id, actor=actor), paper, actor=actor)
    publish(set_id, actor=actor)
    for old in before:
        retire(old.id, actor=actor)


def _read_set(table: Table, actor: Actor) -> _Read:
    key, name = table.slug("key"), table.slug("rubric")
    rubric = newest(actor.institute_id, name)
    if rubric is None:
        raise UnknownNameError(file=table.file, key=table.key("rubric"), name=name)
    least_exact = table.number("least_exact", USUAL_EXACT)
    least_near = table.number("least_near", USUAL_NEAR)
    misses = table.number("most_misses", 0)
    if not 0 <= least_exact <= least_near <= WHOLE or misses > MOST_MISSES:
        raise table.wrong("least_near", lazy_gettext("a share in percent, not below least_exact"))
    sheet = SetSheet(table.localised("title"), least_exact, least_near, misses)
    papers = tuple(_read_paper(written, rubric) for written in table.tables("paper"))
    if not any(paper.use is AnchorUse.CALIBRATION for paper in papers):
        raise table.wrong("paper", lazy_gettext("one paper at least that is not seeded"))
    table.finish()
    return _Read(key, rubric, sheet, papers)


def _read_paper(table: Table, rubric: RubricView) -> PaperSheet:
    scores = {}
    by_key = {criterion.key: criterion for criterion in rubric.criteria}
    for written in table.tables("score"):
        key = written.slug("criterion")
        if key not in by_key or by_key[key].id in scores:
            raise UnknownNameError(file=table.file, key=written.key("criterion"), name=key)
        level = written.position("level")
        if level > rubric.levels:
            raise written.wrong("level", lazy_gettext("a level of the rubric"))
        scores[by_key[key].id] = (level, written.localised("why"))
        written.finish()
    if len(scores) < len(by_key):
        raise table.wrong("score", lazy_gettext("a score for each criterion of the rubric"))
    use = table.choice("use", AnchorUse) if table.has("use") else AnchorUse.CALIBRATION
    sheet = PaperSheet(use, table.localised("text"), table.optional_localised("rationale"), scores)
    table.finish()
    return sheet


def _said(text: Localised | None) -> Any:
    return None if text is None else {"source": text.source, "texts": dict(text.texts)}
