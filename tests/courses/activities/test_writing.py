"""Writing: what is typed is saved, done ticks the step, and of two windows neither text is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from courses.catalogue.drafts import OpeningDraft
from institute import clock
from institute.actors import Actor
from tests.courses.activities.conftest import ACTIVITIES, MATERIALS, NOW, Working
from tests.programmes import renew, segment_draft, with_segment


def test_a_reflection_is_kept_and_done_ticks_its_step(working: Working) -> None:
    page = working.page("reflect")
    assert "<strong>notice</strong>" in page
    assert working.send("reflect", text="I interrupted twice.").status_code == 303
    assert not working.ticked("reflect")
    assert working.send("reflect", "/done", text="I interrupted three times.").status_code == 303
    assert working.ticked("reflect")
    assert "I interrupted three times." in working.page("reflect")
    assert "Change it" in working.page("reflect")


def test_undoing_keeps_the_text(working: Working) -> None:
    working.send("reflect", "/done", text="First.")
    assert working.send("reflect", "/again").status_code == 303
    assert not working.ticked("reflect")
    assert ">\nFirst.</textarea>" in working.page("reflect")


def test_an_empty_reflection_is_not_done(working: Working) -> None:
    answer = working.send("reflect", "/done", text=" \n ")
    assert answer.status_code == 422
    assert "Write a few words first." in answer.text
    assert not working.ticked("reflect")


def test_a_draft_saves_itself_and_says_when(working: Working) -> None:
    answer = working.send("reflect", "/autosave", text="Half a sent")
    assert answer.get_json() == {"revision": 1, "said": "Saved at 12:00\u202fPM"}
    with clock.frozen(NOW + timedelta(seconds=20)):
        assert working.send("reflect", "/autosave", text="Half a sentence").get_json()["revision"] == 2
    work = working.work("reflect")
    assert work is not None
    assert work.text == "Half a sentence"
    assert working.kept("reflect") == []
    assert "Saved at 12:00" in working.page("reflect")


def test_a_late_save_shows_both_texts_and_loses_neither(working: Working) -> None:
    working.send("reflect", text="From the first window", revision=0)
    late = working.send("reflect", text="From the second window", revision=0)
    assert late.status_code == 409
    assert ">\nFrom the second window</textarea>" in late.text
    assert ">\nFrom the first window</textarea>" in late.text
    assert 'name="_revision" value="1"' in late.text
    work = working.work("reflect")
    assert work is not None
    assert work.text == "From the first window"
    assert working.kept("reflect") == ["kept: From the first window", "clashed: From the second window"]
    assert working.send("reflect", text="Both", revision=1).status_code == 303
    page = working.page("reflect")
    assert "From the first window" in page
    assert "from another window" in page


def test_a_late_autosave_is_told_and_kept_once(working: Working) -> None:
    working.send("reflect", text="From the first window", revision=0)
    for _ in range(2):
        late = working.send("reflect", "/autosave", text="From the second", revision=0)
        assert late.status_code == 409
        assert "Both are kept" in late.get_json()["said"]
    assert working.kept("reflect")[1:] == ["clashed: From the second"]


def test_a_window_that_says_the_same_changes_nothing(working: Working) -> None:
    working.send("reflect", text="The same", revision=0)
    assert working.send("reflect", text="The same", revision=0).status_code == 303
    assert (working.revision("reflect"), working.kept("reflect")) == (1, [])


def test_what_is_typed_after_it_was_done_elsewhere_is_kept(working: Working) -> None:
    working.send("reflect", "/done", text="Finished")
    late = working.send("reflect", "/autosave", text="Finished, and more")
    assert late.status_code == 409
    page = working.send("reflect", text="Finished, and even more")
    assert page.status_code == 409
    assert "Finished, and even more" in page.text
    work = working.work("reflect")
    assert work is not None
    assert work.text == "Finished"
    assert len([text for text in working.kept("reflect") if text.startswith("clashed")]) == 2


def test_a_text_of_an_earlier_sitting_stays_in_the_history(working: Working) -> None:
    working.send("reflect", text="Of the morning")
    with clock.frozen(NOW + timedelta(hours=3)):
        working.send("reflect", text="Of the afternoon")
        assert working.kept("reflect") == ["kept: Of the morning"]
        assert "Of the morning" in working.page("reflect")


def test_a_text_that_goes_all_at_once_stays_in_the_history(working: Working) -> None:
    working.send("reflect", text="long " * 100)
    working.send("reflect", text="")
    assert working.kept("reflect") == ["kept: " + "long " * 100]


@pytest.mark.parametrize("length", [50_001, 10_000_000])
def test_a_text_that_is_too_long_is_refused_and_given_back(working: Working, length: int) -> None:
    answer = working.send("reflect", text="x" * length)
    assert answer.status_code in {413, 422}
    if answer.status_code == 422:
        assert "50000 are possible" in answer.text
        assert "x" * length in answer.text
    assert working.work("reflect") is None


@pytest.mark.parametrize("revision", ["", "-1", "1e9", "9" * 40, "one", "\0"])
def test_a_revision_that_is_none_counts_as_none(working: Working, revision: str) -> None:
    fields = {"_revision": revision, "text": "Typed"}
    assert working.person.post(working.url("reflect"), fields).status_code == 303
    again = {"_revision": revision, "text": "Typed again"}
    assert working.person.post(working.url("reflect"), again).status_code == 409


def test_odd_characters_come_back_as_they_are(working: Working) -> None:
    odd = "עברית \u202e <script>alert(1)</script> 👩🏽\u200d🏫 \ud7ff\n\n&amp;"
    working.send("reflect", text=odd + "\0")
    work = working.work("reflect")
    assert work is not None
    assert work.text == odd
    assert "<script>alert(1)" not in working.page("reflect")


def test_a_document_begins_with_its_template_and_prints_as_it_reads(working: Working) -> None:
    assert ">\n# My plan\n\nWrite *here*.</textarea>" in working.page("write")
    assert working.send("write", "/done", text="# My plan\n\nWrite *here*.").status_code == 422
    assert working.work("write") is None
    hostile = "# My plan\n\nVisit **two** rooms <script>alert(1)</script>"
    assert working.send("write", "/done", text=hostile).status_code == 303
    assert working.ticked("write")
    for text in (working.page("write"), working.person.get(working.url("write", "/paper")).text):
        assert "<strong>two</strong>" in text
        assert "<script>alert" not in text


def test_a_note_is_kept_beside_a_tick(working: Working) -> None:
    assert working.send("practise", "/done", text="Tried it on Monday").status_code == 303
    assert working.ticked("practise")
    assert "Tried it on Monday" in working.page("practise")


@pytest.mark.parametrize("key", ["accept", "read"])
def test_a_material_is_shown_before_it_is_said_to_be_read(working: Working, key: str) -> None:
    page = working.page(key)
    assert "<strong>nine</strong>" in page
    assert "I have read this" in page
    assert working.send(key, "/done").status_code == 303
    assert working.ticked(key)
    assert working.work(key) is None


def test_an_old_reflection_without_a_prompt_stays_a_tick(working: Working) -> None:
    assert working.person.get(working.url("old")).status_code == 404
    assert working.send("old", text="Anything").status_code == 422


def test_a_meeting_is_not_ticked_here(working: Working) -> None:
    assert "both confirmed a session" in working.page("meet")
    assert working.send("meet", "/done").status_code == 422
    assert not working.ticked("meet")


@pytest.mark.parametrize("key", ["reflect", "assess", "write", "hand-in", "accept"])
def test_a_bare_tick_does_not_do_what_is_done_on_its_page(working: Working, key: str) -> None:
    address = f"/participant/modules/module-1/segment-1/steps/{key}"
    refused = working.person.post(address, {"done": "1"})
    assert (refused.status_code, working.ticked(key)) == (409, False)
    assert "done on its own page" in refused.text


def test_a_bare_tick_does_not_take_back_what_was_done_on_its_page(working: Working) -> None:
    working.send("reflect", "/done", text="I listened.")
    address = "/participant/modules/module-1/segment-1/steps/reflect"
    assert working.person.post(address).status_code == 409
    assert working.ticked("reflect")


def test_what_was_begun_can_be_read_while_its_segment_is_closed(working: Working, system: Actor) -> None:
    working.send("reflect", text="I began this.")
    waiting = segment_draft(activities=ACTIVITIES, materials=MATERIALS, opens=OpeningDraft((), 3000))
    renew(with_segment(waiting), actor=system)
    page = working.page("reflect")
    assert "I began this." in page
    assert "This segment is not open now" in page
    assert "<textarea" not in page
    assert working.send("reflect", text="More").status_code == 409
    assert working.person.get(working.url("assess")).status_code == 409
