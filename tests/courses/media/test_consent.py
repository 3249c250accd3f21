"""Consent of the people shown: asked by a link, given, withdrawn by the same link; nothing is shown without it."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from sqlalchemy import select

from courses.media.models import Clip, Consent, ConsentLink, ConsentState, ConsentWord
from courses.media.sharing import hidden, shareable
from institute.db import db
from institute.files.models import StoredFileId
from tests.courses.media.conftest import GUARDIAN, Showing, film
from tests.papers import pdf


def _shareable(showing: Showing, clip_id: int, **more: bool) -> bool:
    clip = showing.clip(clip_id)
    assert clip.file_id is not None
    return shareable(clip.file_id, institute_id=clip.institute_id, **more)


def test_a_recording_is_shown_to_nobody_before_everybody_in_it_agreed(showing: Showing) -> None:
    clip_id = showing.add()
    assert not _shareable(showing, clip_id)
    assert showing.act(clip_id, "share", shared="1").status_code == 409
    first, second = showing.name(clip_id), showing.name(clip_id, "Ms Chen", "adult")
    showing.act(clip_id, "declare")
    links = [
        showing.ask(clip_id, first),
        showing.ask(clip_id, second, contact_name="Ms Chen", email="chen@school.example", locale="en"),
    ]
    assert showing.answer(links[0]).status_code == 303
    assert not _shareable(showing, clip_id)
    assert showing.answer(links[1], name="Wei Chen", guardian="").status_code == 303
    assert _shareable(showing, clip_id)
    assert showing.act(clip_id, "share", shared="1").status_code == 303
    assert showing.coach.get(f"/coach{showing.files(clip_id)}").status_code == 200


def test_a_recording_of_nobody_else_is_shown_once_its_participant_said_so(showing: Showing) -> None:
    clip_id = showing.add()
    assert showing.act(clip_id, "declare").status_code == 303
    assert _shareable(showing, clip_id)


def test_whoever_is_named_later_is_waited_for(showing: Showing) -> None:
    clip_id, _ = showing.shared()
    showing.name(clip_id, "Ana")
    assert not _shareable(showing, clip_id)
    assert showing.coach.get(f"/coach{showing.files(clip_id)}").status_code == 403


def test_the_letter_and_the_page_speak_the_language_of_whoever_decides(showing: Showing) -> None:
    clip_id = showing.add()
    link = showing.ask(clip_id, showing.name(clip_id), locale="ar")
    page = showing.open(link)
    assert page.status_code == 200
    assert 'lang="ar" dir="rtl"' in page.text
    assert "Mateo" in page.text
    assert 'lang="en"' in showing.open(f"{link}?lang=en").text[:400]


def test_withdrawing_by_the_same_link_hides_recording_and_comments_from_everybody_at_once(
    showing: Showing,
) -> None:
    clip_id, link = showing.shared()
    showing.say(showing.coach, clip_id, text="You wait for her answer.")
    assert showing.answer(link, "no").status_code == 303
    assert showing.states(clip_id) == [ConsentState.WITHDRAWN]
    for visitor, area in ((showing.person, "participant"), (showing.coach, "coach")):
        assert visitor.get(f"/{area}{showing.files(clip_id)}").status_code == 403
        page = visitor.get(f"/{area}/media/clips/{clip_id}")
        assert page.status_code == 200
        assert "You wait for her answer." not in page.text
        assert "<video" not in page.text
        assert showing.say(visitor, clip_id).status_code == 403
    clip = showing.clip(clip_id)
    assert hidden(StoredFileId(clip.file_id or 0), institute_id=clip.institute_id)


def test_withdrawing_twice_changes_nothing_more(showing: Showing) -> None:
    clip_id, link = showing.shared()
    showing.answer(link, "no")
    words = list(db.session.scalars(select(ConsentWord.said)))
    assert showing.answer(link, "no").status_code == 303
    assert showing.act(clip_id, f"people/{_person(clip_id)}/withdraw").status_code == 303
    assert list(db.session.scalars(select(ConsentWord.said))) == words == ["given", "withdrawn"]


def test_an_old_page_does_not_undo_what_was_withdrawn_meanwhile(showing: Showing) -> None:
    clip_id, link = showing.shared()
    showing.answer(link, "no")
    late = showing.answer(link, "yes", stands="asked")
    assert late.status_code == 422
    assert showing.states(clip_id) == [ConsentState.WITHDRAWN]


def test_only_whoever_withdrew_can_agree_again(showing: Showing) -> None:
    clip_id, link = showing.shared()
    showing.answer(link, "no")
    person = f"people/{_person(clip_id)}"
    assert showing.act(clip_id, f"{person}/ask", **GUARDIAN).status_code == 409
    assert showing.act(clip_id, f"{person}/remove").status_code == 409
    assert showing.answer(link, "yes").status_code == 303
    assert _shareable(showing, clip_id)


def test_nobody_gets_around_a_no_by_adding_the_same_recording_again(showing: Showing) -> None:
    clip_id, link = showing.agreed()
    showing.answer(link, "no")
    assert showing.act(clip_id, "remove").status_code == 303
    again = showing.person.post(
        "/participant/media/new", {"title": "Again", "file": (io.BytesIO(film()), "b.mp4")}
    )
    assert again.status_code == 409
    assert "does not agree" in again.text


def test_a_no_of_somebody_holds_for_a_colleagues_copy_of_the_recording(
    showing: Showing, make_showing: Callable[..., Showing]
) -> None:
    _, link = showing.agreed()
    other = make_showing("Amina Haddad")
    copy = other.alone()
    assert showing.answer(link, "no").status_code == 303
    assert not _shareable(other, copy)
    assert other.coach.get(f"/coach{other.files(copy)}").status_code == 403


def test_asking_twice_sends_another_letter_and_the_first_link_keeps_working(showing: Showing) -> None:
    clip_id = showing.add()
    person_id = showing.name(clip_id)
    first, second = showing.ask(clip_id, person_id), showing.ask(clip_id, person_id)
    assert first != second
    assert [showing.open(link).status_code for link in (first, second)] == [200, 200]


def test_a_link_that_went_to_a_wrong_address_ends_with_the_right_one(showing: Showing) -> None:
    clip_id = showing.add()
    person_id = showing.name(clip_id)
    first = showing.ask(clip_id, person_id, email="wrong@family.example")
    second = showing.ask(clip_id, person_id)
    assert [showing.open(link).status_code for link in (first, second)] == [422, 200]
    assert showing.answer(first).status_code == 422


def test_nobody_is_asked_without_end_or_after_they_agreed(showing: Showing) -> None:
    clip_id = showing.add()
    person_id = showing.name(clip_id)
    link = [showing.ask(clip_id, person_id) for _ in range(4)][-1]
    ask = f"people/{person_id}/ask"
    assert showing.act(clip_id, ask, **GUARDIAN).status_code == 429
    showing.answer(link)
    assert showing.act(clip_id, ask, **GUARDIAN).status_code == 409
    assert len(db.session.scalars(select(ConsentLink)).all()) == 4


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"email": "lucia@school.example"}, "Nobody agrees for somebody else"),
        ({"email": "nowhere"}, "Write an e-mail address"),
        ({"contact_name": ""}, "Write the name"),
        ({"locale": "xx"}, "Choose a language"),
        ({"contact_name": "x" * 5000}, "Write the name"),
    ],
)
def test_a_wish_to_ask_that_lacks_something_comes_back_with_what_was_typed(
    showing: Showing, form: dict[str, str], said: str
) -> None:
    clip_id = showing.add()
    answer = showing.act(clip_id, f"people/{showing.name(clip_id)}/ask", **{**GUARDIAN, **form})
    assert answer.status_code == 422
    assert said in answer.text
    assert showing.states(clip_id) == []


def test_a_guardian_says_that_they_are_one_and_signs(showing: Showing) -> None:
    clip_id = showing.add()
    link = showing.ask(clip_id, showing.name(clip_id))
    assert showing.answer(link, guardian="").status_code == 422
    assert showing.answer(link, name=" ").status_code == 422
    assert showing.answer(link, decision="perhaps").status_code == 422
    assert showing.states(clip_id) == [ConsentState.ASKED]
    assert showing.answer(link, "no", name="", guardian="").status_code == 303
    assert showing.states(clip_id) == [ConsentState.REFUSED]


def test_raters_learn_with_a_recording_only_where_everybody_agreed_to_that_too(showing: Showing) -> None:
    clip_id, _ = showing.agreed()
    assert not _shareable(showing, clip_id, training=True)
    other = showing.add(film(mark=b"other"))
    showing.act(other, "declare")
    link = showing.ask(other, showing.name(other))
    showing.answer(link, training="1")
    assert _shareable(showing, other, training=True)


def test_the_recording_is_looked_at_by_the_link_only_where_it_shows_nobody_else(showing: Showing) -> None:
    clip_id = showing.add()
    link = showing.ask(clip_id, showing.name(clip_id))
    assert showing.open(f"{link}/recording").status_code == 404  # nobody said yet that this is all
    showing.act(clip_id, "declare")
    assert showing.open(f"{link}/recording").status_code == 200
    showing.name(clip_id, "Ana")
    assert showing.open(f"{link}/recording").status_code == 404


def test_a_signed_document_stands_for_consent_and_a_link_lets_them_change_it(showing: Showing) -> None:
    clip_id = showing.add()
    showing.act(clip_id, "declare")
    person_id = showing.name(clip_id)
    form = {**GUARDIAN, "signed_on": "2026-10-12", "attested": "1"}
    attest = f"people/{person_id}/attest"
    for lacks in ({"attested": ""}, {"signed_on": "2026-10-15"}, {"signed_on": "soon"}):
        paper = (io.BytesIO(pdf()), "signed.pdf")
        assert showing.act(clip_id, attest, **{**form, **lacks, "document": paper}).status_code == 422
    assert showing.act(clip_id, attest, **form).status_code == 422
    answer = showing.act(clip_id, attest, **form, document=(io.BytesIO(pdf()), "signed.pdf"))
    assert answer.status_code == 303
    assert _shareable(showing, clip_id)
    assert showing.person.get(f"/participant/media/clips/{clip_id}/people/{person_id}/document").data == pdf()
    assert showing.answer(showing.newest_link(), "no").status_code == 303
    assert not _shareable(showing, clip_id)


def test_what_somebody_told_the_participant_holds_at_once(showing: Showing) -> None:
    clip_id, _ = showing.shared()
    showing.act(clip_id, f"people/{_person(clip_id)}/withdraw")
    assert showing.coach.get(f"/coach{showing.files(clip_id)}").status_code == 403


def test_a_person_named_by_mistake_comes_off_the_list_before_they_answered(showing: Showing) -> None:
    clip_id = showing.add()
    person_id = showing.name(clip_id)
    link = showing.ask(clip_id, person_id)
    assert showing.act(clip_id, f"people/{person_id}/remove").status_code == 303
    assert showing.open(link).status_code == 422
    assert db.session.scalars(select(Consent)).all() == []


def test_unknown_links_are_answered_alike_and_keep_no_token(showing: Showing) -> None:
    clip_id = showing.add()
    link = showing.ask(clip_id, showing.name(clip_id))
    token = link.rsplit("/", 1)[1]
    assert [one for one in db.session.scalars(select(ConsentLink.token_hash)) if token in one] == []
    assert showing.open("/consent/nothing").status_code == 422
    assert showing.app.test_client().post("/consent/%00").status_code in {404, 422}


def test_people_of_another_participant_are_not_found(
    showing: Showing, make_showing: Callable[..., Showing]
) -> None:
    clip_id = showing.add()
    person_id = showing.name(clip_id)
    own = make_showing("Amina Haddad")
    other = own.add(film(mark=b"hers"))
    for path in (
        f"clips/{clip_id}",
        f"clips/{clip_id}/people/{person_id}",
        f"clips/{other}/people/{person_id}",
    ):
        assert own.person.get(f"/participant/media/{path}").status_code == 404
    assert own.act(other, f"people/{person_id}/ask", **GUARDIAN).status_code == 404
    assert own.act(clip_id, "declare").status_code == 404
    assert db.session.get_one(Clip, clip_id).declared_at is None


def _person(clip_id: int) -> int:
    found = select(Consent.person_shown_id).order_by(Consent.id.desc())
    return db.session.scalars(found).first() or 0
