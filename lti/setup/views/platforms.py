"""All platforms: the list, the ways in, what waits for a decision."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from institute.i18n import gettext
from institute.web.areas import current_actor
from lti.platforms import invitations, requests
from lti.platforms.dynamic_models import InvitationId, RequestId
from lti.platforms.keys import ensure_key
from lti.platforms.tool import tool_values
from lti.setup import families, guides, listing, queries, tool_fields, waiting
from lti.setup.connecting import complete, connect_platform
from lti.setup.sheets import PlatformSheet
from lti.setup.views.area import blueprint


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """List the platforms, and what waits."""
    actor = current_actor()
    return render_template(
        "lti/setup/platforms.html",
        platforms=listing.list_platforms(actor),
        requests=waiting.waiting_requests(actor),
        invitations=invitations.list_open(actor.institute_id),
    )


@blueprint.post("/invitations")
def invite() -> ResponseReturnValue:
    """Make an address by which one platform connects itself, and show it: it is not shown again."""
    return show_invitation(invitations.invite(current_actor()))


def show_invitation(address: str, *, updates: queries.PlatformPage | None = None) -> str:
    """Return the page of an address that was just made."""
    return render_template(
        "lti/setup/address.html", address=address, guides=guides.address_guides(), updates=updates
    )


@blueprint.post("/invitations/<int:invitation_id>/withdraw")
def withdraw(invitation_id: int) -> ResponseReturnValue:
    """Make an address worthless that was not used yet."""
    invitations.withdraw(InvitationId(invitation_id), current_actor())
    flash(gettext("The address was withdrawn. Nobody can use it any more."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.post("/requests/<int:request_id>/approve", endpoint="approve_request")
def approve_request(request_id: int) -> ResponseReturnValue:
    """Let a platform in that asked by itself."""
    registration_id = requests.approve_request(RequestId(request_id), current_actor())
    flash(gettext("The platform is connected."), "success")
    return redirect(url_for(".platform", registration_id=registration_id), 303)


@blueprint.post("/requests/<int:request_id>/refuse")
def refuse_request(request_id: int) -> ResponseReturnValue:
    """Refuse a platform that asked by itself."""
    requests.refuse_request(RequestId(request_id), current_actor())
    flash(gettext("The request was refused. The platform cannot open anything."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """Show the form of a platform that is connected by hand, filled in as far as its kind and address tell."""
    preset = families.find_preset(request.args.get("kind", ""))
    typed = request.args.get("base", "").strip()
    base = families.base_of(typed) if typed else ""
    sheet = PlatformSheet()
    if preset is not None:
        sheet = PlatformSheet(family=preset.family.value, **families.fill(preset, base=base or ""))
    wrong = preset is not None and preset.needs_base and not base
    return _form(sheet, kind=preset.key if preset else "", base=base or typed, base_wrong=wrong)


@blueprint.post("/new", prepare=ensure_key)
def connect(prepared: None) -> ResponseReturnValue:
    """Connect a platform by hand."""
    kind = request.form.get("kind", "")
    sheet = complete(PlatformSheet.of(request.form), families.find_preset(kind))
    saved = connect_platform(sheet, actor=current_actor())
    if saved.registration_id is None:
        return _form(sheet, kind=kind if kind in families.BY_KEY else "other", problems=saved.problems), 422
    flash(gettext("The platform is connected. Check it now, so that you know what works."), "success")
    return redirect(url_for(".platform", registration_id=saved.registration_id), 303)


def _form(sheet: PlatformSheet, *, kind: str, problems: object = None, **more: object) -> str:
    return render_template(
        "lti/setup/new.html",
        sheet=sheet,
        kind=kind,
        presets=families.PRESETS,
        preset=families.find_preset(kind),
        guide=guides.hand_guide(sheet.software),
        values=tool_fields.values_to_copy(sheet.software, tool_values()),
        problems=problems or {},
        **{"base": "", "base_wrong": False, **more},
    )
