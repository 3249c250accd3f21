"""The worker's part of a packet: gathered, typeset, signed, kept; whole and once, wherever the worker is killed."""

from __future__ import annotations

import importlib
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import update

from certificates.awards.issuing.killpoints import reach
from certificates.awards.lifetime.errors import KeyExpiredError
from certificates.awards.lifetime.signing_keys import AWAITS_KEY, require_holding
from certificates.awards.models import Award, AwardCredential
from certificates.registry.chaining import written
from certificates.registry.contents import as_json
from certificates.registry.filling import title_of
from certificates.registry.gathering import Audited, audited
from certificates.registry.models import Packet, PacketId
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import db, transaction
from institute.files import storing
from institute.files.reading import open_file
from institute.files.storage import Blob
from institute.i18n import gettext, speaking
from institute.jobs.outbox import LeasedJob
from institute.jobs.outcomes import RetryPolicy
from institute.jobs.worker import Done, Outcome
from institute.keys.keeping import key_in_use
from institute.keys.models import KeyPurpose
from institute.people.models import Institute
from institute.printing.papers import usual_paper

MEDIA_TYPE: Final = "application/pdf"
RETRY: Final = RetryPolicy(first=timedelta(seconds=2), longest=timedelta(seconds=60), most_attempts=4)
# How far a packet is, of a hundred, once its parts are gathered, read, and typeset.
GATHERED, READ, SIGNED = 25, 50, 90
# What it takes to typeset and sign is large and slow to import: only the worker does, at its first packet.
_MAKING: Final = "certificates.registry.making"


def make_packet(job: LeasedJob) -> Outcome:
    """Make, keep and attach a packet, unless it was made."""
    row = db.session.get(Packet, PacketId(int(job.key)))
    if row is None:
        return Done("packet-gone")
    if row.made_at is not None:
        return Done()
    packet_id, locale = row.id, row.locale
    award = db.session.get_one(Award, row.award_id)
    institute = db.session.get_one(Institute, award.institute_id)
    key = key_in_use(award.institute_id, KeyPurpose.DOCUMENT)
    try:
        require_holding(key.certificate_der)
    except KeyExpiredError:
        return AWAITS_KEY
    making: Any = importlib.import_module(_MAKING)
    with speaking(locale):
        packet = audited(award)
        _say_done(packet_id, GATHERED)
        enclosed = _enclosed(packet, making.Enclosed)
        _say_done(packet_id, READ)
        made: bytes = making.make_packet(
            packet, enclosed, paper=usual_paper(institute.timezone), document_key=key
        )
        name = f"{title_of(packet)}.pdf"
    _say_done(packet_id, SIGNED)
    reach("before-packet")
    blob = storing.keep(made)
    reach("after-packet")
    _attach(packet_id, blob, name)
    return Done()


def _enclosed(packet: Audited, kind: Any) -> list[Any]:
    """Return what goes into the file beside its pages, in the language that is spoken here."""
    award = packet.award
    found = [
        kind(
            "snapshot.json",
            gettext("What was decided on, as it was frozen with the certificate"),
            as_json(award.snapshot),
        ),
        kind(
            "audit.json",
            gettext("The audit entries of this certificate with their digests"),
            as_json(written(packet.chain, award.institute_id)),
        ),
    ]
    badge = db.session.get(AwardCredential, award.id)
    if badge is not None:
        said = gettext("The badge of this certificate, as it was signed")
        found.append(kind("open-badge.json", said, badge.document.encode(), "Data"))
        found.append(kind("open-badge.jwt", said, badge.jwt.encode(), "Data"))
    for key, evidence in packet.evidence:
        if key in packet.shared and evidence.text:
            said = evidence.requirement_title.in_(award.locale)
            found.append(kind(f"evidence-{key}-text.txt", said, evidence.text.encode()))
    for one in packet.attached:
        if one.held:
            _, file = open_file(one.file_id, institute_id=award.institute_id)
            with file:
                said = packet.titles[one.key].in_(award.locale) if one.key in packet.titles else one.name
                found.append(kind(one.name, said, file.read(), "Source" if one.key else "Data"))
    return found


def _say_done(packet_id: PacketId, done: int) -> None:
    with transaction() as session:
        session.execute(update(Packet).where(Packet.id == packet_id).values(done=done))


def _attach(packet_id: PacketId, blob: Blob, name: str) -> None:
    with transaction() as session:
        row = session.get(Packet, packet_id, with_for_update=True)
        if row is None or row.made_at is not None:
            return  # taken away, or another worker was faster
        row.file_id = storing.record(
            blob, institute_id=row.institute_id, name=name, media_type=MEDIA_TYPE, owner_id=None
        )
        row.sha256, row.made_at, row.done = blob.sha256, now(), 100
        audit.record(
            "award.packet-made",
            actor=Actor(institute_id=row.institute_id, person_id=None, door="worker"),
            subject=("award", row.award_id),
            details={"packet": row.id, "sha256": blob.sha256},
        )
        reach("inside-packet")
