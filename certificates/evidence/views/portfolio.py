"""Portfolios in the areas of those who hand something in for somebody else: the coach, and the office."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from certificates.evidence import portfolios, presenting
from certificates.evidence.hands import Hands
from certificates.evidence.models import Owner
from certificates.evidence.presenting import PresentationChecked, PresentationSheet
from certificates.evidence.views.handing import add_routes
from courses.cohorts.models import EnrolmentId
from institute.actors import Role
from institute.web.areas import AreaBlueprint, area_blueprint, current_actor
from institute.web.numbers import LARGEST_ID

OFFICE = (Role.COORDINATOR, Role.ADMINISTRATOR)


def portfolio_blueprint(role: Role) -> AreaBlueprint:
    """Make the pages of a coach, a coordinator or an administrator."""
    owner = Owner.OFFICE if role in OFFICE else Owner.COACH
    blueprint = area_blueprint(role, "portfolios", __name__)

    @blueprint.get("/")
    def index() -> ResponseReturnValue:
        text = request.args.get("page", "1")
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1  # noqa: PLR2004
        listing = portfolios.waiting_for(owner, number, actor=current_actor())
        return render_template("certificates/evidence/portfolios.html", listing=listing, owner=owner)

    @blueprint.get("/<int:enrolment_id>")
    def person(enrolment_id: int) -> ResponseReturnValue:
        hands = Hands(owner, EnrolmentId(min(enrolment_id, LARGEST_ID)))
        here = portfolios.portfolio(hands, actor=current_actor())
        return render_template("certificates/evidence/portfolio.html", here=here, owner=owner)

    if owner is Owner.OFFICE:
        _add_presentations(blueprint)
    add_routes(blueprint, owner, "/<int:enrolment_id>")
    return blueprint


def _add_presentations(blueprint: AreaBlueprint) -> None:
    """Add the pages on which the office says when and where somebody presents, and that they did."""

    def page(enrolment_id: int, presentation_key: str, checked: PresentationChecked | None = None) -> str:
        hands = Hands(Owner.OFFICE, EnrolmentId(enrolment_id))
        here = portfolios.presentation_page(presentation_key, hands, actor=current_actor())
        checked = checked or PresentationChecked(here.sheet)
        return render_template("certificates/evidence/presentation.html", here=here, checked=checked)

    def back(enrolment_id: int, presentation_key: str) -> ResponseReturnValue:
        address = url_for(".presentation", enrolment_id=enrolment_id, presentation_key=presentation_key)
        return redirect(address, 303)

    @blueprint.get("/<int:enrolment_id>/<presentation_key>/presentation")
    def presentation(enrolment_id: int, presentation_key: str) -> ResponseReturnValue:
        return page(enrolment_id, presentation_key)

    @blueprint.post("/<int:enrolment_id>/<presentation_key>/presentation")
    def schedule(enrolment_id: int, presentation_key: str) -> ResponseReturnValue:
        hands = Hands(Owner.OFFICE, EnrolmentId(enrolment_id))
        sheet = PresentationSheet.read(request.form)
        checked = presenting.schedule(presentation_key, sheet, hands=hands, actor=current_actor())
        if checked.problems:
            return page(enrolment_id, presentation_key, checked), 422
        return back(enrolment_id, presentation_key)

    @blueprint.post("/<int:enrolment_id>/<presentation_key>/presentation/held")
    def held(enrolment_id: int, presentation_key: str) -> ResponseReturnValue:
        hands = Hands(Owner.OFFICE, EnrolmentId(enrolment_id))
        presenting.hold(presentation_key, hands=hands, actor=current_actor())
        return back(enrolment_id, presentation_key)

    @blueprint.post("/<int:enrolment_id>/<presentation_key>/presentation/off")
    def call_off(enrolment_id: int, presentation_key: str) -> ResponseReturnValue:
        hands = Hands(Owner.OFFICE, EnrolmentId(enrolment_id))
        presenting.call_off(presentation_key, hands=hands, actor=current_actor())
        return back(enrolment_id, presentation_key)
