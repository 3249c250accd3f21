"""A suite's hands inside the platform: failures, tokens made to order, keys, clock, people, links, the log of calls.

Only there where the sandbox was started with its controls. Each request is JSON, so no web page can send one unasked.
"""

import json
import sqlite3
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, request

from lti.sandbox.bodies import bad_request, read_number, read_object, read_text
from lti.sandbox.claims import make_claims
from lti.sandbox.faults import Fault
from lti.sandbox.gradebook import read_gradebook
from lti.sandbox.keys import rotate_keys
from lti.sandbox.minting import BadOrderError, check_order, mint_token
from lti.sandbox.opening import Opening, open_link_as, start_opening
from lti.sandbox.records import find_link, find_person
from lti.sandbox.refusals import ServiceRefusalError
from lti.sandbox.school import add_link, enrol
from lti.sandbox.state import current_sandbox
from lti.sandbox.vocabulary import LEARNER

bp = Blueprint("controls", __name__, url_prefix="/controls")

JSON = "application/json"
MISTAKES = (
    AttributeError,
    TypeError,
    OverflowError,
    ValueError,
    sqlite3.DataError,
    sqlite3.InterfaceError,
    sqlite3.ProgrammingError,
)
MOST_PEOPLE = 20_000
LINK_FIELDS = ("description", "tool_id", "url", "document_target", "dates", "history")
MOST_TOKENS = 1000


@bp.post("/faults")
def add_fault() -> Response:
    """Order a failure: the fields of Fault; ``retry_after`` is short for that header."""
    body = read_object(JSON)
    headers = dict(body.pop("headers", {}))
    if "retry_after" in body:
        headers["Retry-After"] = str(body.pop("retry_after"))
    try:
        current_sandbox().faults.add(Fault(headers=headers, **body))
    except TypeError as error:
        raise bad_request(str(error)) from error
    return jsonify(ordered=True)


@bp.delete("/faults")
def clear_faults() -> Response:
    current_sandbox().faults.clear()
    return jsonify(cleared=True)


@bp.post("/keys")
def change_keys() -> Response:
    """Sign with a new key. ``keep_old: false`` takes the former ones out of the key set."""
    body = read_object(JSON)
    with current_sandbox().store.writing() as db:
        key = rotate_keys(db, keep_old=bool(body.get("keep_old", True)))
    return jsonify(kid=key.kid)


@bp.post("/next-token")
def order_next_token() -> Response:
    """Order how the next id_token is made, ``times`` over (1). The rest is an order of minting.mint_token."""
    body = read_object(JSON)
    times = int(body.pop("times", 1))
    if not 0 < times <= MOST_TOKENS:
        raise bad_request(f"times must be 1 to {MOST_TOKENS}.")
    check_token_order(body)
    sandbox = current_sandbox()
    with sandbox.lock:
        sandbox.tokens_to_spoil.extend([body] * times)
    return jsonify(ordered=times)


@bp.post("/opening")
def open_for_somebody() -> Response:
    """Start an opening of ``link`` by ``sub``, for ``deployment``, and return the fields of the login request."""
    body = read_object(JSON)
    sandbox = current_sandbox()
    with sandbox.store.writing() as db:
        opening = _open(db, body)
        fields = start_opening(db, sandbox, opening)
    return jsonify(action=opening.tool.login_uri, fields=fields)


@bp.post("/mint")
def mint() -> Response:
    """Return an id_token for ``sub``, ``link`` and ``nonce``, made to the order in the other fields."""
    body = read_object(JSON)
    sandbox = current_sandbox()
    named = {name: body.pop(name, "") for name in ("sub", "link", "nonce")}
    named |= {
        "document_target": body.pop("document_target", "iframe"),
        "deployment": body.pop("deployment", ""),
    }
    check_token_order(body)
    with sandbox.store.reading() as db:
        claims = make_claims(db, sandbox, _open(db, named), str(named["nonce"]))
        return jsonify(id_token=mint_token(db, claims, body), claims=claims)


@bp.post("/people")
def add_people() -> Response:
    """Enrol people: ``people`` (records) or ``count`` learners made up here, in ``course``, with ``role``."""
    body = read_object(JSON)
    course_id, role = body.get("course", "leadership-2026"), body.get("role", LEARNER)
    people = body.get("people") or _make_up_people(int(body.get("count", 0)))
    with current_sandbox().store.writing() as db:
        for person in people:
            _keep_person(db, person)
            enrol(db, course_id=course_id, sub=person["sub"], role=person.get("role", role))
    return jsonify(subs=[person["sub"] for person in people])


@bp.post("/enrolments")
def change_enrolment() -> Response:
    """Enrol ``sub`` in ``course``, or change ``role`` or ``status`` (Active, Inactive, Deleted)."""
    body = read_object(JSON)
    with current_sandbox().store.writing() as db:
        enrol(
            db,
            course_id=body.get("course", "leadership-2026"),
            sub=body["sub"],
            role=body.get("role", LEARNER),
            status=body.get("status", "Active"),
        )
    return jsonify(enrolled=True)


@bp.post("/courses")
def add_course() -> Response:
    """Add a course with ``id``, ``title``, ``begins_at``, ``ends_at`` and ``history`` (ids, the nearest first)."""
    body = read_object(JSON)
    values = (body["id"], body.get("label", body["id"]), body.get("title", body["id"]))
    more = (json.dumps(list(body.get("history", []))), body.get("begins_at"), body.get("ends_at"))
    with current_sandbox().store.writing() as db:
        db.execute(
            "INSERT INTO course (id, label, title, history_json, begins_at, ends_at) VALUES (?, ?, ?, ?, ?, ?)",
            (*values, *more),
        )
    return jsonify(id=body["id"])


