"""Taking away bytes that nobody refers to: what was removed, and what was stored just before a process was killed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from sqlalchemy import select

from institute.db import db
from institute.files.models import StoredFile
from institute.files.storage import current_storage
from institute.jobs.outbox import LeasedJob
from institute.jobs.worker import Done, Outcome

_AT_ONCE: Final = 500


def sweep() -> int:
    """Remove bytes without a row that are more than a day old; return how many files they were.

    Younger ones stay, because somebody may be about to refer to them.
    """
    storage = current_storage()
    removed = storage.drop_drafts()
    for names in _lots(storage.names()):
        used = set(db.session.scalars(select(StoredFile.sha256).where(StoredFile.sha256.in_(names))))
        removed += sum(storage.delete(name) for name in names if name not in used)
    return removed


def sweep_when_due(_job: LeasedJob) -> Outcome:
    """Do what the outbox asked for."""
    sweep()
    return Done()


def _lots(names: Iterable[str]) -> Iterator[list[str]]:
    remaining = iter(names)
    while lot := list(islice(remaining, _AT_ONCE)):
        yield lot
