"""Links, versions of plans and sessions that belong to a submission: what may be chosen, and what is kept of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from babel.dates import format_date
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.evidence.models import (
    LONGEST_ADDRESS,
    LONGEST_TITLE,
    MOST_ITEMS,
    ItemId,
    ItemKind,
    Owner,
    Requirement,
    Submission,
    SubmissionItem,
)
from courses.catalogue.durations import say_minutes
from courses.cohorts.models import EnrolmentId
from courses.library.checking import is_web_address
from courses.plans.models import PlanKind, PlanVersion
from courses.plans.snapshots import GoalKept, kept_goals
from courses.plans.wording import say_plan
from courses.sessions.delivered import AGREED
from courses.sessions.models import Kind, Mode, SessionLog
from courses.sessions.wording import say_kind, say_mode
from institute.clock import now
from institute.db import db
from institute.i18n import current_locale, gettext

MOST_OFFERED: Final = 200


@dataclass(frozen=True, slots=True)
class Offered:
    """Something that may be handed in; ``key`` is what the form sends, such as ``plan:3``."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item as pages show it: ``rows`` are (what it is, text), ``url`` is that of a link."""

    id: ItemId
    kind: ItemKind
    title: str
    url: str
    rows: tuple[tuple[str, str], ...]


def items_of(submission_ids: Sequence[int]) -> dict[int, list[SubmissionItem]]:
    """Return the items of submissions, in order."""
    found: dict[int, list[SubmissionItem]] = {}
    if submission_ids:
        rows = db.session.scalars(
            select(SubmissionItem)
            .where(SubmissionItem.submission_id.in_(submission_ids))
            .order_by(SubmissionItem.submission_id, SubmissionItem.position)
        )
        for row in rows:
            found.setdefault(row.submission_id, []).append(row)
    return found


def offered(enrolment_id: EnrolmentId, owner: Owner) -> tuple[Offered, ...]:
    """Return what of plans and sessions may be handed in, the newest first. The office reads neither."""
    if owner is Owner.OFFICE:
        return ()
    plans = db.session.scalars(
        select(PlanVersion)
        .where(PlanVersion.enrolment_id == enrolment_id)
        .order_by(PlanVersion.id.desc())
        .limit(MOST_OFFERED)
    )
    found = [Offered(f"{ItemKind.PLAN}:{one.id}", title_of(ItemKind.PLAN, _of_plan(one))) for one in plans]
    sessions = db.session.scalars(
        select(SessionLog)
        .where(SessionLog.enrolment_id == enrolment_id, SessionLog.state.in_(AGREED))
        .order_by(SessionLog.start_utc.desc())
        .limit(MOST_OFFERED)
    )
    found += [
        Offered(f"{ItemKind.SESSION}:{one.id}", title_of(ItemKind.SESSION, _of_session(one)))
        for one in sessions
    ]
    return tuple(found)


def add_link(
    draft: Submission, requirement: Requirement, title: str, url: str, *, session: Session
) -> str | None:
    """Add an address; return why not, None once it is there. What is there already is not added twice."""
    if len(url) > LONGEST_ADDRESS or not is_web_address(url):
        return gettext("“%(url)s” is no address on the web. It begins with https://.", url=url[:100])
    if len(title) > LONGEST_TITLE:
        return gettext("The name of a link has %(most)s characters at most.", most=LONGEST_TITLE)
    there = _there(draft, session)
    links = [one.url for one in there if one.kind is ItemKind.LINK]
    if url in links:
        return None
    if len(links) >= requirement.most_links:
        return gettext("There is no room for another link. Remove one first.")
    _add(draft, there, session, kind=ItemKind.LINK, title=title, url=url)
    return None


def add_item(draft: Submission, key: str, *, session: Session) -> str | None:
    """Add a version of a plan or a session, chosen by its key; return why not, None once it is there."""
    kind, _, number = key.partition(":")
    if not (number.isascii() and number.isdigit() and len(number) < 10):  # noqa: PLR2004
        return gettext("This cannot be chosen. Choose one of the list.")
    ref = int(number)
    snapshot: dict[str, Any] | None = None
    if kind == ItemKind.PLAN:
        plan = session.get(PlanVersion, ref)
        snapshot = _of_plan(plan) if plan and plan.enrolment_id == draft.enrolment_id else None
    elif kind == ItemKind.SESSION:
        log = session.get(SessionLog, ref)
        mine = log is not None and log.enrolment_id == draft.enrolment_id and log.state in AGREED
        snapshot = _of_session(log) if log and mine else None
    if snapshot is None:
        return gettext("This cannot be chosen. Choose one of the list.")
    there = _there(draft, session)
    if any((one.kind, one.ref) == (kind, ref) for one in there):
        return None
    if sum(one.kind is not ItemKind.LINK for one in there) >= MOST_ITEMS:
        return gettext("There is no room for more. Remove something first.")
    _add(draft, there, session, kind=ItemKind(kind), ref=ref, snapshot=snapshot)
    return None


