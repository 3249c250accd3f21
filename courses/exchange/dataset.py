"""The data set: a row for each session that was sent, numbers instead of names, each column described here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from courses.exchange.records import SessionRecord, session_records
from courses.sessions.models import SessionState
from institute.actors import InstituteId
from institute.spreadsheets import Cell

AGREED: Final = frozenset({SessionState.CONFIRMED, SessionState.LOCKED})


@dataclass(frozen=True, slots=True)
class OutColumn:
    """A column of what is taken out: its name, what kind of value it holds, what that says, and where it is from."""

    name: str
    kind: str
    words: str
    value: Callable[[SessionRecord], Cell]


def _day(day: date) -> str:
    return day.isoformat()


def _instant(instant: datetime) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"


def _days(since: datetime, until: datetime) -> int:
    return max(0, (until - since).days)


def _confirmed_after(one: SessionRecord) -> int | None:
    sent, confirmed = one.log.submitted_at, one.log.confirmed_at
    if one.log.state not in AGREED or sent is None or confirmed is None:
        return None
    return _days(sent, confirmed)


def _yes(value: bool) -> str:
    return "yes" if value else "no"


DATASET: Final = (
    OutColumn(
        "session",
        "number",
        "The session's number. It stays the same in every data set.",
        lambda one: one.log.id,
    ),
    OutColumn(
        "group_session",
        "number, empty",
        "The number of the group session that this row belongs to: each member has a row.",
        lambda one: one.log.group_id,
    ),
    OutColumn(
        "participant",
        "number",
        "The participant's enrolment. One person in two cohorts has two.",
        lambda one: one.study.enrolment_id,
    ),
    OutColumn("coach", "number", "The coach.", lambda one: one.log.coach_id),
    OutColumn("cohort", "short name", "The participant's cohort.", lambda one: one.study.cohort),
    OutColumn("programme", "short name", "The programme of the cohort.", lambda one: one.study.programme),
    OutColumn(
        "programme_version",
        "number",
        "The version of the programme that the participant studies.",
        lambda one: one.study.version,
    ),
    OutColumn(
        "segment", "module/segment, empty", "The segment that the session was about.", lambda one: one.segment
    ),
    OutColumn(
        "day",
        "YYYY-MM-DD",
        "The day on which it began, on the clock of `zone`.",
        lambda one: _day(one.log.local_day),
    ),
    OutColumn(
        "month",
        "YYYY-MM",
        "The month to which its minutes belong: that of `day`.",
        lambda one: f"{one.log.month:%Y-%m}",
    ),
    OutColumn("begins", "HH:MM", "When it began, on the clock of `zone`.", lambda one: f"{one.begins:%H:%M}"),
    OutColumn(
        "ends",
        "HH:MM",
        "When it ended, on the clock of `zone`; earlier than `begins` where it went past midnight.",
        lambda one: f"{one.ends:%H:%M}",
    ),
    OutColumn(
        "zone",
        "IANA name",
        "The time zone of the cohort, such as America/Los_Angeles.",
        lambda one: one.log.zone,
    ),
    OutColumn(
        "begins_utc",
        "YYYY-MM-DDTHH:MM:SSZ",
        "The instant at which it began.",
        lambda one: _instant(one.log.start_utc),
    ),
    OutColumn("break_minutes", "minutes", "What of it was no coaching.", lambda one: one.log.break_minutes),
    OutColumn(
        "minutes",
        "minutes",
        "What this participant attended, without the break. Never rounded.",
        lambda one: one.log.minutes,
    ),
    OutColumn(
        "counted_minutes",
        "minutes",
        "What of `minutes` counts now: confirmed by both, of a kind that counts, within the programme's limits.",
        lambda one: one.explained.counted,
    ),
    OutColumn(
        "waiting_minutes",
        "minutes",
        "What would count once the session is confirmed.",
        lambda one: one.explained.waiting,
    ),
    OutColumn(
        "not_counted_because",
        "words with spaces between",
        "Why the rest does not count: `waiting`, `disputed`, `kind-does-not-count`, `limit-reached`.",
        lambda one: " ".join(reason.why for reason in one.explained.reasons),
    ),
    OutColumn(
        "state",
        "word",
        "`submitted` (waits for an answer), `disputed`, `confirmed`, `locked` (confirmed a week ago).",
        lambda one: one.log.state,
    ),
    OutColumn("mode", "word", "`in_person`, `video`, `phone`, `asynchronous`.", lambda one: one.log.mode),
    OutColumn(
        "kind",
        "word",
        "`one_to_one`, `group`, `observation`, `job_shadow`, `mentoring`, `supervision`, `contact`.",
        lambda one: one.log.kind,
    ),
    OutColumn(
        "practices",
        "terms with spaces between",
        "What was practised, as terms of the institute's vocabulary.",
        lambda one: " ".join(one.log.practices),
    ),
    OutColumn(
        "funding",
        "term, empty",
        "Who pays, as a term of the institute's vocabulary.",
        lambda one: one.log.funding,
    ),
    OutColumn(
        "has_goals",
        "yes or no",
        "Whether the log names goals. What they say stays in the log.",
        lambda one: _yes(bool(one.log.goals)),
    ),
    OutColumn("actions_agreed", "number", "How many actions the session agreed on.", lambda one: one.agreed),
    OutColumn("actions_done", "number", "How many of them are done by now.", lambda one: one.done),
    OutColumn(
        "logged_after_days",
        "days",
        "How many days after the session it was first sent or drafted.",
        lambda one: _days(one.log.end_utc, one.log.created_at),
    ),
    OutColumn(
        "confirmed_after_days",
        "days, empty",
        "How many days after it was sent the other side confirmed it.",
        _confirmed_after,
    ),
    OutColumn(
        "version",
        "number",
        "How often the log was written: 1 where nothing was changed or answered since.",
        lambda one: one.log.version,
    ),
    OutColumn(
        "amended",
        "yes or no",
        "Whether both sides changed it after they had confirmed it.",
        lambda one: _yes(one.log.amendment_id is not None),
    ),
    OutColumn(
        "imported",
        "yes or no",
        "Whether it came from a file, attested by who brought it in.",
        lambda one: _yes(one.log.imported_by is not None),
    ),
    OutColumn(
        "recipient_type",
        "word, empty",
        "Whom the coaching reached on that day: `lead_teacher`, `assistant`, `home_based`, `site_leader`, `other`.",
        lambda one: one.recipient.type if one.recipient else "",
    ),
    OutColumn(
        "setting",
        "word, empty",
        "Where they worked then: `centre`, `family_home`, `school`, `agency`, `other`.",
        lambda one: one.recipient.setting if one.recipient else "",
    ),
    OutColumn(
        "need",
        "word, empty",
        "How much coaching they needed then: `standard`, `raised`, `intensive`.",
        lambda one: one.recipient.need if one.recipient else "",
    ),
    OutColumn(
        "language",
        "language tag, empty",
        "The language that they were coached in then, such as `es`.",
        lambda one: one.recipient.language if one.recipient else "",
    ),
    OutColumn("site", "key, empty", "The site where they worked then.", lambda one: one.where.site),
    OutColumn("region", "key, empty", "The region above the site.", lambda one: one.where.region),
    OutColumn(
        "coach_languages",
        "language tags with spaces between",
        "The languages that the coach speaks, as recorded today.",
        lambda one: " ".join(one.profile.languages) if one.profile else "",
    ),
    OutColumn(
        "coach_specialties",
        "terms with spaces between",
        "What the coach is expert in, as terms of the institute's vocabulary, as recorded today.",
        lambda one: " ".join(one.profile.specialties) if one.profile else "",
    ),
)


def dataset_rows(institute_id: InstituteId) -> Iterator[list[Cell]]:
    """Yield the rows of the data set, read while they are sent."""
    for record in session_records(institute_id):
        yield [column.value(record) for column in DATASET]


def describe_dataset() -> str:
    """Return the lines of the table that describes the data set, for its documentation."""
    lines = ["| column | holds | says |", "|---|---|---|"]
    lines += [f"| `{column.name}` | {column.kind} | {column.words} |" for column in DATASET]
    return "\n".join(lines)
