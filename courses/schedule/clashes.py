"""What stands at the same time in somebody's calendar: told to who plans, decided by them."""

from __future__ import annotations

from courses.calendar.entries import Entry, Window, entries_of
from courses.cohorts.models import EnrolmentId
from courses.schedule.sheets import PlanFacts
from courses.sessions.wording import say_times
from institute.actors import Actor, PersonId
from institute.i18n import gettext


def clashes_of(
    facts: PlanFacts, people: dict[EnrolmentId, tuple[PersonId, str]], *, but: str, actor: Actor
) -> list[str]:
    """Return a sentence for each thing that meets the planned time; ``but`` is the uid of the session itself.

    Of the coach's own calendar it names the thing, of a participant's only the time: what it is, is theirs.
    """
    found = []
    if actor.person_id is not None:
        for entry in _meeting(facts, actor.person_id, but, actor):
            times = say_times(entry.starts, entry.ends, facts.zone)
            found.append(
                gettext("At that time you have %(title)s (%(times)s).", title=entry.title, times=times)
            )
    for enrolment_id in facts.enrolment_ids:
        person_id, name = people[enrolment_id]
        for entry in _meeting(facts, person_id, but, actor):
            times = say_times(entry.starts, entry.ends, facts.zone)
            found.append(gettext("%(name)s is not free at that time (%(times)s).", name=name, times=times))
    return found


def _meeting(facts: PlanFacts, person_id: PersonId, but: str, actor: Actor) -> list[Entry]:
    window = Window(actor.institute_id, person_id, facts.starts, facts.ends)
    return [
        entry
        for entry in entries_of(window)
        if not entry.cancelled
        and entry.uid != but
        and entry.starts < facts.ends
        and entry.ends > facts.starts
    ]
