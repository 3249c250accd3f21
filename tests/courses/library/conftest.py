"""An author, readers, and resources in the library."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from werkzeug.test import TestResponse

from courses.library.drafts import HeldFile, ResourceDraft
from courses.library.keeping import put_resource
from courses.library.models import FilePurpose, ResourceKind
from courses.library.taking import take_file
from institute.actors import Actor, Role
from institute.i18n import Localised
from institute.people.models import Person
from tests.browsing import Visitor
from tests.courses.library import media

MakeResource = Callable[..., ResourceDraft]


@pytest.fixture
def author(make_person: Callable[..., Person], sign_in: Callable[..., Visitor]) -> Visitor:
    """A browser of somebody who writes."""
    return sign_in(make_person(name="Grace Kim"), roles=[Role.AUTHOR])


@pytest.fixture
def reader(make_person: Callable[..., Person], sign_in: Callable[..., Visitor]) -> Visitor:
    """A browser of somebody who learns."""
    return sign_in(make_person(), roles=[Role.PARTICIPANT])


@pytest.fixture
def make_resource(system: Actor) -> MakeResource:
    """Make a resource that readers find."""

    def make(
        key: str = "coaching-cycle",
        *,
        kind: ResourceKind = ResourceKind.PROTOCOL,
        title: str | dict[str, str] = "The coaching cycle",
        actor: Actor | None = None,
        **given: Any,
    ) -> ResourceDraft:
        if kind is ResourceKind.LINK:
            given.setdefault("url", "https://www.example.org/guide")
        elif "files" not in given:
            given.setdefault("body", Localised.of({"en": "Look, *listen*, ask."}))
        texts = {"en": title} if isinstance(title, str) else title
        draft = ResourceDraft(key, kind, Localised.of(texts, source=next(iter(texts))), **given)
        put_resource(draft, actor=actor or system)
        return draft

    return make


def held(
    data: bytes,
    name: str,
    *,
    kind: ResourceKind,
    locale: str = "en",
    purpose: FilePurpose = FilePurpose.CONTENT,
) -> HeldFile:
    """Keep a file for a resource of that kind."""
    return take_file(data, name=name, locale=locale, kind=kind, purpose=purpose)


@pytest.fixture
def film(make_resource: MakeResource) -> ResourceDraft:
    """A video in English with captions in two languages."""
    video, captions = ResourceKind.VIDEO, FilePurpose.CAPTIONS
    return make_resource(
        "first-session",
        kind=video,
        title={"en": "A first session", "es": "Una primera sesión"},
        files=(held(media.mp4(), "session.mp4", kind=video),),
        captions=(
            held(media.VTT, "session.vtt", kind=video, purpose=captions),
            held(media.VTT, "sesion.vtt", kind=video, purpose=captions, locale="es"),
        ),
    )


def upload(
    visitor: Visitor, key: str, data: bytes, name: str, *, purpose: str = "content", locale: str = "en"
) -> TestResponse:
    """Send a file by the form of a resource."""
    fields = {"purpose": purpose, "locale": locale, "file": (io.BytesIO(data), name)}
    answer = visitor.post(f"/author/library/{key}/files", fields, content_type="multipart/form-data")
    answer.request.environ["wsgi.input"].close()  # a large one lies in a file
    return answer


def text_of(response: TestResponse) -> str:
    """Return what a page says, without its markup and its scripts."""
    bare = re.sub(r"<script.*?</script>|<[^>]+>", " ", response.get_data(as_text=True), flags=re.DOTALL)
    return " ".join(unescape(bare).split())


def sources(response: TestResponse, attribute: str = "src") -> list[str]:
    """Return the addresses of the files that a page shows."""
    return re.findall(rf'{attribute}="([^"]*/library/[^"]*/files/[^"]*)"', response.get_data(as_text=True))
