"""Sealing everything anew with the present SECRET_KEY, so that the former one can be forgotten."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Column, select, update
from sqlalchemy.orm import Session

from institute import audit, vault
from institute.actors import Actor
from institute.db import transaction
from institute.people.models import Institute


@dataclass(frozen=True, slots=True)
class ColumnResealed:
    """What happened to one column: how many values were sealed anew, were so already, and open with neither key."""

    name: str
    anew: int
    already: int
    lost: int


def reseal_everything() -> list[ColumnResealed]:
    """Seal every sealed value with the present key, in one transaction; again, it finds nothing to do.

    Values that neither the present nor the former key opens are left as they are.
    """
    with transaction() as session:
        done = [_reseal(session, column) for column in vault.sealed_columns()]
        anew = sum(column.anew for column in done)
        if anew:
            for institute_id in session.scalars(select(Institute.id)):
                actor = Actor(institute_id=institute_id, person_id=None)
                audit.record("secret.rotated", actor=actor, subject=("secret", None), details={"anew": anew})
    return done


def _reseal(session: Session, column: Column[bytes]) -> ColumnResealed:
    key = list(column.table.primary_key.columns)
    rows = session.execute(select(*key, column).where(column.is_not(None)).with_for_update()).all()
    anew = already = lost = 0
    for *identity, sealed in rows:
        if vault.is_sealed_with_present(bytes(sealed)):
            already += 1
            continue
        try:
            plain = vault.open_sealed(bytes(sealed))
        except vault.VaultError:
            lost += 1
            continue
        here = (part == value for part, value in zip(key, identity, strict=True))
        session.execute(update(column.table).where(*here).values({column.name: vault.seal(plain)}))
        anew += 1
    return ColumnResealed(f"{column.table.name}.{column.name}", anew, already, lost)
