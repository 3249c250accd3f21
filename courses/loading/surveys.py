"""The rounds of a sample's cohort: ``surveys.toml`` beside its history."""

from __future__ import annotations

from typing import Final

from courses.cohorts.queries import cohort_here
from courses.instruments.finding import instruments_in_rounds
from courses.loading.history import HistoryTold, as_role, known
from courses.loading.tables import Table, UnknownNameError, read_table
from courses.surveys.answering import save_answers
from courses.surveys.seats import own_seat
from courses.surveys.stages import Stage, Timing
from courses.surveys.windows import WindowSheet, set_window
from institute.actors import Actor, Role
from institute.clock import frozen, now

FILE: Final = "surveys.toml"


def tell_surveys(told: HistoryTold) -> None:
    """Set the windows and send the answers that the history says, each at its time.

    Raises FolderError for what is not taken.
    """
    path = told.folder / FILE
    if not path.is_file():
        return
    table = read_table(path, folder=told.folder)
    for entry in table.tables("window"):
        _tell_window(entry, told)
    for entry in table.tables("round"):
        _tell_round(entry, told)
    table.finish()


def _tell_window(entry: Table, told: HistoryTold) -> None:
    at, who = entry.instant("at"), entry.text("facilitator")
    key, stage = entry.slug("instrument"), entry.choice("stage", Stage)
    opens, closes = entry.day("opens"), entry.day("closes")
    entry.finish()
    actor = as_role(known(entry, "facilitator", who, told.cast), Role.FACILITATOR)
    if at > now():
        return
    sheet = WindowSheet(Timing.DATES, opens_on=opens.isoformat(), closes_on=closes.isoformat())
    with frozen(at):
        refused = set_window(_address(entry, key, stage, actor), sheet, actor=actor)
    for field, problem in refused.sheet.problems.items() if refused else ():
        raise entry.wrong(field, problem.text)


def _tell_round(entry: Table, told: HistoryTold) -> None:
    at, who = entry.instant("at"), entry.text("participant")
    key, stage = entry.slug("instrument"), entry.choice("stage", Stage)
    ratings = entry.table("ratings")
    form = {f"item-{item}": str(ratings.number(item)) for item in ratings.data}
    ratings.finish()
    form |= {f"answer-{number}": text for number, text in enumerate(entry.names("answers"), start=1)}
    entry.finish()
    actor = as_role(known(entry, "participant", who, told.cast), Role.PARTICIPANT)
    if who not in told.begun or at > now():
        return
    with frozen(at):
        seat = own_seat(actor)
        answered = save_answers(
            seat, _address(entry, key, stage, actor), form, revision=0, send=True, actor=actor
        )
    for field, problem in answered.problems.items():
        raise entry.wrong(field, problem.text)


def _address(entry: Table, key: str, stage: Stage, actor: Actor) -> str:
    for one in instruments_in_rounds(cohort_here(actor).version_id):
        if one.draft.key == key:
            return f"{one.part_id}-{stage.value}"
    raise UnknownNameError(file=entry.file, key=entry.key("instrument"), name=key)
