"""What a link from an LMS may name here: a requirement, as ``evidence:leadership-plan``, and the list of all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from flask import Flask
from sqlalchemy import select

from certificates.evidence.guides import asked_for
from certificates.evidence.models import Requirement
from certificates.evidence.pages import requirement_page
from certificates.levels.models import Level
from institute.actors import Actor, Role
from institute.db import db
from institute.errors import DomainError
from institute.i18n import gettext, lazy_gettext, ngettext
from institute.messages.mail import path_to
from institute.web import openables

ALL: Final = "mine"
AFTER_MODULES: Final = 40
TASKS: Final = 50
GUIDED: Final = (Role.COACH, Role.FACILITATOR, Role.ADMINISTRATOR)
"""Who leads or coaches, and reads what is asked for."""


def init_app(app: Flask) -> None:
    """Let links open a requirement, and ``tasks:mine``."""
    openables.add(
        app,
        openables.Openable(
            "evidence", lazy_gettext("Evidence"), locate, offers=offer_tasks, many=lazy_gettext("Tasks")
        ),
    )
    openables.add(app, openables.Openable("tasks", lazy_gettext("Evidence"), locate_all))


def offer_tasks(actor: Actor) -> Iterator[openables.Offer]:
    """Yield the list of all evidence and each requirement that is asked for, lowest level first, in one query."""
    rows = db.session.execute(
        select(Requirement, Level.name)
        .join(Level, Level.id == Requirement.level_id)
        .where(Requirement.institute_id == actor.institute_id, Requirement.retired_at.is_(None))
        .order_by(Level.position, Requirement.position, Requirement.id)
    ).all()
    if rows:
        yield openables.Offer(
            f"tasks:{ALL}",
            gettext("All evidence"),
            note=gettext("What each level asks for, and how far it is"),
            icon="card-checklist",
            order=AFTER_MODULES,
            overview=True,
        )
    for requirement, level_name in rows:
        yield openables.Offer(
            f"evidence:{requirement.key}",
            requirement.title,
            wording=gettext("Task: %(title)s", title=openables.TITLE),
            note=" · ".join((gettext("For the level %(level)s", level=level_name), *_asked(requirement))),
            icon="clipboard-check",
            order=TASKS,
            graded=requirement.scored,
        )


def _asked(requirement: Requirement) -> Iterator[str]:
    if requirement.wants_text:
        yield gettext("Text")
    if requirement.most_files:
        yield ngettext("%(num)s file at most", "%(num)s files at most", requirement.most_files)
    if requirement.scored:
        yield gettext("Scored by a trainer")


def locate_all(key: str, actor: Actor) -> str | None:
    """Return the path of all evidence: a participant's own, or what is asked for."""
    if key != ALL:
        return None
    role = next((one for one in (Role.PARTICIPANT, *GUIDED) if actor.has(one)), None)
    return path_to(f"{role}_evidence.index") if role else None


def locate(key: str, actor: Actor) -> str | None:
    """Return the path of a requirement: a participant's own, or what it asks for; None where it is not there."""
    if actor.has(Role.PARTICIPANT) and _is_there(lambda: requirement_page(key, actor=actor)):
        return path_to("participant_evidence.show", requirement_key=key)
    guided = next((one for one in GUIDED if actor.has(one)), None)
    if guided and _is_there(lambda: asked_for(key, actor=actor)):
        return path_to(f"{guided}_evidence.show", requirement_key=key)
    return None


def _is_there(find: Callable[[], object]) -> bool:
    try:
        find()
    except DomainError:
        return False  # not asked for here, or the person has left the cohort
    return True
