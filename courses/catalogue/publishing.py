"""Publishing: what an author drafted becomes a version that never changes, and that people learn from.

Publishing may be repeated: the same content a second time makes nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from courses.catalogue.addresses import address_of, instrument_address
from courses.catalogue.checking import Problem, problems_of
from courses.catalogue.codec import document_of
from courses.catalogue.drafts import MinuteRange, ModuleContent, ProgrammeContent, SegmentDraft
from courses.catalogue.identifying import identify, identify_steps
from courses.catalogue.models import (
    Activity,
    Instrument,
    Module,
    PartId,
    Programme,
    ProgrammeVersion,
    ProgrammeVersionId,
    Segment,
    SegmentId,
)
from courses.catalogue.reviving import parts_of
from institute import audit
from institute.actors import Actor
from institute.db import insert_into, transaction
from institute.errors import InvalidError
from institute.i18n import lazy_gettext


class ContentRefusedError(InvalidError):
    """Content breaks the rules of structure; ``problems`` are all of them, and the sentence says the first."""

    code = "CONTENT-REFUSED"
    title = lazy_gettext("This cannot be published yet")
    sentence = lazy_gettext("%(part)s: %(problem)s")

    def __init__(self, problems: Sequence[Problem], slug: str) -> None:
        first = problems[0]
        super().__init__(part=first.address or slug, problem=first.sentence)
        self.problems = tuple(problems)


def publish_version(
    content: ProgrammeContent,
    *,
    parts: Mapping[str, PartId] | None = None,
    note: str = "",
    actor: Actor,
) -> ProgrammeVersionId:
    """Publish a whole programme as its next version, and return the version's id.

    The programme is found by its slug in the actor's institute, or made. ``parts`` says which part stands at which
    address (``module-1/segment-2``, ``instrument:key``); without it a part is the one that had the address last, and
    what never stood there is new. Content that equals the newest version, part by part, is that version.
    Raises ContentRefusedError, and NotFoundError for a part of another programme.
    """
    ordered = in_order(content)
    problems = problems_of(ordered)
    if problems:
        raise ContentRefusedError(problems, ordered.programme.slug)
    with transaction() as session:
        programme = _locked_programme(ordered, session, actor)
        identities = identify(ordered, programme, parts, session=session)
        newest = _newest(programme, session)
        digest = digest_of(ordered)
        if newest is not None and newest.digest == digest and parts_of(newest.id) == identities:
            return newest.id
        version = ProgrammeVersion(
            institute_id=programme.institute_id,
            programme_id=programme.id,
            number=newest.number + 1 if newest else 1,
            title=ordered.programme.title,
            summary=ordered.programme.summary,
            tags=list(ordered.programme.tags),
            origin=ordered.programme.origin,
            note=note,
            step_count=sum(len(one.activities) for module in ordered.modules for one in module.segments),
            digest=digest,
            published_by=actor.person_id,
        )
        session.add(version)
        session.flush()
        _write_modules(ordered, version, identities, session)
        _write_instruments(ordered, version, identities, session)
        programme.title, programme.summary = version.title, version.summary
        programme.current_version_id = version.id
        session.flush()
        audit.record(
            "version.published",
            actor=actor,
            subject=("programme_version", version.id),
            details={"programme": programme.id, "number": version.number, "digest": digest},
        )
        return version.id


def in_order(content: ProgrammeContent) -> ProgrammeContent:
    """Return the content with its modules and their segments in the order of their numbers."""
    modules = (
        ModuleContent(one.draft, tuple(sorted(one.segments, key=lambda segment: segment.number)))
        for one in content.modules
    )
    return replace(content, modules=tuple(sorted(modules, key=lambda module: module.draft.number)))


def digest_of(content: ProgrammeContent) -> str:
    """Return the SHA-256 of the content as canonical JSON, in hexadecimal."""
    text = json.dumps(document_of(content), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _locked_programme(content: ProgrammeContent, session: Session, actor: Actor) -> Programme:
    """Return the programme, made if it is new; who publishes at the same time waits here."""
    draft = content.programme
    session.execute(
        insert_into(session, Programme)
        .values(institute_id=actor.institute_id, slug=draft.slug, title=draft.title, summary=draft.summary)
        .on_conflict_do_nothing()
    )
    found = select(Programme).where(
        Programme.institute_id == actor.institute_id, Programme.slug == draft.slug
    )
    return session.scalars(found.with_for_update()).one()


def _newest(programme: Programme, session: Session) -> ProgrammeVersion | None:
    return session.scalar(
        select(ProgrammeVersion)
        .where(ProgrammeVersion.programme_id == programme.id)
        .order_by(ProgrammeVersion.number.desc())
        .limit(1)
    )


def _write_modules(
    content: ProgrammeContent,
    version: ProgrammeVersion,
    identities: Mapping[str, PartId],
    session: Session,
) -> None:
    modules = [
        Module(
            version_id=version.id,
            part_id=identities[address_of(one.draft.slug)],
            number=one.draft.number,
            slug=one.draft.slug,
            title=one.draft.title,
            document=document_of(one.draft),
            **_ranges(one.draft.reading, one.draft.coaching),
        )
        for one in content.modules
    ]
    session.add_all(modules)
    session.flush()
    drafts = [
        (module.id, identities[address_of(one.draft.slug, draft.slug)], draft)
        for module, one in zip(modules, content.modules, strict=True)
        for draft in one.segments
    ]
    segments = [
        Segment(
            module_id=module_id,
            part_id=part_id,
            number=draft.number,
            slug=draft.slug,
            title=draft.title,
            opens=document_of(draft.opens),
            document=document_of(draft),
            **_ranges(draft.reading, draft.coaching),
        )
        for module_id, part_id, draft in drafts
    ]
    session.add_all(segments)
    session.flush()
    written = [(row.id, row.part_id, draft) for row, (*_, draft) in zip(segments, drafts, strict=True)]
    _write_activities(written, version, session)


def _write_activities(
    segments: list[tuple[SegmentId, PartId, SegmentDraft]], version: ProgrammeVersion, session: Session
) -> None:
    wanted = [(part_id, one.key) for _, part_id, draft in segments for one in draft.activities]
    steps = identify_steps(version.programme_id, wanted, session=session)
    rows = [
        {
            "version_id": version.id,
            "segment_id": segment_id,
            "step_id": steps[part_id, one.key],
            "position": position,
            "key": one.key,
            "timing": one.timing,
            "session_number": one.session_number,
            "kind": one.kind,
            "minutes": one.minutes,
            "title": one.title,
        }
        for segment_id, part_id, draft in segments
        for position, one in enumerate(draft.activities, start=1)
    ]
    if rows:
        session.execute(insert(Activity), rows)


def _write_instruments(
    content: ProgrammeContent,
    version: ProgrammeVersion,
    identities: Mapping[str, PartId],
    session: Session,
) -> None:
    rows = [
        {
            "version_id": version.id,
            "part_id": identities[instrument_address(one.key)],
            "position": position,
            "key": one.key,
            "document": document_of(one),
        }
        for position, one in enumerate(content.instruments, start=1)
    ]
    if rows:
        session.execute(insert(Instrument), rows)


def _ranges(reading: MinuteRange, coaching: MinuteRange) -> dict[str, int]:
    return {
        "reading_min": reading.least,
        "reading_max": reading.most,
        "coaching_min": coaching.least,
        "coaching_max": coaching.most,
    }
