"""What a link from an LMS may name here: a requirement, as ``evidence:leadership-plan``."""

from __future__ import annotations

from flask import Flask, current_app

from certificates.evidence.pages import requirement_page
from institute.actors import Actor, Role
from institute.errors import DomainError
from institute.i18n import lazy_gettext
from institute.web import openables


def init_app(app: Flask) -> None:
    """Let links open a requirement."""
    openables.add(app, openables.Openable(kind="evidence", title=lazy_gettext("Evidence"), locate=locate))


def locate(key: str, actor: Actor) -> str | None:
    """Return the path of a requirement for a participant; None where it is not for this actor."""
    if not actor.has(Role.PARTICIPANT):
        return None
    try:
        requirement_page(key, actor=actor)
    except DomainError:
        return None  # not asked for here, or the person has left the cohort
    return current_app.url_map.bind("").build("participant_evidence.show", {"requirement_key": key})
