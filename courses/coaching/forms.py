"""The form of a log: filled in from the next segment's plan and the last session, with what sending it changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from courses.catalogue.outlines import Outline
from courses.catalogue.queries import load_outline
from courses.coaching.board import coach_log_page
from courses.coaching.cases import Case, find_case
from courses.coaching.effects import Effect, effect_of
from courses.coaching.errors import SessionClosedError
from courses.coaching.filling import agenda_of, foresee, last_logs, plan_of
from courses.coaching.histories import HistoryLine, objections_to
from courses.coaching.queries import LogLine
from courses.coaching.reading import number_in
from courses.coaching.sheets import Checked, SessionFacts, Sheet, sheet_of
from courses.coaching.storing import facts_of
from courses.coaching.terms import FUNDING, PRACTICES, term_choices
from courses.coaching.writing import check_session
from courses.cohorts.models import CohortId, EnrolmentId
from courses.schedule.models import PlannedSessionId
from courses.schedule.queries import Planned, find_planned, planned_for
from courses.sessions.actions import ActionLine, open_actions
from courses.sessions.goals import goals_of
from courses.sessions.models import SessionLog, SessionLogId, SessionRevision, SessionState
from courses.sessions.wording import say_session_state
from institute.actors import Actor
from institute.clock import now
from institute.db import db
from institute.i18n import Localised
from institute.people.models import Person
from institute.people.naming import name_or_number

WHEN: Final = ("day", "begins", "ends", "begins_side", "ends_side", "pause", "long_reason", "kind")


LATELY: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Choice:
    """A segment to choose."""

    id: int
    module_number: int
    number: int
    title: Localised


@dataclass(frozen=True, slots=True)
class Offered:
    """What the fields of a log offer beside what was typed.

    ``agenda`` and ``goals`` are lines to tick, ``practices`` and ``funding`` (address, text), ``actions`` what is still
    to do.
    """

    segments: tuple[Choice, ...]
    agenda: list[str]
    goals: list[str]
    practices: list[tuple[str, str]]
    funding: list[tuple[str, str]]
    actions: tuple[ActionLine, ...] = ()


@dataclass(frozen=True, slots=True)
class LogForm:
    """The form of one log. ``saved`` is the log that it changes, None for a new one.

    ``foreseen`` is what came of a sheet that nobody typed yet: its problems are told, not marked as mistakes.
    ``version`` is what the next sending changes; ``stale`` tells that the log became another while it was edited.
    ``planned_id`` names the planned session that it is about.
    """

    enrolment_id: EnrolmentId
    participant_name: str
    zone: str
    checked: Checked
    offered: Offered
    effect: Effect | None
    saved: LogLine | None = None
    version: int = 0
    stale: bool = False
    filled_in_from: int | None = None
    objection: HistoryLine | None = None
    foreseen: Checked | None = None
    planned_id: int | None = None

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


def new_form(enrolment_id: EnrolmentId, *, actor: Actor, planned_id: int | None = None) -> LogForm:
    """Return the form of a new log, filled in as far as can be foreseen. Raises NotFoundError."""
    case = find_case(enrolment_id, actor=actor, session=db.session())
    outline = load_outline(case.institute_id, case.version_id)
    planned = planned_with(planned_id, enrolment_id, actor=actor) or _planned_lately(case)
    before = foresee(case, outline, planned)
    sheet = before.sheet
    checked = check_session(enrolment_id, sheet, actor=actor)
    form = _form(case, outline, Checked(sheet, checked.facts))
    return replace(
        form,
        filled_in_from=before.segment.number if before.segment else None,
        foreseen=checked if sheet.begins and sheet.ends else None,
        planned_id=planned.id if planned else None,
    )


def written_form(
    enrolment_id: EnrolmentId, checked: Checked, *, actor: Actor, planned_id: int | None = None
) -> LogForm:
    """Return the form of a new log as it was typed, with what has to be mended. Raises NotFoundError."""
    case = find_case(enrolment_id, actor=actor, session=db.session())
    outline = load_outline(case.institute_id, case.version_id)
    return replace(_form(case, outline, checked), planned_id=planned_id)


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
    facts = replace(
        drafted_facts(log_id), zone=case.zone
    )  # what the form shows is read on the cohort's clock
    form = _form(case, outline, checked or Checked(sheet_of(facts), facts), but=log_id)
    objection = objections_to([log_id]).get(log_id) if log.state is SessionState.DISPUTED else None
    return replace(form, saved=log, version=log.version, stale=stale, objection=objection)


def looked_at_form(log_id: SessionLogId, sheet: Sheet, *, version: int, actor: Actor) -> LogForm:
    """Return the form of a log as it was typed, with what sending it would change. Raises as ``revision_form``.

    It stays a form of the ``version`` that it was made from: looking tells nobody what changed meanwhile.
    """
    log = coach_log_page(log_id, actor=actor).log
    checked = check_session(log.enrolment_id, sheet, actor=actor, log_id=log_id)
    return replace(revision_form(log_id, actor=actor, checked=checked), version=version)


def planned_with(planned_id: int | None, enrolment_id: EnrolmentId, *, actor: Actor) -> Planned | None:
    """Return a planned session of the actor's with somebody; None where there is none, or it was logged already."""
    found = None if planned_id is None else find_planned(PlannedSessionId(planned_id), actor=actor)
    if found is None or found.coach_id != actor.person_id:
        return None
    members = {member.enrolment_id: member for member in found.members}
    member = members.get(enrolment_id)
    return found if member is not None and member.log_id is None else None


