"""Where the library's resources are used in what authors are writing."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask, has_request_context, url_for
from sqlalchemy import select

from courses.authoring.columns import draft_in
from courses.authoring.models import Draft, DraftKind
from courses.catalogue.citing import resources_of
from courses.catalogue.codec import holds_any
from courses.catalogue.models import Programme
from courses.library import uses
from courses.library.uses import Use
from institute.actors import InstituteId
from institute.db import db


def drafted_uses(institute_id: InstituteId, keys: frozenset[str]) -> Iterator[Use]:
    """Yield the parts of drafts that name any of these resources, in one statement."""
    rows = db.session.execute(
        select(Draft.kind, Draft.document, Draft.title, Draft.part_id, Programme.slug, Programme.title)
        .join(Programme, Programme.id == Draft.programme_id)
        .where(
            Draft.institute_id == institute_id,
            Draft.removed_at.is_(None),
            holds_any(Draft.document, keys),
        )
        .order_by(Draft.programme_id, Draft.kind, Draft.position)
    )
    for kind, document, title, part_id, slug, programme in rows:
        named = resources_of(draft_in(kind, document)) & keys
        for key in sorted(named):
            yield Use(key, programme, title, published=False, url=_page(kind, slug, part_id))


def _page(kind: DraftKind, slug: str, part_id: int | None) -> str | None:
    """Return the path of the page on which a part is written."""
    if not has_request_context():
        return None
    if kind is DraftKind.SEGMENT:
        return url_for("author_segments.open", programme=slug, segment_part=part_id)
    if kind is DraftKind.INSTRUMENT:
        return url_for("author_instruments.instrument", programme=slug, instrument_part=part_id)
    if kind is DraftKind.MODULE:
        return url_for("author_programmes.module", programme=slug, module_part=part_id)
    return url_for("author_programmes.settings", programme=slug)


def init_app(app: Flask) -> None:
    """Let the library ask."""
    uses.provide(app, drafted_uses)
