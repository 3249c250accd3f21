"""Each person's calendar: the page with its address, and the feed behind it."""

from __future__ import annotations

from typing import Final

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.calendar import feeds
from courses.calendar.entries import Entry, Window, entries_of
from institute.actors import Actor, PersonId, Role
from institute.clock import now
from institute.i18n import gettext
from institute.web.areas import current_actor, public_blueprint, session_blueprint
from institute.web.limits import few

MOST: Final = 50
blueprint = session_blueprint("calendar", __name__, url_prefix="/calendar")
public = public_blueprint("feed", __name__, url_prefix="/calendar")


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show what is to come, and the address for other calendars."""
    actor = current_actor()
    window = Window(actor.institute_id, actor.person_id or PersonId(0), now(), now() + feeds.AHEAD)
    found = [entry for entry in entries_of(window) if not entry.cancelled][:MOST]
    coming = [(entry, _page_of(entry, actor)) for entry in found]
    return render_template("courses/calendar/calendar.html", feed=feeds.address_of(actor), coming=coming)


@blueprint.post("/address")
def renew() -> ResponseReturnValue:
    """Make an address, or a new one."""
    feeds.renew_address(actor=current_actor())
    flash(gettext("This is the address of your calendar. Former ones open nothing any more."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.post("/address/end")
def end() -> ResponseReturnValue:
    """Take the address away."""
    feeds.end_address(actor=current_actor())
    flash(gettext("Your calendar has no address any more."), "success")
    return redirect(url_for(".index"), 303)


def ics(token: str) -> ResponseReturnValue:
    """Answer with the calendar behind a token; who knows it needs no session."""
    response = make_response(feeds.read_feed(token))
    response.content_type = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = 'inline; filename="calendar.ics"'
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    response.add_etag()
    return response.make_conditional(request)


def _page_of(entry: Entry, actor: Actor) -> str | None:
    """Return the address of an entry's page, or None where this session has no such area."""
    area = entry.path.strip("/").partition("/")[0].replace("-", "_")
    closed = area in list(Role) and not actor.has(Role(area))
    return None if closed or not entry.path else f"{request.script_root}{entry.path}"


public.add_url_rule("/<token>.ics", "ics", few(ics, a_minute=60))
