"""A participant with a clip, their coach, and whoever is shown."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from courses.cohorts.assigning import assign_coach
from courses.cohorts.enrolling import enrol
from courses.cohorts.models import EnrolmentId
from courses.media.models import Clip, Consent, ConsentState, MediaComment, PersonShown
from institute import clock
from institute.actors import Actor, PersonId, Role
from institute.db import db
from institute.people.models import Person
from tests.browsing import Visitor
from tests.courses.conftest import Studied
from tests.courses.library.media import box
from tests.institute import post

NOON = datetime(2026, 10, 14, 19, tzinfo=UTC)  # noon in Los Angeles
LINK = re.compile(r"http://127\.0\.0\.1:8000(/consent/[\w-]+)")
GUARDIAN = {"contact_name": "Rosa Díaz", "email": "rosa@family.example", "locale": "es"}


def film(seconds: int = 60, *, mark: bytes = b"film") -> bytes:
    """Return an MP4 that says how long it is; ``mark`` makes it different from others."""
    head = bytes(12) + struct.pack(">II", 1000, seconds * 1000) + bytes(80)
    track = box(b"trak", box(b"tkhd", bytes(84)), box(b"mdia", box(b"hdlr", bytes(8), b"vide", bytes(13))))
    return (
        box(b"ftyp", b"isom", bytes(4), b"isom")
        + box(b"moov", box(b"mvhd", head), track)
        + box(b"mdat", mark.ljust(4096, b"\0"))
    )


@dataclass(frozen=True, slots=True)
class Showing:
    """A participant who shows their work, their coach, and the application that mails whoever is shown."""

    app: Flask
    person: Visitor
    coach: Visitor
    enrolment_id: EnrolmentId
    person_id: PersonId
    coach_id: PersonId

    def add(
        self, data: bytes | None = None, *, name: str = "lesson.mp4", title: str = "A staff meeting"
    ) -> int:
        """Add a clip and return its id."""
        file = (io.BytesIO(film() if data is None else data), name)
        answer = self.person.post("/participant/media/new", {"title": title, "file": file})
        assert answer.status_code == 303, answer.text
        return int(answer.location.rsplit("/", 1)[1])

    def act(self, clip_id: int, what: str, **form: Any) -> TestResponse:
        """Send a form about a clip."""
        return self.person.post(f"/participant/media/clips/{clip_id}/{what}", form)

    def name(self, clip_id: int, label: str = "Mateo", kind: str = "child") -> int:
        """Name somebody who is shown and return their id."""
        answer = self.act(clip_id, "people", label=label, kind=kind)
        assert answer.status_code == 303, answer.text
        return int(answer.location.rsplit("/", 1)[1])

    def ask(self, clip_id: int, person_id: int, **given: str) -> str:
        """Ask for consent and return the link of the letter."""
        answer = self.act(clip_id, f"people/{person_id}/ask", **{**GUARDIAN, **given})
        assert answer.status_code == 303, answer.text
        return self.newest_link()

    def newest_link(self) -> str:
        """Have the letters sent and return the one link that is new."""
        known = _links(post.written())
        (link,) = _links(post.deliver()) - known
        return link

    def answer(self, link: str, decision: str = "yes", **given: str) -> TestResponse:
        """Answer by a link as its page does."""
        stands = re.search(r'name="stands" value="(\w+)"', self.open(link).text)
        form = {
            "decision": decision,
            "name": "Rosa Díaz",
            "guardian": "1",
            "stands": stands.group(1) if stands else "",
            **given,
        }
        return self.app.test_client().post(link, data=form)

    def open(self, link: str) -> TestResponse:
        """Open a link."""
        return self.app.test_client().get(link)

    def agreed(self, data: bytes | None = None) -> tuple[int, str]:
        """Add a clip with a child whose guardian agrees; return its id and the link."""
        clip_id = self.add(data)
        person_id = self.name(clip_id)
        assert self.act(clip_id, "declare").status_code == 303
        link = self.ask(clip_id, person_id)
        assert self.answer(link).status_code == 303
        return clip_id, link

    def shared(self, data: bytes | None = None) -> tuple[int, str]:
        """Add a clip that the coach sees; return its id and the guardian's link."""
        clip_id, link = self.agreed(data)
        assert self.act(clip_id, "share", shared="1").status_code == 303
        return clip_id, link

    def alone(self, data: bytes | None = None, **given: str) -> int:
        """Add a clip that shows nobody else and that the coach sees."""
        clip_id = self.add(data, **given)
        self.act(clip_id, "declare")
        assert self.act(clip_id, "share", shared="1").status_code == 303
        return clip_id

    def caption(self, clip_id: int, data: bytes, locale: str = "en") -> None:
        """Give a clip captions."""
        file = (io.BytesIO(data), "talk.vtt")
        assert self.act(clip_id, "captions", locale=locale, captions=file).status_code == 303

    def files(self, clip_id: int, what: str = "stream") -> str:
        """Return where a clip's file is, behind an area's own address."""
        return f"/media/files/clip/{clip_id}/{self.clip(clip_id).file_id}/{what}"

    def say(self, visitor: Visitor, clip_id: int, **form: str) -> TestResponse:
        """Comment on a clip."""
        area = "participant" if visitor is self.person else "coach"
        said = {"at": "0:12", "kind": "strength", "text": "You wait.", **form}
        return visitor.post(f"/{area}{self.files(clip_id, 'comments')}", said)

    def clip(self, clip_id: int) -> Clip:
        """Return a clip as it is stored."""
        db.session.rollback()
        return db.session.get_one(Clip, clip_id)

    def states(self, clip_id: int) -> list[ConsentState]:
        """Return what the people shown in a clip say."""
        found = select(Consent).join(PersonShown).where(PersonShown.clip_id == clip_id).order_by(Consent.id)
        return [one.state for one in db.session.scalars(found)]

    def comments(self) -> list[MediaComment]:
        """Return all comments."""
        return list(db.session.scalars(select(MediaComment).order_by(MediaComment.id)))


def _links(letters: list[EmailMessage]) -> set[str]:
    return {link for letter in letters for link in LINK.findall(post.text_of(letter))}


@pytest.fixture(autouse=True)
def october() -> Iterator[None]:
    """Let it be Wednesday 14 October 2026, noon in Los Angeles."""
    with clock.frozen(NOON):
        yield


@pytest.fixture
def make_showing(
    app: Flask,
    studied: Studied,
    system: Actor,
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
) -> Callable[..., Showing]:
    """Make a participant with a coach since September."""

    def make(name: str = "Lucía Ortega") -> Showing:
        person = make_person(name=name, email="lucia@school.example")
        coach = make_person(name=f"Coach of {name}")
        enrolment_id = enrol(studied.cohort_id, PersonId(person.id), actor=system)
        assign_coach(enrolment_id, PersonId(coach.id), since=date(2026, 9, 1), actor=system)
        return Showing(
            app,
            sign_in(person, roles=[Role.PARTICIPANT], place=studied.cohort_id),
            sign_in(coach, place=studied.cohort_id),
            enrolment_id,
            PersonId(person.id),
            PersonId(coach.id),
        )

    return make


@pytest.fixture
def showing(make_showing: Callable[..., Showing]) -> Showing:
    """The participant and the coach that a test is about."""
    return make_showing()
