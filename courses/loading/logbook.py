"""The months that a sample's people signed, and a coach's private notes: ``logbook.toml`` beside its history."""

from __future__ import annotations

from typing import Final

from courses.cohorts.pages import own_enrolment
from courses.loading.history import HistoryTold, as_role, known
from courses.loading.tables import Table, read_table
from courses.logbook.finding import coached, own
from courses.logbook.pages import Reader, find_month, sign
from courses.notes.subjects import Subject
from courses.notes.writing import keep_note
from courses.sessions.models import Side
from institute.actors import Role
from institute.clock import frozen, now
from institute.errors import DomainError

FILE: Final = "logbook.toml"
READERS: Final = {
    Side.PARTICIPANT: Reader(own, Side.PARTICIPANT),
    Side.COACH: Reader(coached, Side.COACH),
}


def tell_logbook(told: HistoryTold) -> None:
    """Let both sides sign the months, and coaches keep the notes, that the file says, each at its time.

    Raises FolderError for what is not taken.
    """
    path = told.folder / FILE
    if not path.is_file():
        return
    table = read_table(path, folder=told.folder)
    for entry in table.tables("month"):
        _tell_month(entry, told)
    for entry in table.tables("note"):
        _tell_note(entry, told)
    table.finish()


def _tell_month(entry: Table, told: HistoryTold) -> None:
    who, month, by, at = (
        entry.text("participant"), entry.text("month"), entry.choice("by", Side), entry.instant("at"),
    )  # fmt: skip
    coach = entry.optional_text("coach")
    entry.finish()
    participant = as_role(known(entry, "participant", who, told.cast), Role.PARTICIPANT)
    if who not in told.begun or at > now():
        return
    actor = participant if coach is None else as_role(known(entry, "coach", coach, told.cast), Role.COACH)
    try:
        with frozen(at):
            enrolment_id = own_enrolment(participant).id
            reader = READERS[by]
            seen = find_month(enrolment_id, month, reader=reader, actor=actor).digest
            sign(enrolment_id, month, seen=seen, reader=reader, actor=actor)
    except DomainError as error:
        raise entry.wrong("month", error.text) from error


def _tell_note(entry: Table, told: HistoryTold) -> None:
    coach, who, text, at = (
        entry.text("coach"), entry.text("participant"), entry.text("text"), entry.instant("at"),
    )  # fmt: skip
    entry.finish()
    author = as_role(known(entry, "coach", coach, told.cast), Role.COACH)
    participant = as_role(known(entry, "participant", who, told.cast), Role.PARTICIPANT)
    if who not in told.begun or at > now():
        return
    with frozen(at):
        keep_note(Subject.ENROLMENT, own_enrolment(participant).id, text, actor=author)
