"""Wrapping every author's key anew with the present NOTES_KEY, so that the former one can be forgotten."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from courses.notes import sealing
from courses.notes.models import NotesKey
from courses.notes.writing import key_bound
from institute import audit
from institute.actors import Actor
from institute.db import transaction
from institute.people.models import Institute


@dataclass(frozen=True, slots=True)
class KeysRewrapped:
    """How many authors' keys were wrapped anew, were so already, and open with neither key."""

    anew: int
    already: int
    lost: int


def rewrap_keys() -> KeysRewrapped:
    """Wrap every author's key with the present NOTES_KEY, in one transaction; again, it finds nothing to do.

    The notes themselves are not touched. Keys that neither NOTES_KEY opens are left as they are.
    """
    anew = already = lost = 0
    with transaction() as session:
        for row in session.scalars(select(NotesKey).order_by(NotesKey.person_id).with_for_update()):
            bound = key_bound(row.person_id)
            if sealing.is_wrapped_with_present(row.wrapped, bound):
                already += 1
                continue
            try:
                row.wrapped = sealing.wrap(sealing.unwrap(row.wrapped, bound), bound)
            except sealing.NotesKeyError:
                lost += 1
            else:
                anew += 1
        session.flush()
        if anew:
            for institute_id in session.scalars(select(Institute.id)):
                actor = Actor(institute_id=institute_id, person_id=None)
                audit.record(
                    "notes.rotated", actor=actor, subject=("notes_key", None), details={"anew": anew}
                )
    return KeysRewrapped(anew, already, lost)
