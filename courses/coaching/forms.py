"""The form of a log: filled in from the next segment's plan and the last session, with what sending it changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from courses.catalogue.details import Plan
from courses.catalogue.models import Segment
from courses.catalogue.outlines import Outline, SegmentLine
from courses.catalogue.queries import load_outline, load_segment
from courses.coaching.board import coach_log_page
from courses.coaching.errors import SessionClosedError
from courses.coaching.hindrances import Case, find_case
from courses.coaching.histories import HistoryLine, objections_to
from courses.coaching.models import Kind, Mode, SessionLog, SessionLogId, SessionState
from courses.coaching.months import month_of
from courses.coaching.policies import policy_of
from courses.coaching.queries import LogLine, hours_of
from courses.coaching.sheets import Checked, SessionFacts, Sheet, sheet_of
from courses.coaching.wording import say_session_state
from courses.coaching.writing import check_session
from courses.cohorts.models import Enrolment, EnrolmentId
from courses.cohorts.queries import done_steps
from institute.actors import Actor
from institute.clock import now
from institute.db import db
from institute.i18n import Localised
from institute.people.models import Person
from institute.people.naming import name_or_number

QUARTER: Final = 15
WHEN: Final = ("day", "begins", "ends", "begins_side", "ends_side", "pause", "long_reason")


@dataclass(frozen=True, slots=True)
class Effect:
    """What a log changes once it is confirmed, in minutes of the month in which the session began."""

    minutes: int
    counts: bool
    month: datetime
    before: int
    after: int
    missing: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A segment to choose."""

    id: int
    module_number: int
    number: int
    title: Localised


@dataclass(frozen=True, slots=True)
class LogForm:
    """The form of one log. ``saved`` is the log that it changes, None for a new one.

    ``foreseen`` is what came of a sheet that nobody typed yet: its problems are told, not marked as mistakes.
    ``version`` is what the next sending changes; ``stale`` tells that the log became another while it was edited.
    """

    enrolment_id: EnrolmentId
    participant_name: str
    zone: str
    checked: Checked
    segments: tuple[Choice, ...]
    agreed: str
    effect: Effect | None
    saved: LogLine | None = None
    version: int = 0
    stale: bool = False
    filled_in_from: int | None = None
    objection: HistoryLine | None = None
    foreseen: Checked | None = None

    @property
    def summary(self) -> list[tuple[str, str]]:
        """What has to be mended, as (field, sentence)."""
        return [(name, problem.text) for name, problem in self.checked.problems.items()]

    @property
    def obstacle(self) -> str:
        """What stands in the way of the times, in one sentence; empty where nothing does."""
        problems = (self.foreseen or self.checked).problems
        return next((problems[name].text for name in WHEN if name in problems), "")

    @property
    def is_draft(self) -> bool:
        """Whether it can be kept as a draft."""
        return self.saved is None or self.saved.state is SessionState.DRAFT


def new_form(enrolment_id: EnrolmentId, *, actor: Actor) -> LogForm:
    """Return the form of a new log, filled in as far as can be foreseen. Raises NotFoundError."""
    case = find_case(enrolment_id, actor=actor, session=db.session())
    outline = load_outline(case.institute_id, case.version_id)
    segment = _next_segment(case, outline)
    plan = load_segment(segment.id).plan if segment else None
    last = _last_log(case)
    sheet = _fill_in(case, segment, plan, last)
    checked = check_session(enrolment_id, sheet, actor=actor)
    form = _form(case, outline, Checked(sheet, checked.facts), last)
    return replace(
        form,
        filled_in_from=segment.number if segment else None,
        foreseen=checked if sheet.begins and sheet.ends else None,
    )


def written_form(enrolment_id: EnrolmentId, checked: Checked, *, actor: Actor) -> LogForm:
    """Return the form of a new log as it was typed, with what has to be mended. Raises NotFoundError."""
    case = find_case(enrolment_id, actor=actor, session=db.session())
    outline = load_outline(case.institute_id, case.version_id)
    return _form(case, outline, checked, _last_log(case))


def revision_form(
    log_id: SessionLogId, *, actor: Actor, checked: Checked | None = None, stale: bool = False
) -> LogForm:
    """Return the form of a log that exists, as it is or as it was typed.

    Raises NotFoundError, SessionClosedError if it cannot be changed any more.
    """
    page = coach_log_page(log_id, actor=actor)
    log = page.log
    if not page.may_revise:
        raise SessionClosedError(state=say_session_state(log.state))
    case = find_case(log.enrolment_id, actor=actor, session=db.session())
    outline = load_outline(case.institute_id, case.version_id)
    facts = replace(_facts_of(log_id), zone=case.zone)  # what the form shows is read on the cohort's clock
    form = _form(case, outline, checked or Checked(sheet_of(facts), facts), _last_log(case, before=log))
    objection = objections_to([log_id]).get(log_id) if log.state is SessionState.DISPUTED else None
    return replace(form, saved=log, version=log.version, stale=stale, objection=objection)


