"""What a coach brings along: where they are employed, the languages they coach in, what they know well."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from courses.coaches.languages import MOST, is_spoken
from courses.coaches.models import WORDS_LENGTH, CoachProfile
from courses.coaches.qualifying import own_profile
from courses.frameworks.queries import Choice, tag_choices
from institute import audit
from institute.actors import Actor, InstituteId, PersonId
from institute.db import transaction
from institute.errors import NotFoundError
from institute.people.models import Organisation, OrganisationId, Person
from institute.web.forms import storable

SPECIALTIES: Final = "specialties"


@dataclass(frozen=True, slots=True)
class ProfileDraft:
    """What is known of a coach. Languages and specialties that nobody offers are left out."""

    organisation_id: OrganisationId | None = None
    languages: tuple[str, ...] = ()
    specialties: tuple[str, ...] = ()
    note: str = ""
    accepting: bool = True


def put_profile(person_id: PersonId, draft: ProfileDraft, *, actor: Actor) -> None:
    """Keep what is known of a person of the actor's institute as a coach. The same again changes nothing.

    Raises NotFoundError for a person or an organisation of elsewhere.
    """
    with transaction() as session:
        person = session.get(Person, person_id)
        where = session.get(Organisation, draft.organisation_id) if draft.organisation_id else None
        if person is None or person.institute_id != actor.institute_id:
            raise NotFoundError
        if draft.organisation_id and (where is None or where.institute_id != actor.institute_id):
            raise NotFoundError
        profile = own_profile(person_id)
        new = profile is None
        if profile is None:
            profile = CoachProfile(institute_id=actor.institute_id, person_id=person_id)
            session.add(profile)
        offered = {choice.address for choice in specialty_choices(actor.institute_id)}
        values = {
            "organisation_id": draft.organisation_id,
            "languages": [tag for tag in _once(draft.languages) if is_spoken(tag)][:MOST],
            "specialties": [one for one in _once(draft.specialties) if one in offered],
            "note": storable(draft.note).strip()[:WORDS_LENGTH],
            "accepting": draft.accepting,
        }
        for name, value in values.items():
            if new or getattr(profile, name) != value:
                setattr(profile, name, value)
        if new or session.is_modified(profile):
            session.flush()
            audit.record("coach.profile-put", actor=actor, subject=("person", person_id))


def specialty_choices(institute_id: InstituteId) -> tuple[Choice, ...]:
    """Return the specialties that an institute's vocabulary offers, none where it has no such vocabulary."""
    groups = tag_choices(institute_id)
    return next((group.choices for group in groups if group.key == SPECIALTIES), ())


def _once(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))
