"""A core that one institute or organisation keeps and others extend: statewide consistency with local flexibility.

Where a programme comes from stands in its ``origin``: ``institute/programme@version``. Whoever extends it adds; what
its owners marked as core changes only when they publish, and only when the extension takes the newer version over.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import undefer

from courses.authoring.columns import draft_in
from courses.authoring.errors import CoreChangedError, NothingNewerError
from courses.authoring.keys import key_for
from courses.authoring.models import Draft, DraftKind
from courses.authoring.replacing import put_content
from courses.authoring.rows import find_programme
from courses.authoring.shelf import read_content, take_up
from courses.authoring.weaving import woven
from courses.catalogue.drafts import ProgrammeContent, ProgrammeDraft
from courses.catalogue.models import Programme, ProgrammeId, ProgrammeVersion, ProgrammeVersionId
from courses.catalogue.naming import is_slug
from courses.catalogue.queries import newest_version
from courses.catalogue.reviving import content_of
from institute import audit
from institute.actors import Actor, InstituteId
from institute.db import db, transaction
from institute.people.models import Institute


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose core a programme extends: an institute, its programme, and the number of a version."""

    institute: str
    programme: str
    number: int

    def __str__(self) -> str:
        return f"{self.institute}/{self.programme}@{self.number}"

    def same_core(self, other: Origin | None) -> bool:
        """Tell whether both are versions of one core."""
        return other is not None and (self.institute, self.programme) == (other.institute, other.programme)


def origin_of(draft: ProgrammeDraft) -> Origin | None:
    """Return whose core a programme extends, or None where it is its own or names none that can be told."""
    name, at, number = draft.origin.rpartition("@")
    institute, slash, programme = name.partition("/")
    known = at and slash and is_slug(institute) and is_slug(programme) and number.isdecimal()
    return Origin(institute, programme, int(number)) if known and len(number) < len("1000000000") else None


def as_core(content: ProgrammeContent, *, institute: str, number: int) -> ProgrammeContent:
    """Return a version as others receive it to extend it. An extension passes on whose core it extends itself.

    The instruments that its core segments use are core as well: everybody answers the same statements.
    """
    if content.programme.origin:
        return content
    origin = str(Origin(institute, content.programme.slug, number))
    core = (segment for module in content.modules for segment in module.segments if segment.core)
    used = {activity.instrument for segment in core for activity in segment.activities}
    return replace(
        content,
        programme=replace(content.programme, origin=origin),
        instruments=tuple(replace(one, core=one.key in used) for one in content.instruments),
    )


def received(content: ProgrammeContent, here: ProgrammeContent | None) -> ProgrammeContent:
    """Return what to put in place of ``here``, what an institute has of a programme, for content from outside.

    Where both extend the same core, the newer core is woven into ``here`` and everything local stays.
    """
    theirs = origin_of(content.programme)
    if here is None or theirs is None or not theirs.same_core(origin_of(here.programme)):
        return content
    return woven(content, here)


def extend(programme_slug: str, title: str, *, actor: Actor) -> str:
    """Begin a programme that extends the newest version of another of the institute; return its slug.

    ``title`` is in the core's source language. Raises NotFoundError if nothing is published, PartNotFoundError.
    """
    with transaction() as session:
        programme = find_programme(programme_slug, actor=actor, session=session, lock=True)
        version_id = newest_version(actor.institute_id, programme_slug)
        content = as_core(
            content_of(version_id), institute=_slug_of(actor.institute_id), number=_number_of(version_id)
        )
        taken = set(
            session.scalars(select(Programme.slug).where(Programme.institute_id == actor.institute_id))
        )
        slug = key_for(title, taken, otherwise=programme_slug)
        own = replace(content.programme, slug=slug, title=content.programme.title.revised(title))
        made = put_content(replace(content, programme=own), actor=actor)
        _record("programme.extended", programme.id, made, actor)
        return slug


def take_over(programme_slug: str, *, number: int, actor: Actor) -> ProgrammeId:
    """Weave the newest version of the core into what is being written of an extension; everything local stays.

    ``number`` is the version that the author saw. Raises NothingNewerError where the core is no programme of this
    institute or has nothing newer, CoreChangedError where another version came out meanwhile, PartNotFoundError.
    """
    with transaction():
        news = core_news(programme_slug, actor=actor)
        if news is None:
            raise NothingNewerError
        if news.newest.number != number:
            raise CoreChangedError(number=news.newest.number)
        made = put_content(news.result, actor=actor)
        _record("programme.core_taken", news.core_id, made, actor)
        return made


@dataclass(frozen=True, slots=True)
class CoreNews:
    """A newer version of the core that a programme extends, and what taking it over would make of the programme."""

    core_id: ProgrammeId
    now: Origin
    newest: Origin
    before: ProgrammeContent
    result: ProgrammeContent


def core_news(programme_slug: str, *, actor: Actor) -> CoreNews | None:
    """Return what is new in the core, or None where there is nothing. Raises PartNotFoundError."""
    return news_for(read_content(take_up(programme_slug, actor=actor)), actor=actor)


def news_for(here: ProgrammeContent, *, actor: Actor) -> CoreNews | None:
    """Return what is new in the core that a content extends, or None where there is nothing."""
    now = origin_of(here.programme)
    if now is None or now.institute != _slug_of(actor.institute_id):
        return None
    rows = db.session.execute(
        select(ProgrammeVersion.programme_id, ProgrammeVersion.number, ProgrammeVersion.id)
        .join(Programme, Programme.id == ProgrammeVersion.programme_id)
        .where(Programme.institute_id == actor.institute_id, Programme.slug == now.programme)
        .order_by(ProgrammeVersion.number.desc())
    ).all()
    if not rows or rows[0].number <= now.number:
        return None
    newest = replace(now, number=rows[0].number)
    base = next((content_of(row.id) for row in rows if row.number == now.number), None)
    core = as_core(content_of(rows[0].id), institute=newest.institute, number=newest.number)
    return CoreNews(rows[0].programme_id, now, newest, here, woven(core, here, base))


def extensions_of(programme_slug: str, *, actor: Actor) -> list[ProgrammeDraft]:
    """Return the programmes of the institute that extend this one, as they are being written."""
    rows = db.session.scalars(
        select(Draft)
        .where(
            Draft.institute_id == actor.institute_id, Draft.kind == DraftKind.PROGRAMME, Draft.core.is_(True)
        )
        .options(undefer(Draft.document))
        .order_by(Draft.id)
    )
    institute = _slug_of(actor.institute_id)
    drafts = (cast("ProgrammeDraft", draft_in(row.kind, row.document)) for row in rows)
    return [draft for draft in drafts if _extends(draft, institute, programme_slug)]


def _extends(draft: ProgrammeDraft, institute: str, programme: str) -> bool:
    origin = origin_of(draft)
    return origin is not None and (origin.institute, origin.programme) == (institute, programme)


def _slug_of(institute_id: InstituteId) -> str:
    return db.session.get_one(Institute, institute_id).slug


def _number_of(version_id: ProgrammeVersionId) -> int:
    return db.session.get_one(ProgrammeVersion, version_id).number


def _record(action: str, core_id: ProgrammeId, programme_id: ProgrammeId, actor: Actor) -> None:
    audit.record(
        action,
        actor=actor,
        subject=("programme", programme_id),
        institute_id=actor.institute_id,
        details={"core": core_id},
    )
