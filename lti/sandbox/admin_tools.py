"""The administrators' page of tools: add one by its address, activate, deploy, bring up to date, remove."""

import sqlite3
from urllib.parse import urlsplit

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti.sandbox.acting import keep_acting, require_administrator
from lti.sandbox.claims import FRAME_HEIGHT
from lti.sandbox.content_items import BadContentError, check_address
from lti.sandbox.enrolling import activate, deploy, remove, start_registration
from lti.sandbox.records import Person
from lti.sandbox.registrations import FIRST, RegisteredTool, find_tool, list_tools
from lti.sandbox.state import current_sandbox

bp = Blueprint("admin_tools", __name__, url_prefix="/admin/tools")


@bp.get("")
def list_all_tools() -> ResponseReturnValue:
    return _show_tools()


@bp.post("")
def add_tool() -> ResponseReturnValue:
    """Open the pasted ``address`` in a frame, with the platform's configuration and a single-use token."""
    sandbox, address = current_sandbox(), request.form.get("address", "").strip()
    try:
        check_address("The address", address)
    except BadContentError as error:
        return _show_tools(address, str(error)), 422
    with sandbox.store.writing() as db:
        acting = require_administrator(db)
        source = start_registration(db, sandbox, address)
    return _show_registration(acting, source, "Add a tool")


@bp.post("/<int:number>/update")
def update_tool(number: int) -> ResponseReturnValue:
    """Let the tool register again; its client id stays."""
    sandbox = current_sandbox()
    with sandbox.store.writing() as db:
        acting, tool = require_administrator(db), _require_registered(db, number)
        source = start_registration(db, sandbox, tool.start_url, tool)
    return _show_registration(acting, source, f"Update {tool.name}")


@bp.post("/<int:number>/activate")
def activate_tool(number: int) -> ResponseReturnValue:
    with current_sandbox().store.writing() as db:
        require_administrator(db)
        activate(db, _require_registered(db, number).number)
    return _go_back()


@bp.post("/<int:number>/deploy")
def deploy_tool(number: int) -> ResponseReturnValue:
    """Make a deployment, the first one or another."""
    sandbox = current_sandbox()
    with sandbox.store.writing() as db:
        require_administrator(db)
        deploy(db, sandbox, _require_registered(db, number).number)
    return _go_back()


@bp.post("/<int:number>/remove")
def remove_tool(number: int) -> ResponseReturnValue:
    with current_sandbox().store.writing() as db:
        require_administrator(db)
        remove(db, _require_registered(db, number).number)
    return _go_back()


def _show_tools(address: str = "", problem: str = "") -> str:
    sandbox = current_sandbox()
    with sandbox.store.reading() as db:
        acting = require_administrator(db)
        tools = list_tools(db, sandbox)
    return render_template(
        "sandbox/tools.html",
        tools=tools,
        acting=acting,
        address=address,
        problem=problem,
        moodle=sandbox.profile.approves,
    )


def _show_registration(acting: Person, source: str, title: str) -> str:
    parts = urlsplit(source)
    origin = f"{parts.scheme}://{parts.netloc}"
    g.framed_origin = origin
    return render_template(
        "sandbox/register.html", acting=acting, source=source, title=title, origin=origin, height=FRAME_HEIGHT
    )


def _require_registered(db: sqlite3.Connection, number: int) -> RegisteredTool:
    tool = find_tool(db, current_sandbox(), number)
    if tool is None or tool.number == FIRST:
        abort(404)
    return tool


def _go_back() -> ResponseReturnValue:
    return redirect(url_for(".list_all_tools", **keep_acting()), 303)
