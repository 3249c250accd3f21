"""Deep linking: what the tool is asked for, and what is made of its signed answer."""

import json
import secrets
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import requests

from lti.sandbox.content_items import BadContentError, check_items
from lti.sandbox.records import Course
from lti.sandbox.registrations import RegisteredTool, find_tool
from lti.sandbox.school import add_link
from lti.sandbox.signatures import BadSignatureError, check_times, verify
from lti.sandbox.state import Sandbox
from lti.sandbox.toolkeys import ToolKeysUnreadableError
from lti.sandbox.vocabulary import DEEP_LINKING_ANSWER, DL, LTI

SECONDS: Final = 3600
PROBE_SECONDS: Final = 5
LONGEST_NONCE: Final = 255
MESSAGES: Final = ("msg", "errormsg", "log", "errorlog")
RESOURCE_KIND: Final = "ltiResourceLink"


class RefusedAnswerError(Exception):
    """An answer of the tool that this platform does not take. The message is a sentence."""


@dataclass(frozen=True)
class Answer:
    """What an answer came to: the titles of what was made, and what the tool says about it."""

    course_id: str
    titles: list[str]
    broken: list[str]
    messages: dict[str, str]
    addresses: list[str]
    """The links' own addresses."""


def start_choosing(
    db: sqlite3.Connection,
    sandbox: Sandbox,
    *,
    tool: RegisteredTool,
    course: Course,
    wishes: Mapping[str, Any],
    sends_data: bool,
    deployment: str = "",
) -> dict[str, Any]:
    """Remember that something is chosen, and return the deep linking settings. ``wishes`` change the profile's."""
    profile, key = sandbox.profile, secrets.token_urlsafe(18)
    settings: dict[str, Any] = {
        "deep_link_return_url": sandbox.address(f"/courses/{course.id}/chosen?key={key}"),
        "accept_types": list(profile.accept_types),
        "accept_presentation_document_targets": ["iframe", "window"],
        "accept_multiple": True,
        "auto_create": False,
        "title": tool.name,
        "text": "",
    }
    if sends_data:
        settings["data"] = secrets.token_urlsafe(24)
    if profile.sends_data:
        settings["accept_lineitem"] = True
    else:
        settings |= {"accept_copy_advice": False, "accept_unsigned": False, "can_confirm": False}
        settings["accept_presentation_document_targets"] = ["frame", "iframe", "window"]
    settings |= wishes
    db.execute(
        "INSERT INTO choosing (key, tool_id, course_id, settings_json, expires_at) VALUES (?, ?, ?, ?, ?)",
        (
            key,
            tool.number,
            course.id,
            json.dumps({"settings": settings, "deployment": deployment or tool.deployment_id}),
            sandbox.second() + SECONDS,
        ),
    )
    return settings


def take_answer(db: sqlite3.Connection, sandbox: Sandbox, course_id: str, key: str, token: str) -> Answer:
    """Make links and line items of the tool's answer, once. Raises RefusedAnswerError."""
    at = sandbox.second()
    row = db.execute(
        "SELECT * FROM choosing WHERE key = ? AND course_id = ? AND used_at IS NULL AND expires_at >= ?",
        (key, course_id, at),
    ).fetchone()
    tool = find_tool(db, sandbox, row["tool_id"]) if row else None
    if row is None or tool is None:
        raise RefusedAnswerError("Nothing was asked for here, or it was answered before.")
    kept = json.loads(row["settings_json"])
    settings = kept["settings"]
    try:
        claims = verify(token, sandbox.keys_of(tool.jwks_uri))
        check_times(at, claims)
        _check_claims(sandbox, tool, kept, claims)
        items = _check_content(sandbox, settings, claims.get(f"{DL}content_items", []))
        _check_domain(tool, items)
    except (BadSignatureError, ToolKeysUnreadableError, BadContentError) as error:
        raise RefusedAnswerError(str(error)) from error
    _use_nonce(db, tool, claims.get("nonce"))
    db.execute("UPDATE choosing SET used_at = ? WHERE key = ?", (at, key))
    answer = Answer(
        course_id, [], [], _read_messages(claims), [item["url"] for item in items if "url" in item]
    )
    for item in items:
        if item["type"] != RESOURCE_KIND and sandbox.profile.breaks_other_types:
            answer.broken.append(_add_broken(db, tool, course_id, item))
        else:
            answer.titles.append(_add(db, sandbox, tool, course_id, item))
    return answer


