"""The registry for administrators: looking, taking out, tagging, and whether everybody may see it."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from certificates.awards.models import AwardId
from certificates.registry import exports, publicity, records, tags
from certificates.registry.listing import list_registry, places_of
from certificates.registry.models import PacketId, TagId
from certificates.registry.packets import ask_packet, packet_file
from certificates.registry.seeking import Criteria, read_criteria, read_page
from certificates.registry.workbooks import workbook_response
from institute.actors import Role
from institute.errors import InvalidError
from institute.files.reading import send_file_response
from institute.i18n import gettext, ngettext
from institute.spreadsheets import csv_response
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.ADMINISTRATOR, "registry", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show who holds what."""
    here = list_registry(current_actor(), _criteria(), read_page(request.args.get("page", "")))
    return render_template("certificates/registry/index.html", here=here, columns=exports.COLUMNS)


@blueprint.get("/registry.csv")
def csv() -> Response:
    """Send what is found as CSV."""
    criteria = _criteria()
    exports.note_taken_out(criteria, "csv", actor=current_actor())
    rows = exports.export_rows(criteria, actor=current_actor())
    return csv_response("registry.csv", exports.export_header(), rows)


@blueprint.get("/registry.xlsx")
def xlsx() -> Response:
    """Send what is found as a workbook that explains its columns."""
    criteria = _criteria()
    exports.note_taken_out(criteria, "xlsx", actor=current_actor())
    rows = exports.export_rows(criteria, actor=current_actor())
    meanings = [(column.name, str(column.meaning)) for column in exports.COLUMNS]
    return workbook_response("registry.xlsx", exports.export_header(), rows, meanings)


@blueprint.post("/public")
def public() -> ResponseReturnValue:
    """Show the registry to everybody, or not any more."""
    wanted = request.form.get("public") == "1"
    publicity.set_public(public=wanted, actor=current_actor())
    if wanted:
        flash(gettext("Everybody can see the registry now, with those who agreed."), "success")
    else:
        flash(gettext("Nobody outside can see the registry any more."), "success")
    return redirect(url_for(".index", _anchor="public"), 303)


@blueprint.get("/tags")
def all_tags() -> ResponseReturnValue:
    """Show the tags of the institute."""
    return _tags_page()


@blueprint.post("/tags")
def make_tag() -> ResponseReturnValue:
    """Make a tag of the institute's own."""
    try:
        tags.make_tag(request.form.get("tag_name", ""), actor=current_actor())
    except InvalidError as error:
        return _tags_page(error.text), 422
    flash(gettext("The tag is there."), "success")
    return redirect(url_for(".all_tags"), 303)


@blueprint.post("/tags/<int:award_tag_id>/remove")
def remove_tag(award_tag_id: int) -> ResponseReturnValue:
    """Take a tag away."""
    tags.remove_tag(TagId(award_tag_id), actor=current_actor())
    flash(gettext("The tag is gone from every certificate."), "success")
    return redirect(url_for(".all_tags"), 303)


@blueprint.get("/tagging")
def tagging() -> ResponseReturnValue:
    """Show what tagging a whole list would do."""
    criteria, places = _criteria(), places_of(current_actor().institute_id)
    add = request.args.get("do") != "remove"
    try:
        foreseen = tags.foresee(criteria, places, request.args.get("put", ""), add=add, actor=current_actor())
    except InvalidError as error:
        flash(error.text, "error")
        return redirect(_index(criteria), 303)
    return render_template("certificates/registry/tagging.html", here=foreseen, criteria=criteria)


@blueprint.post("/tagging")
def tag_all() -> ResponseReturnValue:
    """Put a tag on a whole list, or take it off."""
    criteria, places = read_criteria(request.form), places_of(current_actor().institute_id)
    changed = tags.tag_list(
        criteria,
        places,
        request.form.get("put", ""),
        add=request.form.get("do") != "remove",
        seen=request.form.get("seen_list", ""),
        actor=current_actor(),
    )
    said = ngettext("%(num)s certificate was changed.", "%(num)s certificates were changed.", changed)
    flash(said, "success")
    return redirect(_index(criteria), 303)


@blueprint.get("/<int:award_id>")
def record(award_id: int) -> ResponseReturnValue:
    """Show an award's place in the registry: its tags, and what an auditor gets."""
    here = records.view_record(AwardId(award_id), actor=current_actor())
    return render_template("certificates/registry/record.html", here=here)


@blueprint.post("/<int:award_id>/tags")
def put_tags(award_id: int) -> ResponseReturnValue:
    """Let an award carry the tags that are ticked."""
    tags.set_tags(AwardId(award_id), request.form.getlist("put"), actor=current_actor())
    flash(gettext("The tags are saved."), "success")
    return redirect(url_for(".record", award_id=award_id), 303)


@blueprint.post("/<int:award_id>/packet")
def want_packet(award_id: int) -> ResponseReturnValue:
    """Have an auditor's packet made."""
    ask_packet(AwardId(award_id), actor=current_actor())
    return redirect(url_for(".record", award_id=award_id, _anchor="packet"), 303)


@blueprint.get("/<int:award_id>/packets/<int:packet_id>")
def packet(award_id: int, packet_id: int) -> ResponseReturnValue:
    """Send an auditor's packet."""
    found = packet_file(AwardId(award_id), PacketId(packet_id), actor=current_actor())
    return send_file_response(found)


def _index(criteria: Criteria) -> str:
    more: dict[str, Any] = dict(criteria.query)
    return url_for(".index", **more)


def _criteria() -> Criteria:
    return read_criteria(request.args)


def _tags_page(error: str = "") -> str:
    lines = tags.list_tags(current_actor())
    return render_template("certificates/registry/tags.html", lines=lines, error=error)
