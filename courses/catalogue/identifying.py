"""Which part of a programme is which: the identities that a new version keeps, takes up again, or makes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from courses.catalogue.addresses import PartDraft, address_of, each_part, instrument_address
from courses.catalogue.drafts import InstrumentDraft, ModuleDraft, ProgrammeContent, SegmentDraft
from courses.catalogue.models import (
    Instrument,
    Module,
    Part,
    PartId,
    PartKind,
    Programme,
    ProgrammeId,
    ProgrammeVersion,
    Segment,
    Step,
    StepId,
)
from institute.errors import NotFoundError


def addresses_of(content: ProgrammeContent) -> dict[str, PartKind]:
    """Return the addresses of a programme's parts, each with its kind."""
    return {address: _KINDS[type(draft)] for address, draft in each_part(content) if address}


_KINDS: Final[Mapping[type[PartDraft], PartKind]] = {
    ModuleDraft: PartKind.MODULE,
    SegmentDraft: PartKind.SEGMENT,
    InstrumentDraft: PartKind.INSTRUMENT,
}


def identify(
    content: ProgrammeContent,
    programme: Programme,
    given: Mapping[str, PartId] | None,
    *,
    session: Session,
) -> dict[str, PartId]:
    """Return the identity of each address; parts that are new are made.

    Without ``given`` a part is the one that had its address last. Raises NotFoundError if one that is given is not a
    part of the programme, of that kind, or stands at two addresses.
    """
    addresses = addresses_of(content)
    known = (
        _remembered(programme, addresses, session)
        if given is None
        else _checked(programme, addresses, given, session)
    )
    made = {
        address: Part(programme_id=programme.id, kind=kind)
        for address, kind in addresses.items()
        if address not in known
    }
    session.add_all(made.values())
    session.flush()
    return known | {address: part.id for address, part in made.items()}


def identify_steps(
    programme_id: ProgrammeId, wanted: list[tuple[PartId, str]], *, session: Session
) -> dict[tuple[PartId, str], StepId]:
    """Return the identity of each step, given by its segment's part and its key; those that are new are made."""
    known: dict[tuple[PartId, str], StepId] = {
        (part_id, key): step_id
        for part_id, key, step_id in session.execute(
            select(Step.part_id, Step.key, Step.id).where(Step.programme_id == programme_id)
        )
    }
    missing = [pair for pair in wanted if pair not in known]
    if missing:
        rows = [{"programme_id": programme_id, "part_id": part_id, "key": key} for part_id, key in missing]
        made = session.execute(insert(Step).returning(Step.part_id, Step.key, Step.id), rows)
        known |= {(part_id, key): step_id for part_id, key, step_id in made}
    return known


def _checked(
    programme: Programme, addresses: Mapping[str, PartKind], given: Mapping[str, PartId], session: Session
) -> dict[str, PartId]:
    wanted = {address: part_id for address, part_id in given.items() if address in addresses}
    rows = session.execute(select(Part.id, Part.kind).where(Part.programme_id == programme.id))
    kinds = {one.id: one.kind for one in rows}
    if len(set(wanted.values())) < len(wanted):
        raise NotFoundError
    if any(kinds.get(part_id) is not addresses[address] for address, part_id in wanted.items()):
        raise NotFoundError
    return wanted


def _remembered(
    programme: Programme, addresses: Mapping[str, PartKind], session: Session
) -> dict[str, PartId]:
    """Return who had these addresses last, each part once: the newest version's word counts first."""
    found: dict[str, PartId] = {}
    taken: set[PartId] = set()
    for address, part_id in _history(programme, session):
        if address in addresses and address not in found and part_id not in taken:
            found[address] = part_id
            taken.add(part_id)
    return found


def _history(programme: Programme, session: Session) -> list[tuple[str, PartId]]:
    """Return every address that a part ever had, the newest version's first."""
    found: list[tuple[int, str, PartId]] = []
    of_programme = ProgrammeVersion.programme_id == programme.id
    for number, module, module_part, segment, segment_part in session.execute(
        select(ProgrammeVersion.number, Module.slug, Module.part_id, Segment.slug, Segment.part_id)
        .join(Module, Module.version_id == ProgrammeVersion.id)
        .outerjoin(Segment, Segment.module_id == Module.id)
        .where(of_programme)
    ):
        found.append((-number, address_of(module), module_part))
        if segment is not None:
            found.append((-number, address_of(module, segment), segment_part))
    for number, key, part_id in session.execute(
        select(ProgrammeVersion.number, Instrument.key, Instrument.part_id)
        .join(Instrument, Instrument.version_id == ProgrammeVersion.id)
        .where(of_programme)
    ):
        found.append((-number, instrument_address(key), part_id))
    return [(address, part_id) for _, address, part_id in sorted(found)]
