"""The plans of a sample's people: ``[[plan]]`` in its history, and what they handed in, in ``plans.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select

from courses.cohorts.models import EnrolmentId
from courses.cohorts.pages import own_enrolment
from courses.loading.history import HistoryTold, as_role, known
from courses.loading.tables import Table, UnknownNameError, read_table
from courses.plans.advising import advise
from courses.plans.handing import ReviewSheet, review_plan, submit_plan
from courses.plans.models import PlanAction, PlanGoal, PlanGoalId, PlanKind, PlanVersion
from courses.plans.sheets import ActionSheet, GoalSheet
from courses.plans.writing import add_action, add_goal, finish_action, word_goal
from institute.actors import Actor, Role
from institute.clock import frozen, now
from institute.db import db
from institute.errors import DomainError

FILE: Final = "plans.toml"


def tell_plans(told: HistoryTold) -> None:
    """Write the goals and actions that the history says, each at its time. Raises FolderError for what is not taken.

    A goal with an ``area`` is one that an assessment made, worded in the person's own words.
    """
    for entry in told.table.tables("plan"):
        key, at, goal = entry.text("participant"), entry.instant("at"), entry.text("goal")
        area, actions = entry.optional_text("area"), entry.tables("action")
        entry.finish()
        actor = as_role(known(entry, "participant", key, told.cast), Role.PARTICIPANT)
        if key not in told.begun or at > now():
            continue
        enrolment_id = own_enrolment(actor).id
        with frozen(at):
            goal_id = _tell_goal(entry, goal, area, enrolment_id, actor)
        for action in actions:
            _tell_action(action, goal_id, enrolment_id, actor, told.cast)
    path = told.folder / FILE
    if path.is_file():
        table = read_table(path, folder=told.folder)
        for entry in table.tables("version"):
            _tell_version(entry, told)
        table.finish()


def _tell_version(entry: Table, told: HistoryTold) -> None:
    key, coach = entry.text("participant"), entry.text("coach")
    at, reviewed = entry.instant("at"), entry.instant("reviewed")
    kind, words = entry.choice("plan", PlanKind), entry.text("words")
    sheet = ReviewSheet.of({"outcome": entry.text("outcome"), "words": entry.text("review")})
    entry.finish()
    _refuse(entry, sheet.problems)
    actor = as_role(known(entry, "participant", key, told.cast), Role.PARTICIPANT)
    reviewer = as_role(known(entry, "coach", coach, told.cast), Role.COACH)
    if key not in told.begun or at > now():
        return
    with frozen(at):
        _refuse(entry, submit_plan(kind, words, actor=actor).problems)
    if reviewed <= now():
        enrolment_id = own_enrolment(actor).id
        newest = select(PlanVersion.id).where(PlanVersion.enrolment_id == enrolment_id)
        version_id = db.session.scalars(newest.order_by(PlanVersion.id.desc()).limit(1)).one()
        with frozen(reviewed):
            review_plan(enrolment_id, version_id, sheet, actor=reviewer)


def _tell_goal(
    entry: Table, text: str, area: str | None, enrolment_id: EnrolmentId, actor: Actor
) -> PlanGoalId:
    found = select(PlanGoal).where(PlanGoal.enrolment_id == enrolment_id)
    if area is None:
        _refuse(entry, add_goal(GoalSheet(text), actor=actor).problems)
        return db.session.scalars(found.order_by(PlanGoal.id.desc()).limit(1)).one().id
    goal = db.session.scalar(found.where(PlanGoal.area_key == area))
    if goal is None:
        raise UnknownNameError(file=entry.file, key=entry.key("area"), name=area)
    _refuse(entry, word_goal(goal.id, GoalSheet(text, goal.revision), actor=actor).problems)
    return goal.id


def _tell_action(
    entry: Table,
    goal_id: PlanGoalId,
    enrolment_id: EnrolmentId,
    actor: Actor,
    cast: Mapping[str, Actor],
) -> None:
    at, coach = entry.instant("at"), entry.optional_text("coach")
    done = entry.instant("done") if entry.has("done") else None
    sheet = ActionSheet(entry.text("text"), entry.day("due").isoformat() if entry.has("due") else "")
    entry.finish()
    adviser = as_role(known(entry, "coach", coach, cast), Role.COACH) if coach else None
    if at > now():
        return
    with frozen(at):
        written = (
            advise(enrolment_id, goal_id, sheet, actor=adviser)
            if adviser
            else add_action(goal_id, sheet, actor=actor)
        )
    _refuse(entry, written.problems)
    if done is not None and done <= now():
        newest = select(PlanAction.id).where(PlanAction.goal_id == goal_id)
        action_id = db.session.scalars(newest.order_by(PlanAction.id.desc()).limit(1)).one()
        with frozen(done):
            finish_action(action_id, done=True, actor=actor)


def _refuse(entry: Table, problems: Mapping[str, DomainError]) -> None:
    fields = {"action": "text"}
    for field, problem in problems.items():
        raise entry.wrong(fields.get(field, field), problem.text)
