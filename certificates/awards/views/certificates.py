"""The pages of whoever holds certificates: in the areas of those who earn them, and behind the holder's own door."""

from __future__ import annotations

from collections.abc import Mapping
from typing import BinaryIO, Final, cast

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from certificates.awards.applications import renewing
from certificates.awards.applications.pages import own_document
from certificates.awards.holders import addressing, badges, pages, sharing
from certificates.awards.holders.links import DOOR
from certificates.awards.lifetime import asking
from certificates.awards.lifetime.asking import HandedProof
from certificates.awards.lifetime.models import CorrectionId
from certificates.awards.models import AwardId
from certificates.awards.views.forms import Refused, try_form
from institute.actors import Role
from institute.files.checking import LARGEST_FILE
from institute.files.handing import keep_handed
from institute.files.reading import send_file_response
from institute.i18n import current_locale, gettext
from institute.web.areas import AreaBlueprint, area_blueprint, current_actor, session_blueprint
from institute.web.forms import storable

FOLDER: Final = "certificates/awards/own"
HOLDERS: Final = "holder_certificates"
LARGEST_UPLOAD: Final = LARGEST_FILE + 1024 * 1024
BADGE: Final = "application/vc+ld+json"
ONE: Final = "/<int:award_id>"


def index() -> ResponseReturnValue:
    """List the person's certificates."""
    return _list(None, "")


def to_own() -> ResponseReturnValue:
    """Go to the pages that are a person's own in every area."""
    return redirect(url_for(f"{HOLDERS}.index"), 303)


def show(award_id: int) -> ResponseReturnValue:
    """Show one of them."""
    return _page(AwardId(award_id))


def document(award_id: int) -> ResponseReturnValue:
    """Send the document of an own certificate."""
    return send_file_response(own_document(AwardId(award_id), current_actor()))


def paper(award_id: int, paper_kind: str) -> ResponseReturnValue:
    """Send the transcript or the form that belongs to an own certificate."""
    return send_file_response(pages.own_paper(AwardId(award_id), paper_kind, current_actor()))


def badge(award_id: int) -> ResponseReturnValue:
    """Send the badge of an own certificate as a file for a wallet."""
    serial, kept = badges.own_badge(AwardId(award_id), current_actor())
    return _saved(kept.document.encode(), BADGE, f"{serial}.json")


def picture(award_id: int) -> ResponseReturnValue:
    """Send the picture of an own certificate's level with the badge inside."""
    serial, drawn = badges.own_picture(AwardId(award_id), current_actor())
    return _saved(drawn, "image/svg+xml", f"{serial}.svg")


def _saved(content: bytes, media_type: str, name: str) -> Response:
    response = Response(content, mimetype=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def share(award_id: int) -> ResponseReturnValue:
    """Keep what others may see."""
    wished = sharing.Sharing(
        hours="hours" in request.form,
        competencies="competencies" in request.form,
        listed="listed" in request.form,
        evidence=frozenset(request.form.getlist("piece")),
    )
    sharing.choose(AwardId(award_id), wished, actor=current_actor())
    flash(gettext("Kept. This is what others see from now on."), "success")
    return redirect(url_for(".show", award_id=award_id), 303)


def take_proof(**_route: object) -> HandedProof:
    """Check and keep the proof that a form brought, before any transaction."""
    upload = request.files.get("proof")
    if upload is None or not upload.filename:
        return HandedProof(None, None)
    kept, refused = keep_handed([(upload.filename, cast("BinaryIO", upload.stream))], most=1)
    return HandedProof(next(iter(kept), None), next(iter(refused), None))


def ask(award_id: int, prepared: HandedProof) -> ResponseReturnValue:
    """Ask for another name."""
    typed = {name: storable(request.form.get(name, "")) for name in ("name", "reason")}
    field = "proof" if prepared.refused is not None else "reason"
    actor = current_actor()
    made: list[CorrectionId] = []
    refused = try_form(
        lambda: made.append(asking.ask_correction(AwardId(award_id), **typed, proof=prepared, actor=actor)),
        field=field,
    )
    if refused:
        return _page(AwardId(award_id), refused, typed), 422
    flash(gettext("Sent. Your institute looks at it, and you get a message."), "success")
    return redirect(url_for(".show", award_id=award_id), 303)


def renew(award_id: int) -> ResponseReturnValue:
    """Apply to renew it."""
    renewing.renew(AwardId(award_id), actor=current_actor())
    flash(gettext("Sent. You need not do anything now."), "success")
    return redirect(url_for(".show", award_id=award_id), 303)


def address() -> ResponseReturnValue:
    """Ask for a letter to an address of one's own."""
    typed = storable(request.form.get("email", ""))
    refused = try_form(
        lambda: addressing.ask_for(typed, locale=current_locale(), actor=current_actor()), field="email"
    )
    if refused:
        return _list(refused, typed), 422
    flash(gettext("We have sent a letter to this address. Open the link in it, then it is yours."), "success")
    return redirect(url_for(".index"), 303)


def forget() -> ResponseReturnValue:
    """Forget the address of one's own."""
    addressing.forget(actor=current_actor())
    flash(gettext("The address is forgotten."), "success")
    return redirect(url_for(".index"), 303)


def _list(refused: Refused | None, typed: str) -> str:
    actor = current_actor()
    return render_template(
        f"{FOLDER}/index.html",
        here=pages.held_list(actor),
        refused=refused,
        typed=typed,
        outside=actor.door == DOOR,
    )


def _page(award_id: AwardId, refused: Refused | None = None, typed: Mapping[str, str] | None = None) -> str:
    actor = current_actor()
    return render_template(
        f"{FOLDER}/certificate.html",
        here=pages.held_certificate(award_id, actor),
        refused=refused,
        typed=typed or {},
        outside=actor.door == DOOR,
    )


def _furnish(blueprint: AreaBlueprint) -> AreaBlueprint:
    """Give a blueprint the pages of a holder."""
    blueprint.add_url_rule("/", "index", index)
    blueprint.add_url_rule(ONE, "show", show)
    blueprint.add_url_rule(f"{ONE}/document", "document", document)
    blueprint.add_url_rule(f"{ONE}/papers/<paper_kind>", "paper", paper)
    blueprint.add_url_rule(f"{ONE}/badge", "badge", badge)
    blueprint.add_url_rule(f"{ONE}/badge.svg", "picture", picture)
    blueprint.add_url_rule(f"{ONE}/sharing", "share", share, methods=["POST"])
    blueprint.add_url_rule(
        f"{ONE}/name", "ask", ask, methods=["POST"], prepare=take_proof, largest=LARGEST_UPLOAD
    )
    blueprint.add_url_rule(f"{ONE}/renew", "renew", renew, methods=["POST"])
    blueprint.add_url_rule("/address", "address", address, methods=["POST"])
    blueprint.add_url_rule("/address/forget", "forget", forget, methods=["POST"])
    return blueprint


blueprint = _furnish(area_blueprint(Role.PARTICIPANT, "certificates", __name__))
own_door = _furnish(session_blueprint(HOLDERS, __name__, url_prefix="/certificates"))
further = tuple(area_blueprint(role, "certificates", __name__) for role in (Role.COACH, Role.TRAINER))
for _area in further:
    _area.add_url_rule("/", "index", to_own)