def freeze_items(draft: Submission, *, session: Session) -> list[dict[str, Any]]:
    """Write down what each item says now, and return what the audit keeps of them."""
    for item in _there(draft, session):
        if item.kind is ItemKind.SESSION:
            log = session.get(SessionLog, item.ref)
            if log is not None and log.state in AGREED:
                item.snapshot = _of_session(log)
    session.flush()
    return [{"kind": str(one.kind), "ref": one.ref, "url": one.url} for one in _there(draft, session)]


def copy_items(source: Submission, draft: Submission, *, session: Session) -> None:
    """Give a draft the items of another submission."""
    for item in _there(source, session):
        session.add(
            SubmissionItem(
                institute_id=draft.institute_id,
                submission_id=draft.id,
                position=item.position,
                kind=item.kind,
                title=item.title,
                url=item.url,
                ref=item.ref,
                snapshot=item.snapshot,
            )
        )
    session.flush()


def item_line(item: SubmissionItem) -> ItemLine:
    """Return an item as pages show it, in the reader's language as far as its words are ours."""
    if item.kind is ItemKind.LINK:
        return ItemLine(item.id, item.kind, item.title or item.url or "", item.url or "", ())
    rows = _plan_rows(item.snapshot) if item.kind is ItemKind.PLAN else _session_rows(item.snapshot)
    return ItemLine(item.id, item.kind, title_of(item.kind, item.snapshot), "", rows)


def title_of(kind: ItemKind, snapshot: Mapping[str, Any]) -> str:
    """Return what a plan's version or a session is called."""
    day = format_date(date.fromisoformat(snapshot["day"]), "long", locale=current_locale())
    if kind is ItemKind.PLAN:
        plan = say_plan(PlanKind(snapshot["plan"]))
        return gettext(
            "%(plan)s, version %(number)s of %(day)s", plan=plan, number=snapshot["number"], day=day
        )
    what = say_kind(Kind(snapshot["kind"]))
    return gettext("Session of %(day)s: %(kind)s", day=day, kind=what)


def _there(draft: Submission, session: Session) -> list[SubmissionItem]:
    rows = session.scalars(
        select(SubmissionItem)
        .where(SubmissionItem.submission_id == draft.id)
        .order_by(SubmissionItem.position)
    )
    return list(rows)


def _add(draft: Submission, there: list[SubmissionItem], session: Session, **given: Any) -> None:
    last = session.scalar(
        select(func.max(SubmissionItem.position)).where(SubmissionItem.submission_id == draft.id)
    )
    session.add(
        SubmissionItem(
            institute_id=draft.institute_id,
            submission_id=draft.id,
            position=(last or len(there)) + 1,
            **given,
        )
    )
    draft.saved_at = now()
    session.flush()


def _of_plan(version: PlanVersion) -> dict[str, Any]:
    return {
        "plan": str(version.kind),
        "number": version.number,
        "day": version.submitted_at.date().isoformat(),
        "words": version.words,
        "goals": version.document,
    }


def _of_session(log: SessionLog) -> dict[str, Any]:
    return {
        "kind": str(log.kind),
        "mode": str(log.mode),
        "day": log.local_day.isoformat(),
        "minutes": log.minutes,
        "goals": log.goals,
        "notes": log.notes,
        "next_steps": log.next_steps,
        "own_steps": log.own_steps,
    }


def _session_rows(said: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    rows = (
        (gettext("Way of meeting"), say_mode(Mode(said["mode"]))),
        (gettext("Length"), say_minutes(said["minutes"])),
        (gettext("Goals of the session"), said["goals"]),
        (gettext("What was talked about"), said["notes"]),
        (gettext("What the participant does next"), said["next_steps"]),
        (gettext("What the coach does next"), said["own_steps"]),
    )
    return tuple((label, text) for label, text in rows if text)


def _plan_rows(said: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    rows = [
        (gettext("Goal %(number)s", number=number), _goal_text(goal))
        for number, goal in enumerate(kept_goals(said["goals"]), start=1)
    ]
    if said["words"]:
        rows.append((gettext("What was written with it"), said["words"]))
    return tuple(rows)


def _goal_text(goal: GoalKept) -> str:
    lines = [goal.text or (goal.area.in_(current_locale()) if goal.area else "")]
    lines += [f"– {action.text}" for action in goal.actions]
    lines += [
        f"{one.code} {one.title.in_(current_locale()) if one.title else ''}".strip()
        for one in goal.competencies
    ]
    return "\n".join(lines)
