"""Buttons to a module's guides on the pages of other rooms."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from courses.catalogue.models import Module, ModuleId, Programme, ProgrammeVersion
from courses.catalogue.outlines import ModuleLine
from courses.cohorts.members import coached_member
from courses.cohorts.models import EnrolmentId
from institute.actors import Actor, Role
from institute.db import db
from institute.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class Links:
    """Where the guides of a module are: the renderings of an area, for somebody alone or used with somebody."""

    area: Role
    programme: str
    module: str
    number: int
    renderings: tuple[str, ...]
    enrolment_id: EnrolmentId | None = None


def links_for_participant(actor: Actor, module_id: int) -> Links | None:
    """Return the links of a participant's module page."""
    if not actor.has(Role.PARTICIPANT):
        return None
    row = db.session.execute(
        select(Programme.slug, Module.slug, Module.number)
        .join(ProgrammeVersion, ProgrammeVersion.id == Module.version_id)
        .join(Programme, Programme.id == ProgrammeVersion.programme_id)
        .where(Module.id == ModuleId(module_id), ProgrammeVersion.institute_id == actor.institute_id)
    ).one_or_none()
    return Links(Role.PARTICIPANT, *row, ("participant", "quick")) if row is not None else None


def links_with_member(actor: Actor, enrolment_id: int) -> Links | None:
    """Return the link from the page of somebody to the coach's guide of the module that they are in."""
    if not actor.has(Role.COACH):
        return None
    try:
        here = coached_member(EnrolmentId(enrolment_id), actor=actor)
    except NotFoundError:
        return None
    modules = here.standing.outline.modules
    unfinished = (line for line in modules if here.standing.of_module(line).left)
    line: ModuleLine | None = next(unfinished, modules[-1] if modules else None)
    if line is None:
        return None
    return Links(
        Role.COACH, here.standing.outline.slug, line.slug, line.number, ("coach",), EnrolmentId(enrolment_id)
    )
