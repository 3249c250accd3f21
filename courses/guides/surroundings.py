"""What a guide names without holding it: elements, tags and resources of the library, as they are called today."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from courses.catalogue.citing import resources_of
from courses.catalogue.drafts import InstrumentDraft, ModuleContent
from courses.frameworks.queries import Named, named
from courses.library.models import Resource
from institute.actors import InstituteId
from institute.db import db
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Names by address (``framework/element``, ``vocabulary/term``) and resources by key.

    ``state`` is a text that differs as soon as any of it does: what is printed again then.
    """

    names: dict[str, Named]
    resources: dict[str, Localised]
    state: str


def surroundings_of(
    institute_id: InstituteId, content: ModuleContent, instruments: tuple[InstrumentDraft, ...]
) -> Surroundings:
    """Return what a module names, in three statements at most."""
    names = named(institute_id, _addresses(content))
    keys = resources_of(content).union(*map(resources_of, instruments))
    rows = db.session.execute(
        select(Resource.key, Resource.title, Resource.revision)
        .where(Resource.institute_id == institute_id, Resource.key.in_(keys))
        .order_by(Resource.key)
    ).all()
    said = [(one.address, one.code, one.title.texts if one.title else {}) for one in names.values()]
    revisions = [(key, revision) for key, _, revision in rows]
    return Surroundings(names, {key: title for key, title, _ in rows}, f"{said} {revisions}")


def _addresses(content: ModuleContent) -> list[str]:
    module = content.draft
    found = [*module.elements, *module.tags]
    for segment in content.segments:
        found += [*segment.elements, *segment.tags]
        found += [element for activity in segment.activities for element in activity.elements]
    return found
