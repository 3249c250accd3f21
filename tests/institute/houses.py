"""An institute with everything a backup must bring back, and how to see that it is there."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from institute.actors import Role
from institute.audit.sealing import seal_events
from institute.clock import shift
from institute.db import db, transaction
from institute.files.models import StoredFileId
from institute.files.reading import open_file
from institute.files.storing import store
from institute.i18n import Localised
from institute.keys.keeping import key_in_use
from institute.keys.models import KeyPurpose
from institute.people.models import Institute, Person
from tests.browsing import Visitor, visit
from tests.institute.processes import command

CONTENT = b"what a participant handed in " * 1000


class House:
    """An institute with people, a session, a key and a file, and what is needed to find them again."""

    def __init__(self, app: Flask) -> None:
        with transaction() as session:
            institute = Institute(
                slug="valley", name=Localised.of({"en": "Valley"}), timezone="UTC", languages="en es"
            )
            session.add(institute)
            session.flush()
            person = Person(institute_id=institute.id, name="Lucía Ortega")
            session.add(person)
            session.flush()
        self.institute_id = institute.id
        visitor = visit(app, person, roles=[Role.PARTICIPANT])
        self.session_id, self.token = visitor.session_id, visitor.token
        self.cookies = visitor.client._cookies
        self.kid = key_in_use(self.institute_id, KeyPurpose.DOCUMENT).kid
        self.file_id: StoredFileId = store(
            CONTENT,
            institute_id=self.institute_id,
            name="plan.pdf",
            media_type="application/pdf",
            owner_id=None,
        )
        with shift(seconds=60):
            assert seal_events() > 0

    def assert_stands(self, app: Flask) -> None:
        """Assert that everything is there and works in ``app``."""
        client = app.test_client()
        client._cookies = self.cookies
        page = Visitor(client, self.session_id, self.token).get("/", follow_redirects=True)
        assert page.status_code == 200
        assert "Lucía Ortega" in page.text
        assert command(app, "audit-check") == (0, "The audit chain is whole.\n")
        key = key_in_use(self.institute_id, KeyPurpose.DOCUMENT)
        assert key.kid == self.kid
        _file, data = open_file(self.file_id, institute_id=self.institute_id)
        with data:
            assert data.read() == CONTENT


def restore(app: Flask, path: Path, *words: str) -> tuple[int, str]:
    """Restore, over what the test's one database on a server holds, if that is where it is."""
    force = ["--force"] if db.engine.dialect.name == "postgresql" and "--force" not in words else []
    return command(app, "restore", str(path), *words, *force)