def looked_at_form(log_id: SessionLogId, sheet: Sheet, *, version: int, actor: Actor) -> LogForm:
    """Return the form of a log as it was typed, with what sending it would change. Raises as ``revision_form``.

    It stays a form of the ``version`` that it was made from: looking tells nobody what changed meanwhile.
    """
    log = coach_log_page(log_id, actor=actor).log
    checked = check_session(log.enrolment_id, sheet, actor=actor, log_id=log_id)
    return replace(revision_form(log_id, actor=actor, checked=checked), version=version)


def _form(case: Case, outline: Outline, checked: Checked, last: SessionLog | None) -> LogForm:
    return LogForm(
        enrolment_id=case.enrolment_id,
        participant_name=name_or_number(
            db.session.get_one(Person, case.participant_id).name, case.participant_id
        ),
        zone=case.zone,
        checked=checked,
        segments=tuple(
            Choice(segment.id, module.number, segment.number, segment.title)
            for module, segment in outline.segments()
        ),
        agreed=last.next_steps if last else "",
        effect=_effect(case, checked.facts),
    )


def _effect(case: Case, facts: SessionFacts | None) -> Effect | None:
    if facts is None:
        return None
    counts = policy_of(case.programme_id).counts(facts.kind, facts.mode)
    hours = hours_of(case.enrolment_id)
    month = month_of(facts.day)
    before = sum(
        figure.counted for figure in hours.months if (figure.year, figure.month) == (month.year, month.month)
    )
    after = before + facts.minutes if counts else before
    return Effect(
        minutes=facts.minutes,
        counts=counts,
        month=datetime(month.year, month.month, 1, 12, tzinfo=ZoneInfo(case.zone)),
        before=before,
        after=after,
        missing=max(0, hours.minimum - after),
    )


def _facts_of(log_id: SessionLogId) -> SessionFacts:
    log = db.session.get_one(SessionLog, log_id)
    return SessionFacts(
        start=log.start_utc,
        end=log.end_utc,
        zone=log.zone,
        day=log.local_day,
        pause=log.break_minutes,
        minutes=log.minutes,
        mode=log.mode,
        kind=log.kind,
        segment_id=log.segment_id,
        notes=log.notes,
        next_steps=log.next_steps,
        long_reason=log.long_reason,
    )


def _last_log(case: Case, before: LogLine | None = None) -> SessionLog | None:
    query = select(SessionLog).where(
        SessionLog.enrolment_id == case.enrolment_id,
        SessionLog.coach_id == case.coach_id,
        SessionLog.state != SessionState.VOIDED,
    )
    if before is not None:
        query = query.where(SessionLog.start_utc < before.start)
    return db.session.scalars(query.order_by(SessionLog.start_utc.desc()).limit(1)).first()


def _next_segment(case: Case, outline: Outline) -> SegmentLine | None:
    """Return the segment that the participant is in: the one last opened if steps are open there, else the first."""
    done = done_steps(case.enrolment_id)
    open_ones = [segment for _, segment in outline.segments() if not done.issuperset(segment.steps)]
    here = db.session.scalar(
        select(Segment.part_id)
        .join(Enrolment, Enrolment.last_segment_id == Segment.id)
        .where(Enrolment.id == case.enrolment_id)
    )
    visited = [segment for segment in open_ones if segment.part_id == here]
    return next(iter(visited or open_ones), None)


def _fill_in(case: Case, segment: SegmentLine | None, plan: Plan | None, last: SessionLog | None) -> Sheet:
    """Return a sheet for a session that has just ended, as long as planned, held as the last one."""
    here = now().astimezone(ZoneInfo(case.zone)).replace(second=0, microsecond=0, tzinfo=None)
    ends = here - timedelta(minutes=here.minute % QUARTER)
    planned = plan.minutes.most if plan else 0
    begins = ends - timedelta(minutes=planned or case.usual)
    same_day = begins.date() == here.date()
    return Sheet(
        day=here.date().isoformat(),
        begins=f"{begins:%H:%M}" if same_day else "",
        ends=f"{ends:%H:%M}" if same_day else "",
        mode=last.mode if last else Mode.IN_PERSON,
        kind=Kind.ONE_TO_ONE,
        segment=str(segment.id) if segment else "",
        notes="\n".join(str(step) for step in plan.steps) if plan else "",
    )
