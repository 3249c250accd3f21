"""The past of a sample: ``history.toml``, told through the use cases of the pages, each entry at its own time.

What a folder tells in further files, ``history-….toml``, is for the same people and comes after.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import select

from courses.catalogue.models import Module, Segment, SegmentId
from courses.coaching.answering import Objection, confirm_session, dispute_session
from courses.coaching.sheets import Sheet, check_sheet
from courses.coaching.terms import FUNDING, PRACTICES
from courses.coaching.writing import log_session
from courses.cohorts.enrolling import enrol
from courses.cohorts.models import Cohort, Enrolment, EnrolmentId, EnrolmentState
from courses.cohorts.ticking import StepAddress, remember_place, tick
from courses.loading.tables import Table, UnknownNameError, read_table
from courses.sessions.actions import open_actions
from courses.sessions.models import Kind, SessionLog, SessionLogId
from institute import events
from institute.actors import Actor, InstituteId, PersonId, Role
from institute.clock import frozen, now
from institute.db import db, transaction
from institute.errors import DomainError
from institute.i18n import lazy_gettext
from institute.people.models import Person

FILE: Final = "history.toml"
FURTHER: Final = "history-*.toml"
WRITTEN_AFTER: Final = timedelta(hours=1)
ANSWERED_AFTER: Final = timedelta(hours=20)
ANSWERS: Final = ("confirmed", "disputed")


@dataclass(frozen=True, slots=True)
class HistoryTold:
    """The past of people who have not begun is being told: each feature adds what is its own, in the same transaction.

    ``table`` is the file, in ``folder``, and ``further`` those that go on with it. ``begun`` holds those who get a
    past, and ``cast`` everybody by key, as actors in the cohort.
    """

    table: Table
    begun: frozenset[str]
    cast: Mapping[str, Actor]
    folder: Path
    further: tuple[Table, ...] = ()

    def tables(self, key: str) -> list[Table]:
        """Return what all files tell under a key, in order."""
        return [entry for part in (self.table, *self.further) for entry in part.tables(key)]

    def flag(self, key: str) -> bool:
        """Tell whether one of the files sets a flag."""
        # Each file is asked: what nobody reads is refused as unknown.
        return True in [part.flag(key) for part in (self.table, *self.further)]


def tell_history(folder: Path, institute_id: InstituteId) -> None:
    """Give the people of a sample the past that its ``history.toml`` tells; those who have begun keep their own.

    Raises FolderError for what cannot be used, and the refusals of the use cases.
    """
    path = folder / FILE
    if not path.is_file():
        return
    table = read_table(path, folder=folder)
    with transaction():
        cohort = _cohort(table, institute_id)
        cast = _cast(cohort)
        enrolments = _begin(table, cohort, cast)
        if not enrolments:
            return
        for entry in table.tables("steps"):
            _tell_steps(entry, cohort, enrolments, cast)
        for entry in table.tables("session"):
            _tell_session(entry, cohort, enrolments, cast)
        further = tuple(read_table(more, folder=folder) for more in sorted(folder.glob(FURTHER)))
        events.publish(HistoryTold(table, frozenset(enrolments), cast, folder, further))
        for part in (table, *further):
            part.finish()


def as_role(actor: Actor, role: Role) -> Actor:
    """Return the actor of a cast in one role."""
    return Actor(
        institute_id=actor.institute_id,
        person_id=actor.person_id,
        roles=frozenset({role}),
        place=actor.place,
    )


def known(entry: Table, name: str, key: str, cast: Mapping[str, Actor]) -> Actor:
    """Return whoever an entry names by key. Raises WrongValueError."""
    if key not in cast:
        raise entry.wrong(name, lazy_gettext("the key of a person of the institute"))
    return cast[key]


def _cohort(table: Table, institute_id: InstituteId) -> Cohort:
    slug = table.slug("cohort")
    found = db.session.scalar(select(Cohort).where(Cohort.institute_id == institute_id, Cohort.slug == slug))
    if found is None:
        raise UnknownNameError(file=table.file, key=table.key("cohort"), name=slug)
    return found


def _cast(cohort: Cohort) -> dict[str, Actor]:
    people = db.session.execute(
        select(Person.key, Person.id).where(
            Person.institute_id == cohort.institute_id, Person.key.is_not(None)
        )
    )
    return {
        str(key): Actor(institute_id=cohort.institute_id, person_id=PersonId(person_id), place=cohort.id)
        for key, person_id in people
    }


def _begin(table: Table, cohort: Cohort, cast: Mapping[str, Actor]) -> dict[str, EnrolmentId]:
    """Enrol those who are only invited yet, on the first day; return the enrolments by their people's keys."""
    begun: dict[str, EnrolmentId] = {}
    for key in table.names("participants"):
        person_id = known(table, "participants", key, cast).person_id
        state = db.session.scalar(
            select(Enrolment.state).where(Enrolment.cohort_id == cohort.id, Enrolment.person_id == person_id)
        )
        if person_id is not None and state is EnrolmentState.INVITED:
            system = Actor(institute_id=cohort.institute_id, person_id=None)
            begun[key] = enrol(cohort.id, person_id, actor=system)
    return begun