def cohort_of_planned_group(planned_id: int | None, *, actor: Actor) -> CohortId | None:
    """Return the cohort of a planned session of the actor's that several take part in, None for any other."""
    found = None if planned_id is None else find_planned(PlannedSessionId(planned_id), actor=actor)
    return found.cohort_id if found is not None and len(found.members) > 1 else None


def _planned_lately(case: Case) -> Planned | None:
    """Return the planned session that ended last and that nobody logged yet, of the last days."""
    at = now()
    found = planned_for(case.enrolment_id, institute_id=case.institute_id, since=at - LATELY, until=at)
    waiting = [
        one
        for one in found
        if one.coach_id == case.coach_id
        and one.ends <= at
        and any(member.enrolment_id == case.enrolment_id and member.log_id is None for member in one.members)
    ]
    return max(waiting, key=lambda one: one.ends, default=None)


def drafted_facts(log_id: SessionLogId) -> SessionFacts:
    """Return what a log says; which actions a draft ticked is in its last revision alone."""
    log = db.session.get_one(SessionLog, log_id)
    revised = db.session.scalar(
        select(SessionRevision.facts).where(
            SessionRevision.log_id == log_id, SessionRevision.version == log.version
        )
    )
    return replace(facts_of(log), done=tuple((revised or {}).get("done", ())))


def offered_to(
    case: Case, outline: Outline, sheet: Sheet, *, but: SessionLogId | None = None, with_actions: bool = True
) -> Offered:
    """Return what the fields of a log of this case offer; ``but`` is the log that is being written."""
    chosen = number_in(sheet.segment, 9)
    segment = next((one for _, one in outline.segments() if one.id == chosen), None)
    terms = term_choices(case.institute_id)
    actions = open_actions(case.enrolment_id, institute_id=case.institute_id, but=but) if with_actions else []
    goals = goals_of(case.enrolment_id, case.institute_id) if with_actions else []
    last = last_logs(case, most=1) if with_actions else []
    goals += [goal for log in last for goal in log.goals.splitlines() if goal and goal not in goals]
    return Offered(
        segments=tuple(
            Choice(one.id, module.number, one.number, one.title) for module, one in outline.segments()
        ),
        agenda=agenda_of(plan_of(segment)),
        goals=goals,
        practices=terms[PRACTICES],
        funding=terms[FUNDING],
        actions=tuple(actions),
    )


def _form(case: Case, outline: Outline, checked: Checked, *, but: SessionLogId | None = None) -> LogForm:
    return LogForm(
        enrolment_id=case.enrolment_id,
        participant_name=name_or_number(
            db.session.get_one(Person, case.participant_id).name, case.participant_id
        ),
        zone=case.zone,
        checked=checked,
        offered=offered_to(case, outline, checked.sheet, but=but),
        effect=effect_of(case, checked.facts, but=but) if checked.facts else None,
    )
