"""What people of a sample wrote and answered for steps: ``[[work]]`` in its history."""

from __future__ import annotations

from courses.activities.handing import SHARED, Handed
from courses.activities.writing import Saved, finish_work, save_work
from courses.cohorts.ticking import StepAddress
from courses.loading.history import HistoryTold, as_role, known
from courses.loading.tables import Table
from institute.actors import Role
from institute.clock import frozen, now
from institute.i18n import lazy_gettext


def tell_work(told: HistoryTold) -> None:
    """Save what the history says, each entry at its time, as the page of the step would.

    An entry about a step that another is about goes on from there: its form holds what was typed before. Raises
    FolderError for what is not taken.
    """
    pages: dict[tuple[str, StepAddress], tuple[dict[str, str], int]] = {}
    for entry in told.table.tables("work"):
        key, at, done = entry.text("participant"), entry.instant("at"), entry.flag("done", default=True)
        address = StepAddress(entry.slug("module"), entry.slug("segment"), entry.slug("key"))
        typed = _typed(entry)
        entry.finish()
        actor = as_role(known(entry, "participant", key, told.cast), Role.PARTICIPANT)
        if key not in told.begun or at > now():
            continue
        fields, revision = pages.get((key, address), ({}, 0))
        fields |= typed
        handed = Handed({**fields, "_revision": str(revision)})
        with frozen(at):
            saved = (finish_work if done else save_work)(address, handed, actor=actor)
        _refuse(entry, saved)
        pages[key, address] = fields, saved.revision


def _typed(entry: Table) -> dict[str, str]:
    """Return the fields of a form that an entry fills in."""
    typed: dict[str, str] = {}
    if entry.has("text"):
        typed["text"] = entry.prose("text")
    if entry.has("ratings"):
        ratings = entry.table("ratings")
        typed |= {f"item-{item}": str(ratings.number(item)) for item in ratings.data}
        ratings.finish()
    for place, area in enumerate(entry.names("order"), start=1):
        typed[f"place-{area}"] = str(place)
    for number, answer in enumerate(entry.names("answers"), start=1):
        typed[f"answer-{number}"] = answer
    if entry.has("shared"):
        typed["share"] = SHARED if entry.flag("shared") else ""
    return typed


def _refuse(entry: Table, saved: Saved) -> None:
    for field, sentence in saved.problems:
        raise entry.wrong(field, sentence)
    if not saved.whole:
        raise entry.wrong("at", lazy_gettext("a time before the step was done"))
