"""What each platform's answer means for a score, a row for each thing that happens in the wild."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from lti.services.models import ScoreState
from lti.services.scopes import LINE_ITEM_TYPE, LINE_ITEMS_TYPE, SCORE_TYPE
from tests.lti.services.classroom import TARGET, Classroom
from tests.lti.services.scripted import Say, ScriptedPlatform

SENT, WAITING, GONE, FAILED = (
    ScoreState.SENT,
    ScoreState.WAITING,
    ScoreState.NOT_IN_COURSE,
    ScoreState.FAILED,
)
HTML = {"Content-Type": "text/html"}
PROBLEM = {"errors": [{"type": "unprocessable_entity", "message": "User not found in course"}]}

# (platform, what happens) -> the answers to a score in turn, the state after the first round, its reason, the state in
# the end, how many scores were sent and how many tokens asked for.
SCORES: dict[str, tuple[list[Say], ScoreState, str, ScoreState, int, int]] = {
    "any: taken with 200": ([Say(200)], SENT, "", SENT, 1, 1),
    "any: taken with 201": ([Say(201, {"id": 1})], SENT, "", SENT, 1, 1),
    "any: taken with 204": ([Say(204)], SENT, "", SENT, 1, 1),
    "any: taken, with a page of HTML": ([Say(200, b"<html>", HTML)], SENT, "", SENT, 1, 1),
    "Moodle: taken": ([Say.recorded("ags-score-post")], SENT, "", SENT, 1, 1),
    "Moodle: a suspended person's is taken": ([Say.recorded("ags-score-suspended-user")], SENT, "", SENT, 1, 1),
    "11 Canvas: 429": ([Say(429, headers={"Retry-After": "5"}), Say(200)], WAITING, "BUSY", SENT, 2, 1),
    "11 Canvas of old: 403, rate limit": (
        [Say(403, b"403 Forbidden (Rate Limit Exceeded)"), Say(200)], WAITING, "BUSY", SENT, 2, 1,
    ),
    "11 any: 503 with a date": (
        [Say(503, headers={"Retry-After": "Sun, 06 Nov 1994 08:49:37 GMT"}), Say(200)], WAITING, "BUSY", SENT, 2, 1,
    ),
    "12 any: 401, then a fresh token serves": ([Say(401), Say(200)], SENT, "", SENT, 2, 2),
    "12 Open edX: 403, then a fresh token serves": ([Say(403), Say(200)], SENT, "", SENT, 2, 2),
    "12 Moodle: 401 for a bad token": (
        [Say.recorded("ags-score-bad-token"), Say.recorded("ags-score-post")], SENT, "", SENT, 2, 2,
    ),
    "13 Moodle: the scope was cut, 401 with a fresh token": (
        [Say.recorded("ags-score-readonly-token")] * 2 + [Say(200)], WAITING, "NOT-ALLOWED", SENT, 3, 2,
    ),
    "16 Moodle: 409 at the stored second": (
        [Say.recorded("ags-score-same-timestamp-again"), Say(200)], WAITING, "STALE", SENT, 2, 1,
    ),
    "16 Moodle: 409, older": (
        [Say.recorded("ags-score-older-timestamp"), Say(200)], WAITING, "STALE", SENT, 2, 1,
    ),
    "16 Moodle: 409, a timestamp in the future holds the place": (
        [Say.recorded("ags-score-after-future")] * 5 + [Say(200)], WAITING, "STALE", SENT, 6, 1,
    ),
    "16 Canvas: 400 if older": (
        [Say(400, {"error": "The timestamp is before the last one"}), Say(200)], WAITING, "STALE", SENT, 2, 1,
    ),
    "16 Open edX: 400 if equal": (
        [Say(400, {"timestamp": ["Score timestamp can only be updated to a later point in time"]}), Say(200)],
        WAITING, "STALE", SENT, 2, 1,
    ),
    "18 Canvas: 422, not in the course": ([Say(422, PROBLEM)], GONE, "REFUSED-422", GONE, 1, 1),
    "18 Moodle: 400, not enrolled": (
        [Say.recorded("ags-score-not-enrolled")], GONE, "REFUSED-400", GONE, 1, 1,
    ),
    "18 Moodle: 400, a teacher": ([Say.recorded("ags-score-teacher")], GONE, "REFUSED-400", GONE, 1, 1),
    "18 Moodle: 400, unknown": ([Say.recorded("ags-score-unknown-user")], GONE, "REFUSED-400", GONE, 1, 1),
    "18 Moodle: 400, of another course": (
        [Say.recorded("ags-score-wrong-course")], GONE, "REFUSED-400", GONE, 1, 1,
    ),
    "18 Blackboard: 400": ([Say(400, {"status": 400})], GONE, "REFUSED-400", GONE, 1, 1),
    "18 Brightspace: 403, left": ([Say(403, {})], GONE, "NOT-ALLOWED-403", GONE, 2, 2),
    "18 Brightspace: 404, left, while the column is there": ([Say(404, {})], GONE, "MISSING-404", GONE, 1, 2),
    "Moodle: a locked item is 500": (
        [Say.recorded("ags-score-locked"), Say.recorded("ags-score-post")], WAITING, "BUSY", SENT, 2, 1,
    ),
    "any: moved to a page for maintenance": (
        [Say(302, headers={"Location": "/maintenance"}), Say(200)], WAITING, "UNREADABLE", SENT, 2, 1,
    ),
    "Open edX: 415 for a media type": ([Say(415)], FAILED, "REFUSED", FAILED, 1, 1),
}  # fmt: skip


@pytest.mark.parametrize("happens", SCORES)
def test_answer_to_a_score_has_its_outcome(
    scripted: ScriptedPlatform, scripted_classroom: Classroom, happens: str
) -> None:
    answers, first, reason, last, sent, tokens = SCORES[happens]
    learner = scripted_classroom.learner(
        scripted_classroom.link(lineitem_url=f"{scripted.url}/item?type_id=2")
    )
    scripted_classroom.tick(learner, 1)
    scripted.tell("POST", "/item/scores", *answers)
    scripted.tell("GET", "/item", Say(200, {"id": f"{scripted.url}/item"}, {"Content-Type": LINE_ITEM_TYPE}))
    scripted_classroom.work()
    [score] = scripted_classroom.scores()
    assert (score.state, score.reason) == (first, reason)
    scripted_classroom.work_through(timedelta(hours=2))
    [score] = scripted_classroom.scores()
    assert score.state is last
    asked = scripted.asked_for("/item/scores")
    assert (len(asked), scripted.tokens) == (sent, tokens)
    assert {one.headers["Content-Type"] for one in asked} == {SCORE_TYPE}
    assert {tuple(one.query["type_id"]) for one in asked} == {("2",)}
    stamps = [one.json["timestamp"] for one in asked]
    assert stamps == sorted(stamps)
    for one in asked:
        assert (one.json["activityProgress"], one.json["gradingProgress"]) == ("InProgress", "FullyGraded")
        assert one.json["submission"]["submittedAt"] <= one.json["timestamp"]


TOKENS: dict[str, tuple[Say, str]] = {
    "10 Moodle: unknown client, 400": (Say.recorded("token-unknown-client"), "TOKEN-REFUSED"),
    "10 Moodle: signature not verified, 400": (Say.recorded("token-bad-signature"), "TOKEN-REFUSED"),
    "10 Moodle: assertion expired, 400": (Say.recorded("token-expired-assertion"), "TOKEN-REFUSED"),
    "13 Moodle: unknown scope, 400": (Say.recorded("token-unknown-scope"), "TOKEN-REFUSED"),
    "Moodle: its key fetching is blocked, 404": (
        Say.recorded("token-moodle-default-curl-blocklist"), "TOKEN-REFUSED",
    ),
    "10 Canvas: audience not known, 401": (Say(401, {"error": "invalid_client"}), "TOKEN-REFUSED"),
    "11 any: 429": (Say(429, headers={"Retry-After": "30"}), "BUSY"),
    "any: 200 with a page": (Say(200, b"<html>", HTML), "UNREADABLE"),
}  # fmt: skip


@pytest.mark.parametrize("happens", TOKENS)
def test_answer_to_the_wish_for_a_token_holds_the_score_back_until_it_is_given(
    scripted: ScriptedPlatform, scripted_classroom: Classroom, happens: str
) -> None:
    said, reason = TOKENS[happens]
    learner = scripted_classroom.learner(scripted_classroom.link(lineitem_url=f"{scripted.url}/item"))
    scripted_classroom.tick(learner, 1)
    scripted.tell("POST", "/token", said, Say.recorded("token-all-scopes"))
    scripted.tell("POST", "/item/scores", Say())
    scripted_classroom.work()
    [score] = scripted_classroom.scores()
    assert (score.state, score.reason) == (WAITING, reason)
    assert scripted.asked_for("/item/scores") == []
    scripted_classroom.work_through(timedelta(minutes=5))
    assert [score.state for score in scripted_classroom.scores()] == [SENT]


def ours(scripted: ScriptedPlatform, **more: Any) -> dict[str, Any]:
    """Return our column as a platform describes it."""
    return {
        "id": f"{scripted.url}/item",
        "label": "Ours",
        "scoreMaximum": 100,
        "resourceId": TARGET,
        "tag": "progress",
        "resourceLinkId": "link-segment-1",
        **more,
    }


@pytest.mark.parametrize(
    ("listed", "made", "expected"),
    [
        (Say(200, []), Say.recorded("ags-lineitem-create-readonly-token"), (WAITING, "NOT-ALLOWED")),
        (Say(200, []), Say(403, {}), (FAILED, "NO-LINE-ITEM")),
        (Say(200, []), Say.recorded("ags-lineitem-create-content-type-json"), (FAILED, "NO-LINE-ITEM")),
        (Say(404, {}), Say(201, {}), (FAILED, "NO-LINE-ITEM")),
        (Say(503), Say(201, {}), (WAITING, "BUSY")),
        (Say(200, {"items": []}), Say(201, {}), (WAITING, "UNREADABLE")),
        (Say(200, []), Say(201, {"label": "no id"}), (WAITING, "UNREADABLE")),
    ],
    ids=["401", "403", "media type", "no gradebook", "503", "no list", "no address"],
)
def test_a_column_that_cannot_be_had_is_told_or_tried_later(
    scripted: ScriptedPlatform,
    scripted_classroom: Classroom,
    listed: Say,
    made: Say,
    expected: tuple[ScoreState, str],
) -> None:
    learner = scripted_classroom.learner(scripted_classroom.link())
    scripted_classroom.tick(learner, 1)
    scripted.tell("GET", "/lineitems", listed)
    scripted.tell("POST", "/lineitems", made)
    scripted_classroom.work()
    assert [(score.state, score.reason) for score in scripted_classroom.scores()] == [expected]


def test_a_column_that_is_gone_is_looked_for_by_its_names_and_made_with_a_whole_maximum_and_the_media_types(
    scripted: ScriptedPlatform, scripted_classroom: Classroom
) -> None:
    learner = scripted_classroom.learner(scripted_classroom.link(lineitem_url=f"{scripted.url}/gone"))
    scripted_classroom.tick(learner, 1)
    scripted.tell("POST", "/gone/scores", Say.recorded("ags-score-missing-lineitem"))
    scripted.tell("GET", "/gone", Say.recorded("ags-lineitem-get-deleted"))
    scripted.tell("GET", "/lineitems", Say.recorded("ags-lineitems-by-tag"))
    scripted.tell("POST", "/lineitems", Say(201, ours(scripted)))
    scripted.tell("POST", "/item/scores", Say.recorded("ags-score-post"))
    scripted_classroom.work()
    assert [score.state for score in scripted_classroom.scores()] == [SENT]
    named, linked, made = scripted.asked_for("/lineitems")
    assert named.query == {"resource_id": [TARGET], "tag": ["progress"]}
    assert linked.query == {"resource_link_id": ["link-segment-1"]}
    assert {named.headers["Accept"], linked.headers["Accept"]} == {LINE_ITEMS_TYPE}
    assert (made.headers["Content-Type"], made.headers["Accept"]) == (LINE_ITEM_TYPE, LINE_ITEM_TYPE)
    assert type(json.loads(made.body)["scoreMaximum"]) is int
    assert made.json["resourceLinkId"] == "link-segment-1"
