"""Publishing, the history, and whole programmes that are replaced."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from courses.authoring.models import Draft, DraftRevision
from courses.authoring.replacing import follow_version, put_content
from courses.authoring.saving import save
from courses.authoring.shelf import PartHere, part_here, read_content, take_up
from courses.catalogue.drafts import (
    InstrumentDraft,
    ModuleDraft,
    OpeningDraft,
    ProgrammeContent,
    ProgrammeDraft,
    SegmentDraft,
)
from courses.catalogue.models import Programme, ProgrammeId, ProgrammeVersion
from courses.catalogue.queries import newest_version
from courses.catalogue.reviving import content_of
from institute.actors import Actor
from institute.db import transaction
from institute.i18n import Localised
from tests.browsing import Visitor
from tests.courses.authoring.conftest import OUTLINE
from tests.programmes import english, module, programme, publish, segment_draft

Fields = Callable[..., dict[str, Any]]


def _versions(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(ProgrammeVersion)) or 0


def _write(author: Visitor, here: PartHere, fields: dict[str, Any]) -> None:
    assert author.post(f"{OUTLINE}/modules/{here.part_id}", fields).status_code == 303


def test_what_is_written_becomes_the_next_version_and_the_parts_keep_their_identity(
    author: Visitor, part: Callable[[str], PartHere], module_form: Fields, session: Session, acting: Actor
) -> None:
    _write(author, part("module-1"), module_form(part("module-1"), title="Core practice, renewed"))
    page = author.get(f"{OUTLINE}/publish").text
    assert "Publish version 2" in page
    assert "Core practice, renewed" in page
    answer = author.post(f"{OUTLINE}/publish", {"note": "A better title.", "stale_ok": "1"})
    assert answer.status_code == 303
    version = session.get_one(ProgrammeVersion, newest_version(acting.institute_id, "leadership"))
    assert (version.number, version.note) == (2, "A better title.")
    content = content_of(version.id)
    assert str(content.modules[0].draft.title) == "Core practice, renewed"
    assert content == read_content(version.programme_id)
    assert "nothing changed since" in author.get(OUTLINE).text


def test_missing_translations_ask_for_a_tick_and_keep_what_was_typed(
    author: Visitor, part: Callable[[str], PartHere], module_form: Fields, session: Session
) -> None:
    _write(author, part("module-1"), module_form(part("module-1"), title="Renewed"))
    answer = author.post(f"{OUTLINE}/publish", {"note": "What I typed"})
    assert answer.status_code == 422
    assert "What I typed" in answer.text
    assert "Some translations are missing" in answer.text
    assert "Spanish" in answer.text
    assert _versions(session) == 1


def test_note_that_is_too_long_comes_back_whole(
    author: Visitor, part: Callable[[str], PartHere], module_form: Fields, session: Session
) -> None:
    _write(author, part("module-1"), module_form(part("module-1"), title="Renewed"))
    answer = author.post(f"{OUTLINE}/publish", {"note": "n" * 5000, "stale_ok": "1"})
    assert answer.status_code == 422
    assert "n" * 5000 in answer.text
    assert _versions(session) == 1


def test_stale_translations_are_counted_and_published_only_knowingly(author: Visitor, system: Actor) -> None:
    languages = ("en", "es", "zh_Hant", "vi", "ar")
    whole = programme(module(number=1))
    everywhere = Localised.of(dict.fromkeys(languages, "Leadership"))
    stale = everywhere.revised("Leading")
    publish(replace(whole, programme=replace(whole.programme, title=stale)), actor=system)
    author.post(f"{OUTLINE}/modules", {"title": "A second one"})
    page = author.get(f"{OUTLINE}/publish").text
    assert "1 text older than its source" in page
    refused = author.post(f"{OUTLINE}/publish", {"note": ""})
    assert (refused.status_code, 'href="#stale_ok"' in refused.text) == (422, True)
    assert author.post(f"{OUTLINE}/publish", {"note": "", "stale_ok": "1"}).status_code == 303


def test_mistakes_refuse_and_each_leads_to_its_place(
    author: Visitor, system: Actor, acting: Actor, session: Session
) -> None:
    publish(programme(), actor=system)
    take_up("leadership", actor=acting)
    here = part_here("leadership", "module-1/segment-1", actor=acting)
    assert here.part_id
    assert isinstance(here.draft, SegmentDraft)
    waiting = replace(here.draft, opens=OpeningDraft(("module-9",)))
    save(here.part_id, waiting, revision=here.revision, actor=acting)
    page = author.get(f"{OUTLINE}/publish").text
    assert "1 mistake forbids it" in page
    assert f"/author/segments/leadership/{here.part_id}/" in page
    answer = author.post(f"{OUTLINE}/publish", {"stale_ok": "1"})
    assert answer.status_code == 422
    assert _versions(session) == 1


def test_new_programme_is_begun_written_and_published(author: Visitor, session: Session) -> None:
    answer = author.post("/author/new-programme", {"title": "Liderazgo", "summary": "", "source": "es"})
    assert answer.status_code == 303
    assert answer.location.endswith("/author/programmes/liderazgo")
    page = author.get(answer.location).text
    assert "nobody but authors sees it" in page
    assert "No module yet" in page
    added = author.post("/author/programmes/liderazgo/modules", {"title": "Primer módulo"})
    assert added.status_code == 303
    published = author.post("/author/programmes/liderazgo/publish", {"stale_ok": "1"})
    assert published.status_code == 303
    row = session.scalars(select(Programme).where(Programme.slug == "liderazgo")).one()
    assert row.current_version_id is not None


@pytest.mark.parametrize(
    "fields", [{}, {"title": ""}, {"title": "x" * 999}, {"title": "A", "source": "tlh"}, {"title": "\x00"}]
)
def test_programme_that_cannot_be_begun_comes_back(author: Visitor, fields: dict[str, str]) -> None:
    answer = author.post("/author/new-programme", {"source": "en", "summary": "Typed before", **fields})
    assert answer.status_code == 422
    assert "Typed before" in answer.text


def test_settings_are_kept_and_clash_like_everything_else(
    author: Visitor, other: Visitor, part: Callable[[str], PartHere]
) -> None:
    fields = {"_revision": "1", "do": "save", "title": "Leading", "summary": "For directors."}
    assert author.post(f"{OUTLINE}/settings", fields).status_code == 303
    assert str(part("").draft.title) == "Leading"
    clash = other.post(f"{OUTLINE}/settings", {**fields, "title": "Leadership for all"})
    assert clash.status_code == 409
    assert "Leading" in clash.text
    assert author.get(f"{OUTLINE}/history").status_code == 200


def test_history_says_what_each_text_changed_and_an_old_one_comes_back(
    author: Visitor, part: Callable[[str], PartHere], module_form: Fields, session: Session
) -> None:
    here = part("module-1")
    for words in ("Second text", "Third text"):
        _write(author, here, module_form(part("module-1"), description=words))
    page = author.get(f"{OUTLINE}/parts/{here.part_id}/history").text
    assert page.count("Description") >= 2
    oldest = _revision(session, here, 1)
    shown = author.get(f"{OUTLINE}/revisions/{oldest}").text
    assert "Third text" in shown
    late = author.post(f"{OUTLINE}/revisions/{oldest}", {"_revision": "1"})
    assert late.status_code == 409
    now = str(part("module-1").revision)
    assert author.post(f"{OUTLINE}/revisions/{oldest}", {"_revision": now}).status_code == 303
    assert "Where it comes from." in author.get(f"{OUTLINE}/modules/{here.part_id}").text


def test_no_text_of_the_history_is_ever_changed(
    app: Flask, part: Callable[[str], PartHere], session: Session
) -> None:
    part("module-1")
    for statement in ("UPDATE draft_revision SET number = 9", "DELETE FROM draft_revision"):
        with pytest.raises(DatabaseError, match="append-only"), transaction() as writing:
            writing.execute(text(statement))


def test_content_that_is_put_in_replaces_the_drafts_and_keeps_their_history(
    published: ProgrammeId, acting: Actor, session: Session
) -> None:
    take_up("leadership", actor=acting)
    before = part_here("leadership", "module-1/segment-1", actor=acting)
    texts = session.scalar(select(func.count()).select_from(DraftRevision)) or 0
    wished = ProgrammeContent(
        ProgrammeDraft("leadership", english("Leadership, again")),
        (
            module(segment_draft(number=1, slug="opening"), segment_draft(number=2, slug="segment-1")),
            module(number=2),
        ),
        (InstrumentDraft("compass", english("Compass"), (), ()),),
    )
    assert put_content(wished, actor=acting) == published
    assert read_content(published) == wished
    after = part_here("leadership", "module-1/segment-1", actor=acting)
    assert after.part_id == before.part_id
    assert part_here("leadership", "module-1/segment-2", actor=acting).removed
    assert (session.scalar(select(func.count()).select_from(DraftRevision)) or 0) > texts
    assert put_content(wished, actor=acting) == published  # once more: nothing to do


def test_untouched_drafts_follow_a_version_from_elsewhere_and_written_ones_do_not(
    published: ProgrammeId, system: Actor, acting: Actor
) -> None:
    take_up("leadership", actor=acting)
    publish(programme(module(segment_draft(), number=1), module(number=2)), actor=system)
    assert follow_version("leadership", actor=system)
    version = newest_version(system.institute_id, "leadership")
    assert read_content(published) == content_of(version)
    here = part_here("leadership", "module-2", actor=acting)
    assert here.part_id
    assert isinstance(here.draft, ModuleDraft)
    save(here.part_id, replace(here.draft, core=True), revision=here.revision, actor=acting)
    publish(programme(module(number=1)), actor=system)
    assert not follow_version("leadership", actor=system)


def test_home_says_what_was_written_last_and_what_waits(
    author: Visitor, part: Callable[[str], PartHere], module_form: Fields
) -> None:
    part("module-1")
    assert "Everything is published" in author.get("/author/").text
    _write(author, part("module-1"), module_form(part("module-1"), title="My newest title"))
    home = author.get("/author/").text
    assert "Go on with" in home
    assert "My newest title" in home
    assert "Waits to be published" in home
    assert "changes not published" in author.get("/author/programmes/").text


def _revision(session: Session, here: PartHere, number: int) -> int:
    return session.scalars(
        select(DraftRevision.id)
        .join(Draft, Draft.id == DraftRevision.draft_id)
        .where(Draft.part_id == here.part_id, DraftRevision.number == number)
    ).one()
