"""A packet whose worker is killed, or whose key has expired: whole, once, and never given up."""

from __future__ import annotations

import hashlib
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from certificates.awards.issuing.killpoints import OF_PACKETS
from certificates.awards.models import Award
from certificates.registry.models import Packet
from certificates.registry.packing import RETRY
from institute import clock
from institute.audit.models import AuditEvent
from institute.config import Settings
from institute.db import transaction
from institute.files.models import StoredFile
from institute.files.reading import open_file
from institute.jobs import worker
from institute.keys import making
from institute.keys.keeping import key_in_use
from institute.keys.models import KeyPurpose
from institute.web.models import LaunchSession
from tests.certificates.awards.conftest import Candidate, Office
from tests.certificates.registry.conftest import REGISTRY
from tests.courses.coaching.conftest import NOW
from tests.lti.services.workers import WorkerNursery, nursery

# WeasyPrint leaves a colour profile to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
AHEAD = 61.0
SHORT = timedelta(days=20)


@pytest.fixture(scope="module")
def workers() -> Iterator[WorkerNursery]:
    """Workers in processes of their own."""
    with nursery() as found:
        yield found


def assert_one_whole_packet(session: Session) -> None:
    """Check that there is one packet, told once, whose digest is that of its bytes."""
    session.rollback()
    packet = session.scalars(select(Packet)).one()
    assert packet.file_id is not None
    _, file = open_file(packet.file_id, institute_id=packet.institute_id)
    with file:
        content = file.read()
    assert hashlib.sha256(content).hexdigest() == packet.sha256
    named = select(StoredFile.id).where(StoredFile.sha256 == packet.sha256)
    assert session.scalars(named).all() == [packet.file_id]
    told = select(AuditEvent.id).where(AuditEvent.action == "award.packet-made")
    assert len(session.scalars(told).all()) == 1


@pytest.mark.every_value
@pytest.mark.parametrize("point", OF_PACKETS)
def test_killed_at_a_named_point_there_is_one_packet_and_its_digest_is_right(  # noqa: PLR0917
    award: Award, office: Office, workers: WorkerNursery, settings: Settings, session: Session, point: str
) -> None:
    award_id = award.id
    assert office.visitor.post(f"{REGISTRY}/{award_id}/packet").status_code == 303
    session.rollback()
    real = datetime.fromtimestamp(time.time(), UTC)  # by which the worker goes
    ahead = max(0.0, (NOW - real).total_seconds()) + 1
    assert workers.run(settings, ahead=ahead, kill_at=point) == -signal.SIGKILL
    session.rollback()
    assert session.scalars(select(Packet.made_at)).all() == [None]
    assert workers.run(settings, ahead=ahead + AHEAD) == 0
    assert_one_whole_packet(session)


def test_a_packet_waits_for_another_key_however_long_it_takes_and_is_made_at_once_then(
    app: Flask, candidate: Candidate, office: Office, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as shortly:
        shortly.setattr(making, "CERTIFICATE_LIFE", SHORT)
        key_in_use(candidate.person.institute_id, KeyPurpose.DOCUMENT)
    with transaction() as writing:
        writing.execute(update(LaunchSession).values(expires_at=clock.now() + timedelta(days=99)))
    assert candidate.apply() == 303
    assert office.issue(candidate.application) == 303
    path = f"{REGISTRY}/{candidate.awards[0].id}"
    worker.run_once(app)
    with clock.shift(seconds=(SHORT + timedelta(days=1)).total_seconds()):
        assert office.visitor.post(f"{path}/packet").status_code == 303
        for hours in range(RETRY.most_attempts + 1):
            with clock.shift(seconds=hours * 3700):
                worker.run_once(app)
            page = office.visitor.get(path).text
            assert "The key that signs documents has expired. It goes on by itself" in page
        assert office.visitor.post("/administrator/keys/", {"purpose": "document"}).status_code == 303
        worker.run_once(app)
        assert "The packet is ready" in office.visitor.get(path).text
    assert_one_whole_packet(session)
