"""Who the browser says it is, and the way from a page of this platform to the tool."""

import sqlite3
from collections.abc import Mapping
from typing import Any, Final

from flask import abort, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lti.sandbox.opening import Opening, make_login_address
from lti.sandbox.records import Course, Person, find_enrolment, find_person
from lti.sandbox.vocabulary import INSTRUCTOR

COOKIE: Final = "sandbox_person"


def find_acting(db: sqlite3.Connection) -> Person | None:
    """Return the person that ``?as=`` or the cookie names, or None."""
    return find_person(db, request.args.get("as") or request.cookies.get(COOKIE, ""))


def keep_acting() -> dict[str, Any]:
    """Return the query that keeps the person of ``?as=`` on the next page."""
    return {"as": request.args["as"]} if "as" in request.args else {}


def name_acting(person: Person) -> dict[str, Any]:
    """Return the query that names a person to another page."""
    return {"as": person.sub}


def require_acting(db: sqlite3.Connection) -> Person:
    """Return the person, or answer with a page that asks to choose one."""
    person = find_acting(db)
    if person is None:
        abort(403, "Choose a person first, on the first page.")
    return person


def teaches(db: sqlite3.Connection, person: Person, course: Course) -> bool:
    """Return whether a person may change a course: its teachers and the administrators of the platform."""
    enrolment = find_enrolment(db, course.id, person.sub)
    return person.administrator or (enrolment is not None and enrolment.role == INSTRUCTOR)


def require_teacher(db: sqlite3.Connection, course: Course) -> Person:
    """Return the person who may change the course, or answer with a page that says who may."""
    person = require_acting(db)
    if not teaches(db, person, course):
        abort(403, "Only a teacher of the course may do this.")
    return person


def require_administrator(db: sqlite3.Connection) -> Person:
    """Return the administrator of the platform, or answer with a page that says who may."""
    person = require_acting(db)
    if not person.administrator:
        abort(403, "Only an administrator of the platform may do this.")
    return person


def send_to_tool(opening: Opening, fields: Mapping[str, str], method: str) -> ResponseReturnValue:
    """Return the answer that starts a login at the tool."""
    if method == "GET":
        return redirect(make_login_address(opening.tool, fields))
    return make_response(
        render_template("sandbox/form_post.html", action=opening.tool.login_uri, method="post", fields=fields)
    )
