"""The pages of the sandbox: choose a person, open a course's links, see the gradebook."""

import sqlite3
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from lti.sandbox.acting import (
    COOKIE,
    find_acting,
    keep_acting,
    require_acting,
    require_teacher,
    send_to_tool,
    teaches,
)
from lti.sandbox.choosing import RESOURCE_KIND
from lti.sandbox.claims import FRAME_HEIGHT, list_roles
from lti.sandbox.copying import copy_course
from lti.sandbox.gradebook import read_gradebook
from lti.sandbox.notices import in_background, tell_copy
from lti.sandbox.opening import open_link_as, start_opening
from lti.sandbox.records import (
    Course,
    Link,
    find_course,
    find_link,
    find_person,
    list_courses,
    list_links,
    list_people,
)
from lti.sandbox.registrations import list_ready_tools
from lti.sandbox.state import current_sandbox
from lti.sandbox.vocabulary import DEEP_LINKING, SUBMISSION_REVIEW

bp = Blueprint("pages", __name__)

BROKEN: Final = "This activity is broken: the tool that made it is gone, or it was never one of a tool."
THREE: Final = ("participant-1", "coach-1", "teacher-1")
LANGUAGES: Final = {
    "en": "English",
    "es": "Español",
    "zh-TW": "繁體中文",
    "vi": "Tiếng Việt",
    "ar": "العربية",
}


@bp.get("/")
def choose_person() -> ResponseReturnValue:
    with current_sandbox().store.reading() as db:
        return render_template("sandbox/people.html", people=list_people(db)[:20], acting=find_acting(db))


@bp.post("/act")
def act() -> ResponseReturnValue:
    with current_sandbox().store.reading() as db:
        person = find_person(db, request.form.get("sub", "")) or abort(404)
    answer: Response = redirect(url_for(".list_all_courses"))
    answer.set_cookie(COOKIE, person.sub, httponly=True, samesite="Lax")
    return answer


@bp.post("/language")
def change_language() -> ResponseReturnValue:
    locale = request.form.get("locale", "")
    if locale not in LANGUAGES:
        abort(400)
    with current_sandbox().store.writing() as db:
        person = require_acting(db)
        db.execute("UPDATE person SET locale = ? WHERE sub = ?", (locale, person.sub))
    return redirect(url_for(".list_all_courses"))


@bp.get("/courses")
def list_all_courses() -> ResponseReturnValue:
    with current_sandbox().store.reading() as db:
        acting = find_acting(db)
        if acting is None:
            return redirect(url_for(".choose_person"))
        courses = [(course, list_roles(db, course, acting)) for course in list_courses(db)]
    return render_template("sandbox/courses.html", acting=acting, courses=courses, languages=LANGUAGES)


@bp.get("/courses/<course_id>")
def show_course(course_id: str) -> ResponseReturnValue:
    return _show_course(course_id, {})


@bp.get("/courses/<course_id>/return")
def come_back(course_id: str) -> ResponseReturnValue:
    names = ("lti_msg", "lti_errormsg")
    return _show_course(course_id, {name: request.args[name] for name in names if name in request.args})


@bp.get("/courses/<course_id>/people")
def show_people(course_id: str) -> ResponseReturnValue:
    with current_sandbox().store.reading() as db:
        course = find_course(db, course_id) or abort(404)
        rows = db.execute(
            "SELECT person.*, role, status FROM enrolment JOIN person USING (sub) "
            "WHERE course_id = ? ORDER BY revision",
            (course_id,),
        ).fetchall()
        acting = find_acting(db)
    return render_template("sandbox/members.html", course=course, members=rows, acting=acting)


@bp.get("/courses/<course_id>/gradebook")
def show_gradebook(course_id: str) -> ResponseReturnValue:
    with current_sandbox().store.reading() as db:
        course = find_course(db, course_id) or abort(404)
        book = read_gradebook(db, course_id)
        acting = find_acting(db)
        ready = list_ready_tools(db, current_sandbox())
        teaching = acting is not None and teaches(db, acting, course)
    return render_template(
        "sandbox/gradebook.html",
        course=course,
        book=book,
        acting=acting,
        teaching=teaching,
        reviewers={tool.number for tool in ready if SUBMISSION_REVIEW in tool.messages} if acting else set(),
    )


@bp.get("/courses/<course_id>/links/<link_id>")
def show_link(course_id: str, link_id: str) -> ResponseReturnValue:
    with current_sandbox().store.reading() as db:
        course = find_course(db, course_id) or abort(404)
        link = _require_link(db, link_id, course)
        acting = require_acting(db)
    return render_template("sandbox/link.html", course=course, link=link, acting=acting, height=FRAME_HEIGHT)


@bp.get("/three")
def show_three() -> ResponseReturnValue:
    with current_sandbox().store.reading() as db:
        link = _require_link(db, request.args.get("link", "link-home"))
        subs = request.args.getlist("as") or list(THREE)
        people = [find_person(db, sub) or abort(404) for sub in subs[:6]]
        course = find_course(db, link.course_id) or abort(404)
        acting = find_person(db, request.cookies.get(COOKIE, ""))
    return render_template(
        "sandbox/three.html", course=course, link=link, people=people, height=FRAME_HEIGHT, acting=acting
    )


@bp.get("/open/<link_id>")
def open_link(link_id: str) -> ResponseReturnValue:
    """Start a login at the tool.

    ``?target=window`` outside a frame, ``?as=`` for somebody else, ``?method=GET``, ``?deployment=`` for another than
    the tool's first one.
    """
    sandbox = current_sandbox()
    target = "window" if request.args.get("target") == "window" else "iframe"
    with sandbox.store.writing() as db:
        link = _require_link(db, link_id)
        opening = open_link_as(
            db,
            sandbox,
            person=require_acting(db),
            link=link,
            document_target=target,
            deployment=request.args.get("deployment", ""),
        )
        if opening is None or link.kind != RESOURCE_KIND:
            abort(404, BROKEN)
        fields = start_opening(db, sandbox, opening)
    return send_to_tool(opening, fields, request.args.get("method", link.login_method))


@bp.post("/courses/<course_id>/copy")
def copy(course_id: str) -> ResponseReturnValue:
    """Copy the course, and tell the tools that asked to be told."""
    sandbox = current_sandbox()
    with sandbox.store.writing() as db:
        course = find_course(db, course_id) or abort(404)
        copied = copy_course(db, sandbox, course, require_teacher(db, course).sub)
    in_background(sandbox, [(tell_copy, copied.course)])
    return redirect(url_for(".show_course", course_id=copied.course.id, **keep_acting()), 303)


def _show_course(course_id: str, messages: dict[str, str]) -> ResponseReturnValue:
    with current_sandbox().store.reading() as db:
        course = find_course(db, course_id) or abort(404)
        acting = find_acting(db)
        if acting is None:
            return redirect(url_for(".choose_person"))
        links, roles = list_links(db, course_id)[:100], list_roles(db, course, acting)
        pickers, teaching = [], teaches(db, acting, course)
        if teaching:
            ready = list_ready_tools(db, current_sandbox())
            pickers = [tool for tool in ready if DEEP_LINKING in tool.messages]
    return render_template(
        "sandbox/course.html",
        course=course,
        links=links,
        roles=roles,
        acting=acting,
        messages=messages,
        pickers=pickers,
        teaching=teaching,
    )


def _require_link(db: sqlite3.Connection, link_id: str, course: Course | None = None) -> Link:
    link = find_link(db, link_id)
    if link is None or (course is not None and link.course_id != course.id):
        abort(404)
    return link
