"""Scores and results (AGS 2.0): what the tool sends about a person, and what the gradebook holds."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, request

from lti.sandbox.bodies import (
    SMALLEST_MAXIMUM,
    answer_with,
    bad_request,
    read_number,
    read_object,
    read_text,
    write_number,
)
from lti.sandbox.claims import make_line_item_address
from lti.sandbox.lineitems import parse_instant, require_line_item
from lti.sandbox.paging import link_next, read_page
from lti.sandbox.profiles import Profile
from lti.sandbox.records import find_enrolment, find_person
from lti.sandbox.refusals import ServiceRefusalError
from lti.sandbox.state import current_sandbox
from lti.sandbox.tokens import require_scope
from lti.sandbox.vocabulary import (
    ACTIVITY_PROGRESS,
    FULLY_GRADED,
    GRADING_PROGRESS,
    LEARNER,
    RESULTS,
    SCOPE_RESULT_READ,
    SCOPE_SCORE,
    SCORE,
)

bp = Blueprint("scores", __name__, url_prefix="/courses/<course_id>/lineitems/<int:line_item_id>/lineitem")


@dataclass(frozen=True)
class Score:
    """A score as the tool sent it. ``given`` and ``maximum`` are None together."""

    sub: str
    given: float | None
    maximum: float | None
    comment: str | None
    activity_progress: str
    grading_progress: str
    sent_at: datetime
    submitted_at: datetime | None


@bp.post("/scores")
def receive_score(course_id: str, line_item_id: int) -> Response:
    sandbox = current_sandbox()
    tool = require_scope(SCOPE_SCORE)
    score = _read_score(read_object(SCORE))
    with sandbox.store.writing() as db:
        require_line_item(db, course_id, line_item_id, tool)
        _check_person(db, sandbox.profile, course_id, score.sub)
        _check_order(db, sandbox.profile, line_item_id, score)
        _keep(db, line_item_id, score, sandbox.now())
    return Response(status=200, content_type=SCORE)


@bp.get("/results")
def list_results(course_id: str, line_item_id: int) -> Response:
    sandbox = current_sandbox()
    tool = require_scope(SCOPE_RESULT_READ)
    if "limit" in request.args and not sandbox.profile.pages_results:
        raise ServiceRefusalError(404, "not_found", "Results are not paged here.")
    page = read_page()
    wanted = request.args.get("user_id")
    values = {"item": line_item_id, "sub": wanted, "limit": page.limit, "start": page.start}
    graded = (
        "FROM score WHERE line_item_id = :item AND score_given IS NOT NULL AND (:sub IS NULL OR sub = :sub)"
    )
    with sandbox.store.reading() as db:
        item = require_line_item(db, course_id, line_item_id, tool)
        total = db.execute(f"SELECT COUNT(*) {graded}", values).fetchone()[0]
        rows = db.execute(f"SELECT * {graded} ORDER BY rowid LIMIT :limit OFFSET :start", values).fetchall()
    address = make_line_item_address(sandbox, course_id, line_item_id)
    answer = answer_with([_describe(address, item, row) for row in rows], RESULTS)
    answer.headers.extend(link_next(page, total, curly=sandbox.profile.curly_links))
    return answer


def _read_score(body: Mapping[str, Any]) -> Score:
    given = maximum = None
    if body.get("scoreGiven") is not None:
        given, maximum = read_number(body, "scoreGiven"), read_number(body, "scoreMaximum")
        if given < 0 or maximum < SMALLEST_MAXIMUM:
            raise bad_request("scoreGiven must not be below zero, and scoreMaximum must be above it.")
    return Score(
        sub=read_text(body, "userId", needed=True, longest=255) or "",
        given=given,
        maximum=maximum,
        comment=read_text(body, "comment"),
        activity_progress=_read_choice(body, "activityProgress", ACTIVITY_PROGRESS),
        grading_progress=_read_choice(body, "gradingProgress", GRADING_PROGRESS),
        sent_at=parse_instant(read_text(body, "timestamp", needed=True) or "", "timestamp"),
        submitted_at=_read_submission(body),
    )


def _read_submission(body: Mapping[str, Any]) -> datetime | None:
    """Return when the work was handed in, where the score says so."""
    submission = body.get("submission", {})
    if not isinstance(submission, dict):
        raise bad_request("submission must be an object.")
    times = {
        name: parse_instant(read_text(submission, name) or "", f"submission.{name}")
        for name in ("startedAt", "submittedAt")
        if name in submission
    }
    if len(times) == len(("startedAt", "submittedAt")) and times["submittedAt"] < times["startedAt"]:
        raise bad_request("submission.submittedAt must not be before startedAt.")
    return times.get("submittedAt")


def _read_choice(body: Mapping[str, Any], name: str, choices: frozenset[str]) -> str:
    value = body.get(name)
    if not isinstance(value, str) or value not in choices:
        raise bad_request(f"{name} must be one of {', '.join(sorted(choices))}.")
    return value


def _check_person(db: sqlite3.Connection, profile: Profile, course_id: str, sub: str) -> None:
    person = find_person(db, sub)
    if person is None:
        raise ServiceRefusalError(
            profile.unknown_person_status, "unknown_user", "Nobody here has this userId."
        )
    enrolment = find_enrolment(db, course_id, sub)
    if enrolment is None or enrolment.status != "Active":
        raise ServiceRefusalError(
            profile.not_enrolled_status, "not_enrolled", "This person is not in the course."
        )
    if enrolment.role != LEARNER or person.test_user:
        raise ServiceRefusalError(
            profile.ungradable_status, "not_gradable", "This person is no student here."
        )


def _check_order(db: sqlite3.Connection, profile: Profile, line_item_id: int, score: Score) -> None:
    """Refuse a score that is not later than the stored one, by whole seconds."""
    stored = db.execute(
        "SELECT sent_second FROM score WHERE line_item_id = ? AND sub = ?", (line_item_id, score.sub)
    ).fetchone()
    if stored is None:
        return
    second = int(score.sent_at.timestamp())
    if second < stored["sent_second"] or (profile.equal_is_stale and second == stored["sent_second"]):
        raise ServiceRefusalError(
            profile.stale_status, "stale", "A score with this timestamp or a later one is here."
        )


def _keep(db: sqlite3.Connection, line_item_id: int, score: Score, at: datetime) -> None:
    """Store the score. Whatever is not FullyGraded clears the grade; a comment that is left out is cleared."""
    graded = score.grading_progress == FULLY_GRADED
    db.execute(
        "INSERT INTO score (line_item_id, sub, score_given, score_maximum, comment, activity_progress, "
        "grading_progress, sent_at, sent_second, received_at, submitted_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (line_item_id, sub) DO UPDATE SET score_given = excluded.score_given, "
        "score_maximum = excluded.score_maximum, comment = excluded.comment, "
        "activity_progress = excluded.activity_progress, grading_progress = excluded.grading_progress, "
        "sent_at = excluded.sent_at, sent_second = excluded.sent_second, received_at = excluded.received_at, "
        "submitted_at = excluded.submitted_at",
        (
            line_item_id,
            score.sub,
            score.given if graded else None,
            score.maximum if graded else None,
            score.comment,
            score.activity_progress,
            score.grading_progress,
            score.sent_at.isoformat(),
            int(score.sent_at.timestamp()),
            at.isoformat(),
            score.submitted_at.isoformat() if score.submitted_at else None,
        ),
    )


def _describe(address: str, item: sqlite3.Row, row: sqlite3.Row) -> dict[str, Any]:
    path, _, query = address.partition("?")
    parts = [part for part in (query, f"user_id={row['sub']}") if part]
    described = {
        "id": f"{path}/results?{'&'.join(parts)}",
        "scoreOf": address,
        "userId": row["sub"],
        "resultScore": write_number(row["score_given"] * item["score_maximum"] / row["score_maximum"]),
        "resultMaximum": write_number(item["score_maximum"]),
        "timestamp": row["sent_at"],
    }
    return described | ({"comment": row["comment"]} if row["comment"] is not None else {})
