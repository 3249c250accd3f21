"""What differs between two versions of a log, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from courses.catalogue.durations import say_minutes
from courses.catalogue.models import Module, Segment, SegmentId
from courses.coaching.sheets import SessionFacts
from courses.coaching.terms import say_terms
from courses.sessions.wording import say_kind, say_mode, say_short_day, say_times
from institute.actors import InstituteId
from institute.db import db
from institute.i18n import gettext, pgettext

LISTED: Final = "·"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is said otherwise, in the language that is spoken; ``typed`` where it is somebody's own text."""

    what: str
    before: str
    after: str
    typed: bool = False


def differences(
    before: Mapping[str, Any], after: Mapping[str, Any], institute_id: InstituteId
) -> list[Change]:
    """Return what two recorded versions of an institute's log say differently.

    Nothing where one of them holds no facts.
    """
    if not before or not after:
        return []
    old, new = SessionFacts.read(before), SessionFacts.read(after)
    said = (
        (what, one, other, typed)
        for what, one, other, typed in _pairs(old, new, institute_id)
        if one != other
    )
    return [Change(what, one, other, typed) for what, one, other, typed in said]


def _pairs(
    old: SessionFacts, new: SessionFacts, institute_id: InstituteId
) -> Iterator[tuple[str, str, str, bool]]:
    if (old.start, old.end) != (new.start, new.end):
        yield gettext("When"), _when(old), _when(new), False
    yield gettext("Length"), say_minutes(old.minutes), say_minutes(new.minutes), False
    yield gettext("Break"), say_minutes(old.pause), say_minutes(new.pause), False
    yield gettext("How you met"), say_mode(old.mode), say_mode(new.mode), False
    yield gettext("Kind of session"), say_kind(old.kind), say_kind(new.kind), False
    if old.segment_id != new.segment_id:
        yield gettext("Segment"), _segment(old.segment_id), _segment(new.segment_id), False
    yield gettext("Worked on"), old.notes, new.notes, True
    yield gettext("Goals"), old.goals, new.goals, True
    yield gettext("Next steps"), old.next_steps, new.next_steps, True
    yield gettext("What the coach does next"), old.own_steps, new.own_steps, True
    yield gettext("Due"), _day(old), _day(new), False
    yield gettext("Why so long"), old.long_reason, new.long_reason, True
    if set(old.practices) != set(new.practices):  # a form sends them in its own order
        before, after = _terms(old.practices, institute_id), _terms(new.practices, institute_id)
        yield gettext("Practices"), before, after, True
    if old.funding != new.funding:
        before, after = _terms((old.funding,), institute_id), _terms((new.funding,), institute_id)
        yield gettext("Funding"), before, after, True


def _when(facts: SessionFacts) -> str:
    day, times = say_short_day(facts.day), say_times(facts.start, facts.end, facts.zone)
    return pgettext("day and times of a session", "%(day)s, %(times)s", day=day, times=times)


def _day(facts: SessionFacts) -> str:
    return say_short_day(facts.due) if facts.due else ""


def _segment(segment_id: SegmentId | None) -> str:
    row = db.session.execute(
        select(Module.number, Segment.number).join(Module).where(Segment.id == segment_id)
    ).one_or_none()
    if row is None:
        return ""
    return gettext("Module %(module)s, segment %(segment)s", module=row[0], segment=row[1])


def _terms(addresses: Iterable[str], institute_id: InstituteId) -> str:
    return f" {LISTED} ".join(say_terms(institute_id, filter(None, addresses)))
