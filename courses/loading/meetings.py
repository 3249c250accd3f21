"""The meetings of an institute's folder: ``meetings.toml``, what is held for whom, and who was there."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from courses.cohorts.models import Cohort
from courses.loading.tables import Table, UnknownNameError, read_table
from courses.meetings.attending import ListRow, save_list
from courses.meetings.audience import meeting_day
from courses.meetings.making import make_meetings
from courses.meetings.models import Audience, Meeting, MeetingId, MeetingKind, Presence
from courses.meetings.registering import enter
from courses.meetings.sheets import Sheet
from institute.actors import Actor, PersonId
from institute.clock import frozen, now
from institute.db import db, transaction
from institute.people.institutes import InstituteLoaded
from institute.people.models import Person

FILE: Final = "meetings.toml"
RECORDED_AFTER: Final = timedelta(hours=1)


def load_meetings(loaded: InstituteLoaded) -> None:
    """Make the meetings of a folder in an institute that has none yet. Raises FolderError for what cannot be used."""
    path = loaded.folder / FILE
    if not path.is_file():
        return
    table, actor = read_table(path, folder=loaded.folder), loaded.actor
    there = select(Meeting.id).where(Meeting.institute_id == actor.institute_id).limit(1)
    with transaction() as session:
        known = session.scalar(there) is not None
        for entry in table.tables("meeting"):
            _load(entry, actor, known=known)
        table.finish()


def _load(entry: Table, actor: Actor, *, known: bool) -> None:
    sheet = _sheet(entry, actor)
    registered = [_person(entry, "registered", key, actor) for key in entry.names("registered")]
    attended = entry.tables("attended")
    entry.finish()
    if known:
        return
    checked, made = make_meetings(sheet, actor=actor)
    for name, problem in checked.problems.items():
        raise entry.wrong(name, problem.text)
    meetings = [db.session.get_one(Meeting, meeting_id) for meeting_id in made]
    for meeting in meetings:
        for person_id in registered:
            enter(meeting, person_id, session=db.session(), actor=actor)
    on_day = {meeting_day(meeting): meeting for meeting in meetings}
    for row in attended:
        _record(row, on_day, actor)


def _sheet(entry: Table, actor: Actor) -> Sheet:
    cohort = entry.optional_text("cohort")
    return Sheet(
        kind=entry.choice("kind", MeetingKind),
        audience=entry.choice("audience", Audience),
        scope="institute" if cohort is None else f"cohort-{_cohort(entry, cohort, actor)}",
        title=entry.optional_text("title") or "",
        days=tuple(entry.names("days")),
        begins=entry.text("begins"),
        ends=entry.text("ends"),
        place=entry.optional_text("place") or "",
        link=entry.optional_text("link") or "",
        capacity=str(entry.number("capacity")) if entry.has("capacity") else "",
        description=entry.optional_text("description") or "",
        topics=tuple(entry.names("topics")),
        competencies=tuple(entry.names("competencies")),
    )


def _record(row: Table, on_day: dict[date, Meeting], actor: Actor) -> None:
    """Record who was there an hour after the end; what lies in the future is left out."""
    day, person_id = row.day("day"), _person(row, "person", row.text("person"), actor)
    late, early = row.number("late", 0), row.number("early", 0)
    row.finish()
    meeting = on_day.get(day)
    if meeting is None:
        raise UnknownNameError(file=row.file, key=row.key("day"), name=day.isoformat())
    at = meeting.ends + RECORDED_AFTER
    if at > now():
        return
    said = ListRow(Presence.PRESENT, str(late), str(early))
    with frozen(at):
        problems = save_list(MeetingId(meeting.id), {person_id: said}, actor=actor)
    for problem in problems.values():
        raise row.wrong("late", problem.text)


def _cohort(entry: Table, slug: str, actor: Actor) -> int:
    found = db.session.scalar(
        select(Cohort.id).where(Cohort.institute_id == actor.institute_id, Cohort.slug == slug)
    )
    if found is None:
        raise UnknownNameError(file=entry.file, key=entry.key("cohort"), name=slug)
    return found


def _person(entry: Table, name: str, key: str, actor: Actor) -> PersonId:
    found = db.session.scalar(
        select(Person.id).where(Person.institute_id == actor.institute_id, Person.key == key)
    )
    if found is None:
        raise UnknownNameError(file=entry.file, key=entry.key(name), name=key)
    return found
