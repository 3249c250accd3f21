"""The instruments of a version of a programme."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from courses.catalogue.codec import read_document
from courses.catalogue.drafts import InstrumentDraft
from courses.catalogue.models import Instrument, PartId, ProgrammeVersionId, Purpose
from institute.db import db
from institute.web.asking import once_a_page


@dataclass(frozen=True, slots=True)
class RoundsInstrument:
    """An instrument that is answered in rounds, with the part that it is in every version."""

    part_id: PartId
    draft: InstrumentDraft


def find_instrument(version_id: ProgrammeVersionId, key: str) -> InstrumentDraft | None:
    """Return an instrument of a version, or None if it has none of this key."""
    document = db.session.scalar(
        select(Instrument.document).where(Instrument.version_id == version_id, Instrument.key == key)
    )
    return None if document is None else read_document(document, InstrumentDraft)


@once_a_page
def instruments_in_rounds(version_id: ProgrammeVersionId) -> tuple[RoundsInstrument, ...]:
    """Return the instruments of a version that are answered in rounds, in the order of the programme."""
    rows = db.session.execute(
        select(Instrument.part_id, Instrument.document)
        .where(Instrument.version_id == version_id)
        .order_by(Instrument.position)
    )
    return tuple(
        RoundsInstrument(part_id, read_document(document, InstrumentDraft))
        for part_id, document in rows
        if document.get("purpose", Purpose.SELF_ASSESSMENT) != Purpose.SELF_ASSESSMENT
    )
