"""The form of a group session, and the page of one that was logged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select

from courses.catalogue.queries import load_outline
from courses.coaching.actions import coached_by
from courses.coaching.cases import find_case
from courses.coaching.filling import foresee
from courses.coaching.forms import Offered, drafted_facts, offered_to, planned_with
from courses.coaching.groups_checking import MOST_READ, GroupChecked, GroupSheet, check_group
from courses.coaching.groups_writing import own_group, standing_logs
from courses.coaching.reading import number_in
from courses.coaching.sheets import ID_DIGITS, Checked, sheet_of
from courses.cohorts.assigning import local_day
from courses.cohorts.models import Cohort, CohortId, Enrolment, EnrolmentId, EnrolmentState
from courses.sessions.models import Kind, SessionGroup, SessionGroupId, SessionLog, SessionLogId, SessionState
from courses.sessions.states import OPEN
from institute.actors import Actor
from institute.db import db
from institute.errors import DomainError, NotFoundError
from institute.i18n import Localised
from institute.people.models import Person
from institute.people.naming import name_or_number


@dataclass(frozen=True, slots=True)
class MemberField:
    """Somebody whom the form offers as a member: whether they took part, and the minutes as typed."""

    enrolment_id: EnrolmentId
    name: str
    chosen: bool
    attended: str
    problem: str = ""
    log_id: SessionLogId | None = None
    state: SessionState | None = None

    @property
    def settled(self) -> bool:
        """Whether they confirmed: then their part stays as it is."""
        return self.state is not None and self.state not in OPEN


@dataclass(frozen=True, slots=True)
class GroupForm:
    """The form of a group session; ``group_id`` is the one that it changes, None for a new one.

    ``versions`` are those of the logs that it was made from.
    """

    cohort_id: CohortId
    cohort_name: Localised
    zone: str
    title: str
    checked: Checked
    offered: Offered
    members: tuple[MemberField, ...]
    group_id: SessionGroupId | None = None
    versions: str = ""
    stale: bool = False
    planned_id: int | None = None

    @property
    def summary(self) -> list[tuple[str, str]]:
        """What has to be mended, as (field, sentence)."""
        shared = [(name, problem.text) for name, problem in self.checked.problems.items()]
        return shared + [
            (f"member-{member.enrolment_id}", f"{member.name}: {member.problem}")
            for member in self.members
            if member.problem
        ]

    @property
    def minutes(self) -> int | None:
        """The length of the session, None while it is not known."""
        return self.checked.facts.length if self.checked.facts else None


def coached_cohorts(actor: Actor) -> list[Cohort]:
    """Return the cohorts in which the actor coaches somebody today, the open one alone where one is open."""
    query = (
        select(Cohort)
        .where(
            Cohort.institute_id == actor.institute_id,
            select(Enrolment.id)
            .where(Enrolment.cohort_id == Cohort.id, coached_by(actor.person_id, local_day("UTC")))
            .exists(),
        )
        .order_by(Cohort.starts.desc(), Cohort.id)
    )
    if actor.place is not None:
        query = query.where(Cohort.id == actor.place)
    return list(db.session.scalars(query))


def find_cohort(cohort_id: CohortId, *, actor: Actor) -> Cohort:
    """Return a cohort in which the actor coaches somebody today. Raises NotFoundError."""
    found = next((cohort for cohort in coached_cohorts(actor) if cohort.id == cohort_id), None)
    if found is None:
        raise NotFoundError
    return found


def new_group_form(cohort: Cohort, *, actor: Actor, planned_id: int | None = None) -> GroupForm:
    """Return the form of a new group session, with those who were planned or were in the last one."""
    people = _people(cohort, actor)
    case = find_case(next(iter(people)), actor=actor, session=db.session())
    outline = load_outline(case.institute_id, cohort.version_id)
    planned = None
    if planned_id is not None:
        planned = next(filter(None, (planned_with(planned_id, one, actor=actor) for one in people)), None)
    sheet = replace(foresee(case, outline, planned).sheet, kind=Kind.GROUP, goals="")
    wanted = {member.enrolment_id for member in planned.members} if planned else _last_members(cohort, actor)
    typed = GroupSheet(sheet, "", dict.fromkeys([one for one in people if one in wanted] or people, ""))
    checked = check_group(cohort, typed, actor=actor, logs={}, session=db.session())
    form = _form(cohort, typed, GroupChecked(Checked(sheet, checked.shared.facts)), actor)
    return replace(form, planned_id=planned.id if planned else None)


def written_group_form(
    cohort: Cohort, typed: GroupSheet, checked: GroupChecked, *, actor: Actor
) -> GroupForm:
    """Return the form of a new group session as it was typed."""
    return _form(cohort, typed, checked, actor)


def looked_at_group_form(cohort: Cohort, typed: GroupSheet, *, actor: Actor) -> GroupForm:
    """Return the form as it was typed, with what stands against it; nothing is written."""
    checked = check_group(cohort, typed, actor=actor, logs={}, session=db.session())
    return _form(cohort, typed, checked, actor)


def group_form(
    group_id: SessionGroupId,
    *,
    actor: Actor,
    typed: GroupSheet | None = None,
    checked: GroupChecked | None = None,
    stale: bool = False,
) -> GroupForm:
    """Return the form of a group session that was logged, as it is or as it was typed. Raises NotFoundError."""
    session = db.session()
    group = own_group(group_id, actor=actor, session=session)
    cohort = session.get_one(Cohort, group.cohort_id)
    logs = standing_logs(group_id, session=session)
    here = typed or _typed(group, logs)
    if checked is None:
        checked = GroupChecked(Checked(here.sheet))
        if typed is not None:
            open_ones = {one: said for one, said in here.members.items() if _is_open(logs.get(one))}
            looked = replace(here, members=open_ones)
            checked = check_group(cohort, looked, actor=actor, logs=logs, session=session)
    form = _form(cohort, here, checked, actor, logs)
    versions = " ".join(f"{log.id}:{log.version}" for log in logs.values())
    return replace(form, group_id=group_id, versions=versions, stale=stale)


def read_versions(text: str) -> dict[int, int]:
    """Return the versions that a form of a group was made from, by the ids of the logs."""
    pairs = (word.partition(":") for word in text.split()[:MOST_READ])
    read = ((number_in(log, ID_DIGITS), number_in(version, ID_DIGITS)) for log, _, version in pairs)
    return {log: version for log, version in read if log is not None and version is not None}


def _is_open(log: SessionLog | None) -> bool:
    return log is None or log.state in OPEN


def _typed(group: SessionGroup, logs: Mapping[EnrolmentId, SessionLog]) -> GroupSheet:
    """Return the sheet that says what a group's logs say: what they share is read from the first open one."""
    first = next((log for log in logs.values() if log.state in OPEN), next(iter(logs.values())))
    sheets = {one: sheet_of(drafted_facts(log.id)) for one, log in logs.items()}
    shared = replace(sheets[first.enrolment_id], attended="", done="")
    return GroupSheet(shared, group.title, {one: sheet.attended for one, sheet in sheets.items()})