@bp.post("/links")
def add_course_link() -> Response:
    """Add a link with ``id``, ``title``, ``course``, ``custom``, and what school.add_link takes besides."""
    body = read_object(JSON)
    with current_sandbox().store.writing() as db:
        add_link(
            db,
            link_id=body["id"],
            course_id=body.get("course", "leadership-2026"),
            title=body.get("title", body["id"]),
            custom=body.get("custom", {}),
            login_method=body.get("login_method", "POST"),
            **{name: body[name] for name in LINK_FIELDS if name in body},
        )
    return jsonify(id=body["id"])


@bp.post("/clock")
def shift_clock() -> Response:
    """Move this platform's clock ``seconds`` away from the true one."""
    sandbox = current_sandbox()
    sandbox.shift = timedelta(seconds=read_number(read_object(JSON), "seconds"))
    return jsonify(now=sandbox.now().isoformat())


@bp.post("/tool")
def move_tool() -> Response:
    """Send people to the tool at ``tool_url`` from now on; its keys are fetched again."""
    current_sandbox().point_at(read_text(read_object(JSON), "tool_url", needed=True) or "")
    return jsonify(moved=True)


@bp.post("/revoke")
def revoke_tokens() -> Response:
    """Forget all access tokens that were granted."""
    read_object(JSON)
    with current_sandbox().store.writing() as db:
        db.execute("DELETE FROM access_token")
    return jsonify(revoked=True)


@bp.get("/log")
def read_log() -> Response:
    """Return the calls of the services, oldest first; ``?service=`` and ``?after=`` (an id) choose among them."""
    wanted = {"service": request.args.get("service"), "after": request.args.get("after", 0, type=int)}
    with current_sandbox().store.reading() as db:
        rows = db.execute(
            "SELECT * FROM service_call WHERE id > :after AND (:service IS NULL OR service = :service) ORDER BY id",
            wanted,
        ).fetchall()
    return jsonify(calls=[{**dict(row), "answered": bool(row["answered"])} for row in rows])


@bp.get("/gradebook/<course_id>")
def read_course_gradebook(course_id: str) -> Response:
    """Return a course's gradebook."""
    with current_sandbox().store.reading() as db:
        return jsonify(asdict(read_gradebook(db, course_id)))


def answer_mistakes(blueprint: Blueprint) -> None:
    """Answer an order that lacks a field, has one of the wrong kind, or contradicts what is there."""

    @blueprint.errorhandler(KeyError)
    def refuse_missing_field(error: KeyError) -> tuple[Response, int]:
        return jsonify(error="bad_request", error_description=f"{error} is missing."), 400

    def refuse_wrong_kind(_error: Exception) -> tuple[Response, int]:
        return jsonify(error="bad_request", error_description="A field is of the wrong kind."), 400

    for mistake in MISTAKES:
        blueprint.register_error_handler(mistake, refuse_wrong_kind)

    @blueprint.errorhandler(sqlite3.IntegrityError)
    def refuse_contradiction(error: sqlite3.IntegrityError) -> tuple[Response, int]:
        return jsonify(error="conflict", error_description=str(error)), 409


answer_mistakes(bp)


def _open(db: sqlite3.Connection, body: dict[str, Any]) -> Opening:
    person, link = find_person(db, str(body.get("sub", ""))), find_link(db, str(body.get("link", "")))
    target = body.get("document_target", "iframe")
    opening = None
    if person is not None and link is not None:
        opening = open_link_as(
            db,
            current_sandbox(),
            person=person,
            link=link,
            document_target=target,
            deployment=str(body.get("deployment", "")),
        )
    if opening is None:
        raise not_found("sub and link must name a person and a link.")
    return opening


def check_token_order(order: dict[str, Any]) -> None:
    """Refuse an order that minting does not know."""
    try:
        check_order(order)
    except BadOrderError as error:
        raise bad_request(str(error)) from error


def _make_up_people(count: int) -> list[dict[str, str]]:
    if not 0 < count <= MOST_PEOPLE:
        raise bad_request(f"count must be 1 to {MOST_PEOPLE}.")
    return [{"sub": f"learner-{number}", "name": f"Learner {number}"} for number in range(1, count + 1)]


def _keep_person(db: sqlite3.Connection, person: dict[str, Any]) -> None:
    sub = person["sub"]
    name = person.get("name", sub)
    values = (
        sub,
        person.get("given_name", name.partition(" ")[0]),
        person.get("family_name", name.partition(" ")[2]),
        name,
        person.get("email", f"{sub}@example.test"),
        person.get("locale", "en"),
        person.get("described", "added by a suite"),
        person.get("privacy", "all"),
        bool(person.get("test_user", False)),
        person.get("timezone", ""),
        json.dumps(person.get("mentees", [])),
    )
    db.execute(
        "INSERT INTO person (sub, given_name, family_name, name, email, locale, described, privacy, "
        "test_user, timezone, mentees_json) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (sub) DO UPDATE SET given_name = excluded.given_name, family_name = excluded.family_name, "
        "name = excluded.name, email = excluded.email, locale = excluded.locale, privacy = excluded.privacy, "
        "test_user = excluded.test_user, timezone = excluded.timezone, mentees_json = excluded.mentees_json",
        values,
    )


def not_found(sentence: str) -> ServiceRefusalError:
    """Return the refusal of an order about something that is not there."""
    return ServiceRefusalError(404, "not_found", sentence)
