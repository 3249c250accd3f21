"""The numbers of a new award: its serial's, counted in a year, and its place in the status list."""

from __future__ import annotations

import secrets
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.awards.errors import StatusListFullError
from certificates.awards.models import STATUS_LIST_LENGTH, Award
from institute.actors import InstituteId
from institute.people.models import Institute

LONGEST_PREFIX: Final = 12
# Issuers wait for each other; whoever writes another row of the institute does not wait for them.
ONE_AT_A_TIME: Final = {"key_share": True}
GUESSES: Final = 20
"""After so many guesses the list is nearly full, and it is cheaper to look at all of it."""


def hold_numbers(institute_id: InstituteId, session: Session) -> Institute:
    """Return an institute, locked, so that nobody else takes a number before the caller's transaction ends."""
    return session.get_one(Institute, institute_id, with_for_update=ONE_AT_A_TIME)


def next_number(institute: Institute, year: int, session: Session) -> int:
    """Return the next number of a year; the caller holds the institute's row."""
    last = session.scalar(
        select(func.max(Award.number)).where(Award.institute_id == institute.id, Award.year == year)
    )
    return (last or 0) + 1


def serial_prefix(slug: str) -> str:
    """Return an institute's part of its serials: capitals and digits of its slug, a letter first."""
    letters = "".join(sign for sign in slug.upper() if sign.isascii() and sign.isalnum())
    return (letters if letters[:1].isalpha() else f"C{letters}")[:LONGEST_PREFIX]


def free_index(institute: Institute, session: Session) -> int:
    """Return a random free place of the status list, so that neighbours in time are none in the list.

    Raises StatusListFullError where none is free.
    """
    of_institute = Award.institute_id == institute.id
    for _ in range(GUESSES):
        index = secrets.randbelow(STATUS_LIST_LENGTH)
        if session.scalar(select(Award.id).where(of_institute, Award.status_index == index)) is None:
            return index
    taken = session.scalars(select(Award.status_index).where(of_institute))
    free = set(range(STATUS_LIST_LENGTH)).difference(taken)
    if not free:
        raise StatusListFullError(most=STATUS_LIST_LENGTH)
    return secrets.choice(sorted(free))
