"""Making institutes, organisations and the people who are entered before their first launch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from institute import audit
from institute.actors import Actor, InstituteId, PersonId
from institute.db import db, transaction
from institute.errors import InvalidError, NotFoundError
from institute.i18n import Localised, lazy_gettext
from institute.people.models import Institute, Organisation, OrganisationKind, Person


class InstituteUnknownError(NotFoundError):
    """No institute has the slug that was named."""

    code = "INSTITUTE-UNKNOWN"
    sentence = lazy_gettext("There is no institute with this slug.")


class WhichInstituteError(InvalidError):
    """There are several institutes, or none, and none was named."""

    code = "WHICH-INSTITUTE"
    sentence = lazy_gettext("Name the institute: there is not exactly one.")


def find_institute(slug: str | None = None) -> Institute:
    """Return the institute of that slug, or the only one.

    Raises InstituteUnknownError for an unknown slug, WhichInstituteError where a slug is needed.
    """
    if slug is not None:
        found = db.session.scalar(select(Institute).where(Institute.slug == slug))
        if found is None:
            raise InstituteUnknownError
        return found
    all_of_them = db.session.scalars(select(Institute).where(Institute.removed_at.is_(None)).limit(2)).all()
    if len(all_of_them) != 1:
        raise WhichInstituteError
    return all_of_them[0]


def put_institute(
    *, slug: str, name: Localised, timezone: str, languages: Iterable[str], sample: bool = False
) -> InstituteId:
    """Make the institute of that slug, or bring it up to date; return its id. A new one may be a ``sample``."""
    with transaction() as session:
        found = session.scalar(select(Institute).where(Institute.slug == slug))
        if found is None:
            found = Institute(slug=slug, sample=sample)
            session.add(found)
        found.name, found.timezone, found.languages = name, timezone, " ".join(languages)
        session.flush()
        return found.id


def put_organisation(
    *, key: str, kind: OrganisationKind, name: Localised, parent: str | None, actor: Actor
) -> None:
    """Make the organisation of that key in the actor's institute, or bring it up to date.

    Raises NotFoundError if the parent's key is unknown.
    """
    with transaction() as session:
        mine = select(Organisation).where(Organisation.institute_id == actor.institute_id)
        above = session.scalar(mine.where(Organisation.key == parent)) if parent else None
        if parent and above is None:
            raise NotFoundError
        found = session.scalar(mine.where(Organisation.key == key))
        if found is None:
            found = Organisation(institute_id=actor.institute_id, key=key)
            session.add(found)
        found.kind, found.name, found.parent_id = kind, name, above.id if above else None
        session.flush()


def put_person(*, key: str, name: str, email: str, locale: str | None, actor: Actor) -> PersonId:
    """Enter a person before the first launch, or bring the entry up to date; return the id.

    What a launch or the person changed since is left alone: only a new person gets the name.
    """
    with transaction() as session:
        found = session.scalar(
            select(Person).where(Person.institute_id == actor.institute_id, Person.key == key)
        )
        if found is None:
            found = Person(
                institute_id=actor.institute_id,
                key=key,
                name=name,
                email=email.lower(),
                locale=locale,
                provisioned=True,
            )
            session.add(found)
            session.flush()
            audit.record("person.entered", actor=actor, subject=("person", found.id))
        return found.id


@dataclass(frozen=True, slots=True)
class InstituteLoaded:
    """An institute's folder was loaded: each feature takes from it what is its own, in the same transaction."""

    folder: Path
    actor: Actor
