"""What a link from an LMS may name here: a requirement, as ``evidence:leadership-plan``, and the list of all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from flask import Flask, current_app
from sqlalchemy import select

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
    """Return the path of all evidence of a participant; None for anybody else."""
    return path_to("participant_evidence.index") if key == ALL and actor.has(Role.PARTICIPANT) else None


def locate(key: str, actor: Actor) -> str | None:
    """Return the path of a requirement for a participant; None where it is not for this actor."""
    if not actor.has(Role.PARTICIPANT):
        return None
    try:
        requirement_page(key, actor=actor)
    except DomainError:
        return None  # not asked for here, or the person has left the cohort
    return current_app.url_map.bind("").build("participant_evidence.show", {"requirement_key": key})
