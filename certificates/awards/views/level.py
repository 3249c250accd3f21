"""The way to the next level: of participants, and on their own tracks of coaches, mentor coaches and trainers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from certificates.awards.applications import appealing
from certificates.awards.applications.pages import LevelPage, has_levels, level_page, track_page
from certificates.awards.applications.wishing import Wish, apply_wishing, say_wish
from certificates.awards.models import ApplicationId
from certificates.awards.views.forms import Refused, try_form
from certificates.levels.models import Track
from courses.cohorts.pages import own_enrolment
from institute.actors import Actor, Role
from institute.errors import NotFoundError
from institute.i18n import OWN_NAMES, gettext
from institute.web.areas import AreaBlueprint, area_blueprint, current_actor

MOST_SUPPOSED = 50
TRACKS = {
    Role.PARTICIPANT: (Track.PARTICIPANT,),
    Role.COACH: (Track.COACH, Track.MENTOR),
    Role.TRAINER: (Track.TRAINER,),
}
"""Whose levels each area shows, the usual ones first."""


def _track() -> Track:
    """Return the track that the page is about. Raises NotFoundError for one of another area."""
    role = Role((request.blueprint or "").partition("_")[0])
    wished = request.values.get("track", TRACKS[role][0].value)
    if wished not in TRACKS[role]:
        raise NotFoundError
    return Track(wished)


def index() -> ResponseReturnValue:
    """Show the ladder and what the next level asks."""
    return _page(None)


def apply() -> ResponseReturnValue:
    """Apply for the next level."""
    actor, track = current_actor(), _track()
    refused = _wishing(
        lambda wish: apply_wishing(
            request.form.get("level", ""),
            wish,
            enrolment_id=own_enrolment(actor).id if track is Track.PARTICIPANT else None,
            pathway=request.form.get("pathway") or None,
            actor=actor,
        )
    )
    if refused:
        return _page(refused), 422
    flash(gettext("Sent. You need not do anything now."), "success")
    return redirect(url_for(".index", track=_other(track)), 303)


def wish() -> ResponseReturnValue:
    """Say how the certificate shall be written, as long as the application waits."""
    actor, track = current_actor(), _track()
    sent = ApplicationId(_sent_application())
    refused = _wishing(lambda wish: say_wish(sent, wish, actor=actor))
    if refused:
        return _page(refused), 422
    flash(gettext("Saved. Your institute sees what you wish."), "success")
    return redirect(url_for(".index", track=_other(track)), 303)


def _wishing(send: Callable[[Wish], object]) -> Refused | None:
    """Send what the form says of the name and the languages; what to do about a name is said to the office alone."""
    given = {name: request.form.get(name, "") for name in ("name", "reason", "locale", "second_locale")}
    refused = try_form(lambda: send(Wish(**given)))
    return replace(refused, advice=None) if refused else None


def _sent_application() -> int:
    sent = request.form.get("application", "")
    if not (sent.isascii() and sent.isdigit() and len(sent) < 10):  # noqa: PLR2004
        raise NotFoundError
    return int(sent)


def appeal() -> ResponseReturnValue:
    """Appeal against a denial."""
    actor, track = current_actor(), _track()
    sent = ApplicationId(_sent_application())
    refused = try_form(
        lambda: appealing.appeal_denial(sent, request.form.get("appeal_reason", ""), actor=actor),
        field="appeal_reason",
    )
    if refused:
        return _page(refused), 422
    flash(gettext("Sent. Somebody else than who decided reads it."), "success")
    return redirect(url_for(".index", track=_other(track)), 303)


def _page(refused: Refused | None) -> str:
    actor, track = current_actor(), _track()
    here = _here(actor, track)
    chance = None
    if here is not None and here.application is not None:
        chance = appealing.chance_of(here.application.id, actor)
    shown = TRACKS[Role((request.blueprint or "").partition("_")[0])]
    return render_template(
        "certificates/awards/level.html",
        here=here,
        chance=chance,
        refused=refused,
        own_names=OWN_NAMES,
        tracks=[one for one in shown if len(shown) > 1 and has_levels(actor, one)],
    )


def _here(actor: Actor, track: Track) -> LevelPage | None:
    accepted = request.args.getlist("accepted")[:MOST_SUPPOSED]
    if track is Track.PARTICIPANT:
        return level_page(actor, request.args, accepted)
    return track_page(actor, track, request.args, accepted)


def _other(track: Track) -> str | None:
    """Return the track as an address names it: the usual one of an area is not named."""
    return track.value if track is Track.MENTOR else None


def _blueprint(role: Role) -> AreaBlueprint:
    made = area_blueprint(role, "level", __name__)
    made.add_url_rule("/", "index", index)
    made.add_url_rule("/apply", "apply", apply, methods=["POST"])
    made.add_url_rule("/wish", "wish", wish, methods=["POST"])
    made.add_url_rule("/appeal", "appeal", appeal, methods=["POST"])
    return made


blueprints = tuple(_blueprint(role) for role in TRACKS)
