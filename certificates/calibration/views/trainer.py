"""A trainer's calibration: where they stand, papers scored one by one, and what came of it."""

from __future__ import annotations

from typing import Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from certificates.calibration import taking, trying
from certificates.calibration.attempts import CalibrationAttemptId
from certificates.calibration.entries import read_scores
from certificates.calibration.errors import ScoresFaultyError, ScoresLeftError
from certificates.calibration.models import AnchorPaperId
from institute.actors import Role
from institute.files.models import StoredFileId
from institute.files.reading import find_file, send_file_response
from institute.web.areas import area_blueprint, current_actor

ATTEMPT: Final = "/attempts/<int:calibration_attempt_id>"
PAPER: Final = f"{ATTEMPT}/papers/<int:anchor_paper_id>"
FOLDER: Final = "certificates/calibration"

blueprint = area_blueprint(Role.TRAINER, "calibration", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show where the trainer stands with each rubric."""
    return render_template(f"{FOLDER}/own.html", lines=trying.own_lines(current_actor()))


@blueprint.post("/<calibrated_key>/begin")
def begin(calibrated_key: str) -> ResponseReturnValue:
    """Begin an attempt, or go on with the open one."""
    attempt_id = taking.begin(calibrated_key, actor=current_actor())
    return redirect(url_for(".attempt", calibration_attempt_id=attempt_id), 303)


@blueprint.get(ATTEMPT)
def attempt(calibration_attempt_id: int) -> ResponseReturnValue:
    """Show what came of an attempt; with nothing handed in yet, its first paper."""
    here = trying.attempt_page(CalibrationAttemptId(calibration_attempt_id), actor=current_actor())
    if not here.papers and here.next is not None:
        return redirect(_paper_url(calibration_attempt_id, here.next), 303)
    return render_template(f"{FOLDER}/attempt.html", here=here)


@blueprint.get(PAPER)
def paper(calibration_attempt_id: int, anchor_paper_id: int) -> ResponseReturnValue:
    """Show a paper beside its rubric, or, handed in, beside what is known of it."""
    return _page(_here(calibration_attempt_id, anchor_paper_id))


@blueprint.post(PAPER)
def save(calibration_attempt_id: int, anchor_paper_id: int) -> ResponseReturnValue:
    """Save what the page holds; a page that saves by itself gets the pieces that changed."""
    here = _here(calibration_attempt_id, anchor_paper_id)
    try:
        given = read_scores(request.form, here)
    except ScoresFaultyError as error:
        return _page(here, faults=error.faults)
    taking.save(here.attempt_id, here.paper_id, given, actor=current_actor())
    if request.headers.get("X-Requested-With") == "fetch":
        fresh = _here(calibration_attempt_id, anchor_paper_id)
        return render_template(f"{FOLDER}/_pieces.html", here=fresh)
    place = _paper_url(calibration_attempt_id, here.paper_id, request.form.get("saved", ""))
    return redirect(place, 303)


@blueprint.post(f"{PAPER}/hand-in")
def hand_in(calibration_attempt_id: int, anchor_paper_id: int) -> ResponseReturnValue:
    """Hand the paper in, and show what is known of it."""
    here = _here(calibration_attempt_id, anchor_paper_id)
    try:
        given = read_scores(request.form, here)
        taking.hand_in(here.attempt_id, here.paper_id, given, actor=current_actor())
    except ScoresFaultyError as error:
        return _page(here, faults=error.faults)
    except ScoresLeftError:
        return _page(here, too_early=True)
    return redirect(_paper_url(calibration_attempt_id, here.paper_id), 303)


@blueprint.get(f"{PAPER}/files/<int:anchor_file_id>")
def file(calibration_attempt_id: int, anchor_paper_id: int, anchor_file_id: int) -> ResponseReturnValue:
    """Send a file of a paper under a name that names nobody."""
    actor, file_id = current_actor(), StoredFileId(anchor_file_id)
    name = trying.paper_file(
        CalibrationAttemptId(calibration_attempt_id), AnchorPaperId(anchor_paper_id), file_id, actor=actor
    )
    stored = find_file(file_id, institute_id=actor.institute_id)
    return send_file_response(stored, as_attachment="download" in request.args, name=name)


def _here(attempt_id: int, paper_id: int) -> trying.PaperTry:
    return trying.paper_page(CalibrationAttemptId(attempt_id), AnchorPaperId(paper_id), actor=current_actor())


def _paper_url(attempt_id: int, paper_id: int, anchor: str = "") -> str:
    return url_for(
        ".paper", calibration_attempt_id=attempt_id, anchor_paper_id=paper_id, _anchor=anchor or None
    )


def _page(
    here: trying.PaperTry, *, faults: dict[str, str] | None = None, too_early: bool = False
) -> ResponseReturnValue:
    """Show a paper; after a refusal with everything that was typed."""
    page = render_template(
        f"{FOLDER}/paper.html",
        here=here,
        faults=faults or {},
        typed=request.form if faults or too_early else {},
        too_early=too_early,
    )
    return page, 422 if faults or too_early else 200
