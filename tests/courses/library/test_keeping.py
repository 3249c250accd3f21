"""Authors keep the library: what they add is found, what they change stays where it is used."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.library.drafts import ResourceDraft
from courses.library.models import Resource, ResourceKind
from courses.library.queries import find
from institute.actors import Actor
from institute.audit.models import AuditEvent
from institute.files.models import StoredFile
from institute.i18n import Localised
from institute.people.models import Institute
from tests.browsing import Visitor
from tests.courses.library import media
from tests.courses.library.conftest import MakeResource, held, sources, text_of, upload

NEW = "/author/library/new"


def fields(**given: str) -> dict[str, str]:
    """Return what an author types for a new protocol."""
    return {
        "kind": "protocol",
        "title-en": "The coaching cycle",
        "body-en": "Look, listen, ask.",
        "source": "Valley County",
        "version": "2026",
        "licence": "CC BY 4.0",
        "licence_url": "https://creativecommons.org/licenses/by/4.0/",
        **given,
    }


def test_author_adds_a_resource_and_everybody_finds_it(author: Visitor, reader: Visitor) -> None:
    assert "What do you add?" in text_of(author.get(NEW))
    assert "New: Protocol" in text_of(author.get(f"{NEW}?kind=protocol"))
    made = author.post(NEW, fields())
    assert made.status_code == 303
    assert made.location.endswith("/author/library/the-coaching-cycle/edit")
    assert author.get(made.location).status_code == 200
    assert "The coaching cycle" in text_of(reader.get("/participant/library/"))
    page = text_of(reader.get("/participant/library/the-coaching-cycle"))
    for said in (
        "Look, listen, ask.",
        "Made by Valley County",
        "CC BY 4.0",
        "Protocol · Version 2026 · English",
    ):
        assert said in page


def test_title_in_use_gets_a_key_with_a_number(author: Visitor) -> None:
    places = [author.post(NEW, fields()).location for _ in range(3)]
    assert [place.split("/")[-2] for place in places] == [
        "the-coaching-cycle",
        "the-coaching-cycle-2",
        "the-coaching-cycle-3",
    ]


def test_title_without_latin_letters_gets_the_kind_as_its_key(author: Visitor) -> None:
    made = author.post(NEW, fields(**{"title-en": "教練週期"}))
    assert made.location.endswith("/author/library/protocol/edit")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title-en": "  "}, "Give it a title."),
        ({"key": "Nope nope"}, "Use lower-case letters"),
        ({"key": "new"}, "Use lower-case letters"),
        ({"key": "a" * 70}, "Use lower-case letters"),
        ({"key": "taken"}, "“taken” is the key of something else here."),
        ({"url": "javascript:alert(1)"}, "Write the whole address"),
        ({"url": "https://[broken"}, "Write the whole address"),
        ({"licence_url": "ftp://example.org/x"}, "Write the licence"),
        ({"title-en": "t" * 301}, "This is 301 characters long; 300 are the most."),
        ({"body-en": "b" * 100_001}, "This is 100001 characters long; 100000 are the most."),
        ({"body-en": "", "body-es": "Mirar."}, "Write this in the first language too"),
        ({"version": "v" * 400}, "This is 400 characters long"),
        ({"kind": "image"}, "Say what the picture shows"),
        ({"kind": "link"}, "Write the whole address"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_its_field_and_nothing_typed_is_lost(
    author: Visitor, make_resource: MakeResource, typed: dict[str, str], said: str
) -> None:
    make_resource("taken")
    answer = author.post(NEW, fields(**{"summary-en": "Kept words", **typed}))
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert said in text_of(answer)
    assert "Kept words" in page
    assert "thing needs a change" in text_of(answer)


def test_odd_text_is_kept_or_refused_but_never_an_error(author: Visitor, session: Session) -> None:
    odd = "a\0b\u202e\ud800c".encode("utf-8", "surrogatepass").decode("utf-8", "replace") + "😀" * 50
    answer = author.post(NEW, fields(**{"title-en": odd, "_revision": "9" * 40, "kind": "\0"}))
    assert answer.status_code == 303
    row = session.scalars(select(Resource)).one()
    assert "\0" not in row.title.in_("en")
    assert author.post(f"/author/library/{row.key}/edit", fields(_revision="9" * 40)).status_code == 422


def test_each_saving_is_a_revision_in_the_audit_and_saving_nothing_is_none(
    author: Visitor, session: Session
) -> None:
    author.post(NEW, fields())
    address = "/author/library/the-coaching-cycle/edit"
    assert author.post(address, fields(_revision="1", version="2027")).status_code == 303
    assert author.post(address, fields(_revision="2", version="2027")).status_code == 303
    saved = session.scalars(
        select(AuditEvent).where(AuditEvent.action == "resource.saved").order_by(AuditEvent.id)
    ).all()
    assert [(event.details["revision"], event.details["version"]) for event in saved] == [
        (1, "2026"),
        (2, "2027"),
    ]


def test_who_was_second_is_told_and_saves_knowingly(author: Visitor) -> None:
    author.post(NEW, fields())
    address = "/author/library/the-coaching-cycle/edit"
    author.post(address, fields(_revision="1", source="The first"))
    second = author.post(address, fields(_revision="1", source="The second"))
    assert second.status_code == 422
    assert "Somebody else saved this while you were writing." in text_of(second)
    assert 'value="The second"' in second.get_data(as_text=True)
    assert 'name="_revision" value="2"' in second.get_data(as_text=True)
    assert author.post(address, fields(_revision="2", source="The second")).status_code == 303


def test_changed_source_leaves_translations_stale_until_they_are_written_anew(
    author: Visitor, system: Actor
) -> None:
    author.post(NEW, fields(**{"title-es": "El ciclo"}))
    address = "/author/library/the-coaching-cycle/edit"
    author.post(
        address, fields(_revision="1", **{"title-en": "The cycle of coaching", "title-es": "El ciclo"})
    )
    found = find(system.institute_id, "the-coaching-cycle")
    assert found is not None
    assert found.title.shown("es").stale
    author.post(
        address, fields(_revision="2", **{"title-en": "The cycle of coaching", "title-es": "El ciclo nuevo"})
    )
    found = find(system.institute_id, "the-coaching-cycle")
    assert found is not None
    assert not found.title.shown("es").stale


def test_translation_of_an_unknown_source_that_nobody_touches_stays_as_it_was(
    author: Visitor, make_resource: MakeResource, system: Actor
) -> None:
    summary = Localised({"en": "Three steps", "es": "Tres pasos"}, "en", {})
    made = make_resource(summary=summary)
    typed = {
        "title-en": "The coaching cycle",
        "body-en": "Look, *listen*, ask.",
        "summary-en": "Three steps",
        "summary-es": "Tres pasos",
        "_revision": "1",
    }
    assert author.post("/author/library/coaching-cycle/edit", typed).status_code == 303
    assert find(system.institute_id, "coaching-cycle") == made


def test_file_gives_place_to_another_and_its_address_stays(
    author: Visitor, reader: Visitor, make_resource: MakeResource, session: Session
) -> None:
    kind = ResourceKind.IMAGE
    make_resource("diagram", kind=kind, files=(held(media.png(), "one.png", kind=kind),))
    before = sources(reader.get("/participant/library/diagram"))
    assert upload(author, "diagram", media.png(60, 40), "two.png").status_code == 303
    after = reader.get("/participant/library/diagram")
    assert sources(after) == before
    assert 'width="60" height="40"' in after.get_data(as_text=True)
    assert reader.get(before[0]).data == media.png(60, 40)
    assert session.scalar(select(func.count()).select_from(StoredFile)) == 1  # the former row is gone


def test_file_is_removed_and_the_resource_is_found_no_more(
    author: Visitor, reader: Visitor, film: ResourceDraft
) -> None:
    page = author.get("/author/library/first-session/edit").get_data(as_text=True)
    places = [part.split('"')[0] for part in page.split('action="')[1:] if "/remove" in part.split('"')[0]]
    assert len(places) == 3
    assert author.post(places[0]).status_code == 303
    assert "Nothing to open yet" in text_of(author.get("/author/library/"))
    assert reader.get("/participant/library/first-session").status_code == 404
    assert "A first session" not in text_of(reader.get("/participant/library/"))


def test_archived_resource_is_found_by_nobody_until_it_is_brought_back(
    author: Visitor, reader: Visitor, make_resource: MakeResource
) -> None:
    make_resource()
    author.post("/author/library/coaching-cycle/archive")
    assert reader.get("/participant/library/coaching-cycle").status_code == 404
    assert "The coaching cycle" not in text_of(reader.get("/participant/library/"))
    assert "The coaching cycle" not in text_of(author.get("/author/library/"))
    assert "The coaching cycle" in text_of(author.get("/author/library/?archived=1"))
    author.post("/author/library/coaching-cycle/restore")
    assert reader.get("/participant/library/coaching-cycle").status_code == 200


def test_author_of_another_institute_finds_nothing_here(
    make_institute: Callable[..., Institute],
    make_resource: MakeResource,
    author: Visitor,
    film: ResourceDraft,
) -> None:
    other = make_institute(name="Harbour")
    make_resource("theirs", actor=Actor(institute_id=other.id, person_id=None))
    for path in ("theirs", "theirs/edit"):
        assert author.get(f"/author/library/{path}").status_code == 404
    for path in ("edit", "archive", "restore", "files/1/remove"):
        assert author.post(f"/author/library/theirs/{path}", fields()).status_code == 404
    assert upload(author, "theirs", media.png(), "a.png").status_code == 404
    assert "theirs" not in text_of(author.get("/author/library/"))
