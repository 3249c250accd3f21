"""What each person is told, and when: chosen by themselves, stopped from a message, duties always."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from institute import clock
from institute.config import Settings
from institute.jobs import worker
from institute.messages import digests
from institute.messages.models import HeldMail
from institute.messages.topics import Topic
from institute.people.models import Institute, Person
from tests.browsing import Visitor
from tests.institute import post

MakePerson = Callable[..., Person]
SignIn = Callable[..., Visitor]
NEWS = Topic("news", 10, "News", "What is new.")
OTHER = Topic("other", 20, "Other things", "What else there is.")
WEDNESDAY = datetime(2026, 10, 14, 19, tzinfo=UTC)  # noon in Los Angeles


@pytest.fixture
def lucia(make_person: MakePerson) -> Person:
    """Somebody with an address, whose clock is that of Los Angeles."""
    return make_person(name="Lucía", email="lucia@example.org", timezone="America/Los_Angeles")


def add_kinds(app: Flask) -> None:
    """Add a kind of each sort."""
    post.add_kind(app, kind="test.news", subject="News for you", topic=NEWS, sign_in=post.opens("/a"))
    post.add_kind(app, kind="test.other", subject="Something else", topic=OTHER)
    post.add_kind(app, kind="test.duty", subject="Somebody waits", topic=NEWS, duty=True)


def choose(sign_in: SignIn, person: Person, **chosen: str) -> int:
    """Choose on the page; return the status of the answer."""
    return sign_in(person).post("/messages/", chosen).status_code


def stop_path(message: EmailMessage) -> str:
    """Return the path at which a message is stopped."""
    return str(message["List-Unsubscribe"]).strip("<>").removeprefix("http://127.0.0.1:8000")


def test_message_of_a_topic_can_be_stopped_with_one_post_and_a_duty_cannot(app: Flask, lucia: Person) -> None:
    add_kinds(app)
    for kind in ("test.news", "test.duty", "test.other"):
        post.tell(lucia, kind=kind)
    messages = {str(one["Subject"]): one for one in post.deliver()}
    assert messages["Somebody waits"]["List-Unsubscribe"] is None
    news = messages["News for you"]
    assert news["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert stop_path(news) in post.text_of(news)
    assert stop_path(news) in post.html_of(news)
    visitor = app.test_client()
    for _ in range(2):
        answer = visitor.post(stop_path(news), data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    for kind in ("test.news", "test.duty", "test.other"):
        post.tell(lucia, {"log": 2}, kind=kind)
    assert [str(one["Subject"]) for one in post.deliver()][3:] == ["Somebody waits", "Something else"]


def test_address_stands_in_its_header_as_it_is_however_long(
    app: Flask, lucia: Person, settings: Settings
) -> None:
    add_kinds(app)
    host = f"https://{'coaching-' * 9}institute.example.org"
    app.extensions["settings"] = dataclasses.replace(settings, public_url=host)
    post.tell(lucia, kind="test.news")
    post.deliver()
    (path,) = post.folder().glob("*.eml")
    (line,) = [one for one in path.read_bytes().split(b"\r\n") if one.startswith(b"List-Unsubscribe:")]
    assert line.startswith(f"List-Unsubscribe: <{host}/mail/stop/".encode())
    assert line.endswith(b">")


def test_looking_at_the_address_stops_nothing(app: Flask, lucia: Person) -> None:
    add_kinds(app)
    post.tell(lucia, kind="test.news")
    (message,) = post.deliver()
    visitor = app.test_client()
    page = visitor.get(stop_path(message))
    assert page.status_code == 200
    assert "News" in page.text
    assert "Lucía" not in page.text
    assert visitor.head(stop_path(message)).status_code == 200
    post.tell(lucia, {"log": 2}, kind="test.news")
    assert len(post.deliver()) == 2


def test_who_stopped_by_mistake_takes_it_back_on_the_page_that_follows(app: Flask, lucia: Person) -> None:
    add_kinds(app)
    post.tell(lucia, kind="test.news")
    (message,) = post.deliver()
    visitor = app.test_client()
    visitor.post(stop_path(message))
    assert visitor.post(f"{stop_path(message)}/back").status_code == 200
    post.tell(lucia, {"log": 2}, kind="test.news")
    assert len(post.deliver()) == 2


@pytest.mark.parametrize("token", ["x", "0" * 3000, "%00", "ä", "AAAA" * 20, "====", "."])
def test_address_that_is_none_of_ours_stops_nothing(app: Flask, token: str) -> None:
    visitor = app.test_client()
    assert visitor.get(f"/mail/stop/{token}").status_code == 422
    assert visitor.post(f"/mail/stop/{token}").status_code == 422


def test_address_of_one_person_does_not_stop_another_s_messages(
    app: Flask, lucia: Person, make_person: MakePerson
) -> None:
    add_kinds(app)
    daniel = make_person(email="daniel@example.org")
    for person in (lucia, daniel):
        post.tell(person, kind="test.news")
    hers = next(one for one in post.deliver() if "lucia" in str(one["To"]))
    app.test_client().post(stop_path(hers))
    for person in (lucia, daniel):
        post.tell(person, {"log": 2}, kind="test.news")
    assert [str(one["To"]) for one in post.deliver()[2:]] == ["daniel@example.org"]


@pytest.mark.parametrize(
    ("cadence", "due"),
    [
        ("daily", datetime(2026, 10, 15, 14, tzinfo=UTC)),  # Thursday, 7:00 in Los Angeles
        ("weekly", datetime(2026, 10, 19, 14, tzinfo=UTC)),  # Monday
    ],
)
def test_digest_comes_in_the_morning_of_its_reader(
    app: Flask, lucia: Person, sign_in: SignIn, cadence: str, due: datetime
) -> None:
    add_kinds(app)
    with clock.frozen(WEDNESDAY):
        assert choose(sign_in, lucia, news=cadence, other=cadence) == 303
        post.tell(lucia, {"log": 1}, kind="test.news")
        post.tell(lucia, {"log": 2}, kind="test.other")
        post.tell(lucia, kind="test.duty")
        assert [str(one["Subject"]) for one in post.deliver()] == ["Somebody waits"]
    with clock.frozen(due - timedelta(seconds=1)):
        assert len(post.deliver()) == 1
    with clock.frozen(due):
        digest = post.deliver()[-1]
        assert len(post.written()) == 2
    assert "Your summary" in str(digest["Subject"])
    text = post.text_of(digest)
    assert text.index("News for you") < text.index("Something else")
    assert len(post.LINK.findall(text)) == 1
    assert digest["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    with clock.frozen(due + timedelta(days=9)):
        assert len(post.deliver()) == 2


def test_digest_keeps_its_hour_where_the_clocks_change(app: Flask, lucia: Person, sign_in: SignIn) -> None:
    add_kinds(app)
    with clock.frozen(datetime(2026, 10, 31, 19, tzinfo=UTC)):  # the clocks go back that night
        choose(sign_in, lucia, news="daily")
        post.tell(lucia, kind="test.news")
        post.deliver()
    with clock.frozen(datetime(2026, 11, 1, 14, 59, tzinfo=UTC)):
        assert post.deliver() == []
    with clock.frozen(datetime(2026, 11, 1, 15, 0, tzinfo=UTC)):
        assert len(post.deliver()) == 1


def test_digest_without_a_zone_of_the_reader_s_comes_in_the_institute_s_morning(
    app: Flask, make_person: MakePerson, make_institute: Callable[..., Institute], sign_in: SignIn
) -> None:
    add_kinds(app)
    hanoi = make_institute(slug="hanoi", timezone="Asia/Ho_Chi_Minh")
    minh = make_person(email="minh@example.org", institute_id=hanoi.id, timezone="Nowhere/At_all")
    with clock.frozen(WEDNESDAY):  # Thursday, 2:00 in Hanoi
        choose(sign_in, minh, news="daily")
        post.tell(minh, kind="test.news")
        assert post.deliver() == []
    with clock.frozen(datetime(2026, 10, 15, 0, 0, tzinfo=UTC)):
        assert len(post.deliver()) == 1


def test_digest_leaves_out_what_nobody_needs_any_more_and_what_was_stopped_meanwhile(
    app: Flask, lucia: Person, sign_in: SignIn, session: Session
) -> None:
    needed = {"log": True}
    post.add_kind(app, kind="test.gone", topic=NEWS, facts=lambda _p, _a: {} if needed["log"] else None)
    post.add_kind(app, kind="test.other", topic=OTHER)
    with clock.frozen(WEDNESDAY):
        choose(sign_in, lucia, news="daily", other="daily")
        post.tell(lucia, kind="test.gone")
        post.tell(lucia, kind="test.other")
        post.deliver()
        needed["log"] = False
        choose(sign_in, lucia, other="none")
    with clock.frozen(WEDNESDAY + timedelta(days=1)):
        assert post.deliver() == []
    assert session.scalar(select(func.count()).select_from(HeldMail)) == 0


def test_digest_is_sent_once_although_the_worker_dies_while_it_is_written(
    app: Flask, lucia: Person, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_kinds(app)
    with clock.frozen(WEDNESDAY):
        choose(sign_in, lucia, news="daily")
        post.tell(lucia, kind="test.news")
        post.deliver()
    morning = WEDNESDAY + timedelta(days=1)

    def die(*_given: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, clock.frozen(morning):
        patched.setattr(digests, "_forget", die)  # sent, and dead before it is written down
        with pytest.raises(KeyboardInterrupt):
            worker.run_once(app)
    (first,) = post.written()
    with clock.frozen(morning + timedelta(minutes=2)):  # the lease has ended
        again = post.deliver()
    assert {one["Message-ID"] for one in again} == {first["Message-ID"]}
    with clock.frozen(morning + timedelta(hours=1)):
        assert len(post.deliver()) == len(again)


def test_choice_that_is_none_changes_nothing(app: Flask, lucia: Person, sign_in: SignIn) -> None:
    add_kinds(app)
    visitor = sign_in(lucia)
    answer = visitor.post("/messages/", {"news": "hourly", "other": "none", "unknown": "none"})
    assert answer.status_code == 422
    assert "Choose one of these" in answer.text
    post.tell(lucia, kind="test.other")
    assert len(post.deliver()) == 1
    assert choose(sign_in, lucia, other="none", unknown="none") == 303
    page = visitor.get("/messages/").text
    assert 'name="other" value="none" checked' in page


def test_the_page_says_when_summaries_come_on_the_reader_s_clock(lucia: Person, sign_in: SignIn) -> None:
    page = sign_in(lucia).get("/messages/").text.replace("\u202f", " ")
    assert "Summaries come at 7:00 AM, those of the week on Mondays (Pacific Time)." in page