def _form(
    cohort: Cohort,
    typed: GroupSheet,
    checked: GroupChecked,
    actor: Actor,
    logs: Mapping[EnrolmentId, SessionLog] | None = None,
) -> GroupForm:
    there = logs or {}
    people = _people(cohort, actor, [log.enrolment_id for log in there.values()])
    case = find_case(next(iter(people)), actor=actor, session=db.session())
    outline = load_outline(case.institute_id, cohort.version_id)
    return GroupForm(
        cohort_id=cohort.id,
        cohort_name=cohort.name,
        zone=cohort.timezone,
        title=typed.title,
        checked=checked.shared,
        offered=offered_to(case, outline, typed.sheet, with_actions=False),
        members=tuple(
            MemberField(
                enrolment_id=one,
                name=name,
                chosen=one in typed.members,
                attended=typed.members.get(one, typed.others.get(one, "")),
                problem=_said(checked.problems.get(one)),
                log_id=there[one].id if one in there else None,
                state=there[one].state if one in there else None,
            )
            for one, name in people.items()
        ),
    )


def _said(problem: DomainError | None) -> str:
    return problem.text if problem else ""


def _people(cohort: Cohort, actor: Actor, also: list[EnrolmentId] | None = None) -> dict[EnrolmentId, str]:
    """Return the names of those whom the actor coaches today, and of others by id. Raises NotFoundError."""
    today = local_day(cohort.timezone)
    gone = (EnrolmentState.WITHDRAWN, EnrolmentState.TRANSFERRED)
    mine = coached_by(actor.person_id, today) & Enrolment.state.not_in(gone)
    rows = db.session.execute(
        select(Enrolment.id, Person.name, Person.id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.cohort_id == cohort.id, mine | Enrolment.id.in_(also or []))
        .order_by(Person.name, Enrolment.id)
    ).all()
    if not rows:
        raise NotFoundError
    return {row[0]: name_or_number(row[1], row[2]) for row in rows}


def _last_members(cohort: Cohort, actor: Actor) -> set[EnrolmentId]:
    last = db.session.scalar(
        select(SessionGroup.id)
        .where(
            SessionGroup.cohort_id == cohort.id,
            SessionGroup.coach_id == actor.person_id,
            SessionGroup.voided_at.is_(None),
        )
        .order_by(SessionGroup.start_utc.desc())
        .limit(1)
    )
    if last is None:
        return set()
    return set(db.session.scalars(select(SessionLog.enrolment_id).where(SessionLog.group_id == last)))