def probe(_sandbox: Sandbox, address: str) -> None:
    """Look at an address as MoodleBot does, without anybody signed in; whatever comes back is let go."""
    with suppress(requests.RequestException):
        requests.get(address, headers={"User-Agent": "MoodleBot/1.0"}, timeout=PROBE_SECONDS)


def _check_claims(
    sandbox: Sandbox, tool: RegisteredTool, kept: Mapping[str, Any], claims: Mapping[str, Any]
) -> None:
    audience, settings = claims.get("aud"), kept["settings"]
    if claims.get("iss") != tool.client_id:
        raise RefusedAnswerError("iss must be the client id.")
    if audience not in (sandbox.issuer, [sandbox.issuer]):
        raise RefusedAnswerError("aud must be exactly the issuer of this platform.")
    wanted = {"message_type": DEEP_LINKING_ANSWER, "version": "1.3.0", "deployment_id": kept["deployment"]}
    for name, value in wanted.items():
        if claims.get(f"{LTI}{name}") != value:
            raise RefusedAnswerError(f"{name} must be {value}.")
    if claims.get(f"{DL}data") != settings.get("data") or (f"{DL}data" in claims) != ("data" in settings):
        raise RefusedAnswerError("data must be repeated as it was sent, and left out where none was sent.")
    for name in MESSAGES:
        if not isinstance(claims.get(f"{DL}{name}", ""), str):
            raise RefusedAnswerError(f"{name} must be a text.")


def _check_content(sandbox: Sandbox, settings: Mapping[str, Any], items: object) -> list[dict[str, Any]]:
    if sandbox.profile.breaks_other_types:
        settings = {**settings, "accept_types": [*settings["accept_types"], "link", "html", "file", "image"]}
    return check_items(items, settings)


def _check_domain(tool: RegisteredTool, items: Sequence[Mapping[str, Any]]) -> None:
    """Refuse links that lead to another host than the tool's own."""
    home = urlsplit(tool.target).netloc
    for item in items:
        review = item.get("lineItem", {}).get("submissionReview", {})
        for address in (item.get("url"), review.get("url")):
            if item["type"] == RESOURCE_KIND and address is not None and urlsplit(address).netloc != home:
                raise RefusedAnswerError(f"url must be an address of the tool's own host, {home}.")


def _use_nonce(db: sqlite3.Connection, tool: RegisteredTool, nonce: object) -> None:
    if not isinstance(nonce, str) or not 0 < len(nonce) <= LONGEST_NONCE:
        raise RefusedAnswerError("nonce must be a text of 1 to 255 characters.")
    kept = db.execute(
        "INSERT INTO nonce (client_id, value) VALUES (?, ?) ON CONFLICT DO NOTHING",
        (f"answer of {tool.client_id}", nonce),
    )
    if kept.rowcount != 1:
        raise RefusedAnswerError("The nonce was used before.")


def _read_messages(claims: Mapping[str, Any]) -> dict[str, str]:
    return {name: claims[f"{DL}{name}"] for name in MESSAGES if claims.get(f"{DL}{name}")}


def _add(
    db: sqlite3.Connection, sandbox: Sandbox, tool: RegisteredTool, course_id: str, item: Mapping[str, Any]
) -> str:
    profile, link_id = sandbox.profile, f"link-{secrets.token_hex(6)}"
    title = item.get("title") or tool.name
    add_link(
        db,
        link_id=link_id,
        course_id=course_id,
        title=title,
        description=item.get("text", "") if profile.keeps_texts else "",
        custom=item.get("custom", {}),
        tool_id=tool.number,
        url=item.get("url"),
        document_target="window" if "window" in item else "iframe" if "iframe" in item else "",
        kind=item["type"],
        dates={
            name: item[name] for name in ("available", "submission") if name in item and profile.keeps_dates
        },
    )
    if "lineItem" in item:
        column = item["lineItem"]
        label = column.get("label") if profile.keeps_labels else None
        review = column.get("submissionReview")
        db.execute(
            "INSERT INTO line_item (course_id, tool_id, link_id, label, score_maximum, resource_id, tag, review_json) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                course_id,
                tool.number,
                link_id,
                label or title,
                column["scoreMaximum"],
                column.get("resourceId"),
                column.get("tag"),
                None if review is None else json.dumps(review),
            ),
        )
    return str(title)


def _add_broken(db: sqlite3.Connection, tool: RegisteredTool, course_id: str, item: Mapping[str, Any]) -> str:
    title = str(item.get("title") or tool.name)
    add_link(
        db,
        link_id=f"link-{secrets.token_hex(6)}",
        course_id=course_id,
        title=title,
        custom={},
        tool_id=tool.number,
        url=item.get("url"),
        kind="broken",
    )
    return title
