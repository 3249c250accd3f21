"""Which resources belong to an element or carry a tag, for the pages of frameworks and vocabularies."""

from __future__ import annotations

from collections.abc import Iterator

from flask import current_app, url_for
from sqlalchemy import select

from courses.frameworks.alignments import Aligned, AlignedKind
from courses.library.models import Resource, ResourceLabel
from institute.actors import Actor, Role
from institute.db import db


def aligned_resources(actor: Actor, role: Role, addresses: frozenset[str]) -> Iterator[Aligned]:
    """Yield the resources of these elements and tags: those that readers find, for authors every one in use."""
    query = (
        select(ResourceLabel.label, Resource.key, Resource.title)
        .join(Resource, Resource.id == ResourceLabel.resource_id)
        .where(
            Resource.institute_id == actor.institute_id,
            Resource.archived_at.is_(None),
            ResourceLabel.label.in_(addresses),
        )
        .order_by(Resource.key)
    )
    if role is not Role.AUTHOR:
        query = query.where(Resource.ready.is_(True))
    has_pages = f"{role}_library" in current_app.blueprints
    for address, key, title in db.session.execute(query):
        url = url_for(f"{role}_library.show", resource_key=key) if has_pages else None
        yield Aligned(address, AlignedKind.RESOURCE, title, url=url)