def _tell_steps(
    entry: Table, cohort: Cohort, enrolments: Mapping[str, EnrolmentId], cast: Mapping[str, Actor]
) -> None:
    key, at, keys = entry.text("participant"), entry.instant("at"), entry.names("keys")
    segment_id, module, segment = segment_named(entry, cohort)
    actor = as_role(known(entry, "participant", key, cast), Role.PARTICIPANT)
    entry.finish()
    if key not in enrolments or at > now():
        return
    with frozen(at):
        remember_place(enrolments[key], segment_id, actor=actor)
        for step in keys:
            tick(enrolments[key], StepAddress(module, segment, step), actor=actor)


def _tell_session(
    entry: Table, cohort: Cohort, enrolments: Mapping[str, EnrolmentId], cast: Mapping[str, Actor]
) -> None:
    key = entry.text("participant")
    participant = as_role(known(entry, "participant", key, cast), Role.PARTICIPANT)
    coach = as_role(known(entry, "coach", entry.text("coach"), cast), Role.COACH)
    sheet, carries = _sheet(entry, cohort), entry.flag("carries")
    answer, objection = _answer(entry)
    entry.finish()
    checked = check_sheet(sheet, zone=cohort.timezone)
    _refuse(entry, {**checked.problems, **(objection.problems() if answer == "disputed" else {})})
    if checked.facts is None:
        return
    ended = checked.facts.end
    if key not in enrolments or ended + ANSWERED_AFTER > now():
        return
    with frozen(ended + WRITTEN_AFTER):
        if not carries:
            sheet = replace(sheet, done=_still_open(enrolments[key], cohort))
        written = log_session(enrolments[key], sheet, send=True, actor=coach)
    _refuse(entry, written.checked.problems)
    if written.log_id is not None:
        with frozen(ended + ANSWERED_AFTER):
            _give_answer(written.log_id, answer, objection, participant)


def _refuse(entry: Table, problems: Mapping[str, DomainError]) -> None:
    for field, problem in problems.items():
        raise entry.wrong(field, problem.text)


def _still_open(enrolment_id: EnrolmentId, cohort: Cohort) -> str:
    """Return what was agreed on before, as a sheet ticks it: in a sample it was done, unless a log ``carries`` it."""
    return " ".join(str(line.id) for line in open_actions(enrolment_id, institute_id=cohort.institute_id))


def _sheet(entry: Table, cohort: Cohort) -> Sheet:
    return Sheet(
        day=entry.text("day"),
        begins=entry.text("begins"),
        ends=entry.text("ends"),
        mode=entry.text("mode"),
        kind=entry.text("kind", Kind.ONE_TO_ONE),
        segment=str(segment_named(entry, cohort)[0]) if entry.has("module") else "",
        notes=entry.text("notes"),
        next_steps=entry.prose("next_steps"),
        own_steps=entry.optional_text("own_steps") or "",
        due=entry.optional_text("due") or "",
        goals=entry.optional_text("goals") or "",
        practices=" ".join(f"{PRACTICES}/{name}" for name in entry.names("practices"))
        if entry.has("practices")
        else "",
        funding=f"{FUNDING}/{entry.text('funding')}" if entry.has("funding") else "",
    )


def segment_named(entry: Table, cohort: Cohort) -> tuple[SegmentId, str, str]:
    """Return the segment that an entry names, with the two slugs of its name."""
    module, segment = entry.slug("module"), entry.slug("segment")
    found = db.session.scalar(
        select(Segment.id)
        .join(Module, Module.id == Segment.module_id)
        .where(Module.version_id == cohort.version_id, Module.slug == module, Segment.slug == segment)
    )
    if found is None:
        raise UnknownNameError(file=entry.file, key=entry.key("segment"), name=f"{module}/{segment}")
    return found, module, segment


def _answer(entry: Table) -> tuple[str | None, Objection]:
    answer = entry.optional_text("answer")
    if answer is not None and answer not in ANSWERS:
        raise entry.wrong("answer", ", ".join(ANSWERS))
    if answer != "disputed":
        return answer, Objection()
    return answer, Objection(entry.text("difference"), entry.text("reason"))


def _give_answer(log_id: SessionLogId, answer: str | None, objection: Objection, participant: Actor) -> None:
    version = db.session.get_one(SessionLog, log_id).version
    if answer == "confirmed":
        confirm_session(log_id, version=version, actor=participant)
    elif answer == "disputed":
        dispute_session(log_id, objection, version=version, actor=participant)
