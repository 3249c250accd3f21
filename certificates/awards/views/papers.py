"""Transcripts and forms of an institute's certificates, for its administrators."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from certificates.awards.issuing import papers
from certificates.awards.issuing.papers import PapersHere
from certificates.awards.models import AwardId
from certificates.awards.queries import find_award
from institute.actors import Actor, Role
from institute.files.reading import send_file_response
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.ADMINISTRATOR, "papers", __name__)


@blueprint.get("/<int:award_id>/<paper_kind>")
def paper(award_id: int, paper_kind: str) -> ResponseReturnValue:
    """Send a transcript or a form."""
    award = find_award(AwardId(award_id), current_actor())
    return send_file_response(papers.file_of(award, paper_kind))


@blueprint.post("/<int:award_id>")
def make(award_id: int) -> ResponseReturnValue:
    """Let the worker make what is not there."""
    papers.make_wanted(AwardId(award_id), actor=current_actor())
    flash(gettext("The documents are being prepared."), "success")
    return redirect(url_for("administrator_awards.award", award_id=award_id), 303)


def papers_section(actor: Actor, award_id: int) -> PapersHere:
    """Return how far the papers of a certificate are, for its page."""
    return papers.papers_here(find_award(AwardId(award_id), actor))
