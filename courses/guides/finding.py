"""Who may read a module's guide, and of which version: each area in its own way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from courses.catalogue.outlines import Outline
from courses.catalogue.queries import ProgrammeLine, load_outline
from courses.cohorts.members import MemberPage
from courses.cohorts.models import EnrolmentId
from courses.cohorts.pages import own_enrolment
from courses.cohorts.queries import load_standing
from courses.guides.reading import ModuleHere, find_version, load_module
from institute.actors import Actor
from institute.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address names: a module by slugs, a version by its number, and whom the guide is used with."""

    programme: str
    module: str
    version: int | None = None
    enrolment_id: EnrolmentId | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A module that the actor may read, and whom they use it with."""

    module: ModuleHere
    member: MemberPage | None = None


Find = Callable[[Asked, Actor], Found]


def find_for_participant(asked: Asked, actor: Actor) -> Found:
    """Return a module of the version that the participant studies, saying what is not open yet.

    Raises NotFoundError.
    """
    standing = load_standing(own_enrolment(actor))
    outline = standing.outline
    if asked.programme != outline.slug or asked.version is not None or asked.enrolment_id is not None:
        raise NotFoundError
    found = _in(outline, asked, actor)
    segments = outline.module(asked.module).segments
    closed = frozenset(segment.number for segment in segments if standing.gate_of(segment) is not None)
    return replace(found, module=replace(found.module, closed=closed))


def finder(
    readable: Callable[[Actor], list[ProgrammeLine]], member_of: Callable[..., MemberPage] | None = None
) -> Find:
    """Make what finds modules of the programmes that somebody may read, of any version.

    With ``member_of``, a guide may be used with somebody: it is then of the version that they study.
    """

    def find(asked: Asked, actor: Actor) -> Found:
        """Return a module. Raises NotFoundError."""
        line = next((one for one in readable(actor) if one.slug == asked.programme), None)
        if line is None:
            raise NotFoundError
        if asked.enrolment_id is None:
            version_id = find_version(line, asked.version)
            return _in(load_outline(actor.institute_id, version_id), asked, actor)
        if member_of is None:
            raise NotFoundError
        member = member_of(asked.enrolment_id, actor=actor)
        if member.standing.outline.slug != asked.programme:
            raise NotFoundError
        return _in(member.standing.outline, asked, actor, member)

    return find


def _in(outline: Outline, asked: Asked, actor: Actor, member: MemberPage | None = None) -> Found:
    return Found(load_module(actor.institute_id, outline.module(asked.module).id), member)
