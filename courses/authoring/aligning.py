"""What of the drafts is aligned to an element or carries a tag: for authors alone."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from flask import Flask, url_for
from sqlalchemy import select
from sqlalchemy.orm import aliased

from courses.authoring.models import Draft, DraftKind
from courses.catalogue.alignments import Spot, aligned_module, aligned_segment, may_hold
from courses.catalogue.codec import read_document
from courses.catalogue.drafts import ModuleDraft, ProgrammeDraft, SegmentDraft
from courses.catalogue.models import Programme
from courses.frameworks import alignments
from courses.frameworks.alignments import Aligned, AlignedKind
from institute.actors import Actor, Role
from institute.db import db


def aligned_drafts(actor: Actor, role: Role, addresses: frozenset[str]) -> Iterator[Aligned]:
    """Yield the parts of drafts that are aligned to these addresses, in one statement; nothing for other roles."""
    if role is not Role.AUTHOR:
        return
    parent = aliased(Draft)
    rows = db.session.execute(
        select(Draft.kind, Draft.document, Draft.part_id, Programme.slug, Programme.title, parent.title)
        .join(Programme, Programme.id == Draft.programme_id)
        .outerjoin(parent, parent.part_id == Draft.parent_part_id)
        .where(
            Draft.institute_id == actor.institute_id,
            Draft.removed_at.is_(None),
            Draft.kind != DraftKind.INSTRUMENT,
            may_hold(Draft.document, addresses),
        )
        .order_by(Draft.programme_id, Draft.kind, Draft.position)
    )
    for kind, document, part_id, slug, title, module in rows:
        if kind is DraftKind.MODULE:
            url = url_for("author_programmes.module", programme=slug, module_part=part_id)
            yield from aligned_module(read_document(document, ModuleDraft), addresses, title, url)
        elif kind is DraftKind.SEGMENT:
            url = url_for("author_segments.open", programme=slug, segment_part=part_id)
            draft = read_document(document, SegmentDraft)
            yield from aligned_segment(draft, addresses, module, Spot(slug, ""), partial(_at, url))
        else:
            programme = read_document(document, ProgrammeDraft)
            url = url_for("author_programmes.settings", programme=slug)
            for address in addresses.intersection(programme.tags):
                yield Aligned(address, AlignedKind.PROGRAMME, programme.title, url=url)


def _at(url: str, _spot: Spot) -> str:
    return url


def init_app(app: Flask) -> None:
    """Let the pages of frameworks ask."""
    alignments.provide(app, aligned_drafts)
