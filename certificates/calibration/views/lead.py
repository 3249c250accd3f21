"""The scoring lead's calibration: sets and their papers, where raters stand, and what is taken at meetings."""

from __future__ import annotations

from typing import Final, cast

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from certificates.calibration import building, consenting, gathering, papering, showing, tries
from certificates.calibration.attempts import QualificationId
from certificates.calibration.errors import SetFormError, SetIncompleteError
from certificates.calibration.models import (
    MOST_FILES,
    USUAL_EXACT,
    USUAL_NEAR,
    AnchorPaperId,
    CalibrationSetId,
)
from certificates.calibration.sheets import read_paper, read_set, read_words
from certificates.evidence.models import SubmissionId
from certificates.rubrics.queries import listing
from courses.meetings.models import MeetingId
from institute.actors import PersonId, Role
from institute.errors import DomainError
from institute.files.handing import KeptFile, keep_handed
from institute.files.models import StoredFileId
from institute.files.reading import find_file, send_file_response
from institute.i18n import LOCALES, current_locale, gettext
from institute.web.areas import area_blueprint, current_actor

SET: Final = "/sets/<int:calibration_set_id>"
PAPER: Final = "/papers/<int:set_paper_id>"
FOLDER: Final = "certificates/calibration/lead"
LARGEST_UPLOAD: Final = 110 * 1024 * 1024
USUAL: Final = {"least_exact": str(USUAL_EXACT), "least_near": str(USUAL_NEAR), "most_misses": "0"}

blueprint = area_blueprint(Role.SCORING_LEAD, "calibration", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show every rubric with its sets and raters."""
    return _overview()


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """Show the form of a new set."""
    return _new({**USUAL, "rubric": request.args.get("rubric", ""), "language": current_locale()})


@blueprint.post("/new")
def create() -> ResponseReturnValue:
    """Begin a set."""
    faults: dict[str, str] = {}
    language, rubric = request.form.get("language", ""), request.form.get("rubric", "")
    if rubric not in {line.key for line in listing(current_actor().institute_id)}:
        faults["rubric"] = gettext("Choose a rubric.")
    if language not in LOCALES:
        faults["language"] = gettext("Choose a language.")
    sheet = None
    try:
        sheet = read_set(request.form, language=language if language in LOCALES else current_locale())
    except SetFormError as error:
        faults |= error.faults
    if sheet is None or faults:
        return _new(request.form, faults)
    set_id = building.create(rubric, sheet, actor=current_actor())
    return redirect(url_for(".set_", calibration_set_id=set_id), 303)


@blueprint.get(SET)
def set_(calibration_set_id: int) -> ResponseReturnValue:
    """Show a set."""
    return _set(calibration_set_id)


@blueprint.post(SET)
def save_set(calibration_set_id: int) -> ResponseReturnValue:
    """Change what a draft says."""
    language = _language()
    here = showing.set_page(CalibrationSetId(calibration_set_id), actor=current_actor(), language=language)
    try:
        sheet = read_set(request.form, language=here.language, before=here.row)
    except SetFormError as error:
        return _set(calibration_set_id, faults=error.faults)
    building.revise(here.row.id, sheet, actor=current_actor())
    flash(gettext("Saved."), "success")
    return redirect(url_for(".set_", calibration_set_id=calibration_set_id, language=language or None), 303)


@blueprint.post(f"{SET}/publish")
def publish(calibration_set_id: int) -> ResponseReturnValue:
    """Let raters take a set."""
    try:
        building.publish(CalibrationSetId(calibration_set_id), actor=current_actor())
    except SetIncompleteError:
        return _set(calibration_set_id, too_early=True)
    flash(gettext("The set is published. Trainers can take it now."), "success")
    return redirect(url_for(".set_", calibration_set_id=calibration_set_id), 303)


@blueprint.post(f"{SET}/retire")
def retire(calibration_set_id: int) -> ResponseReturnValue:
    """Let nobody begin a set any more."""
    building.retire(CalibrationSetId(calibration_set_id), actor=current_actor())
    flash(gettext("Nobody begins this set any more."), "success")
    return redirect(url_for(".set_", calibration_set_id=calibration_set_id), 303)


@blueprint.post(f"{SET}/copy")
def copy(calibration_set_id: int) -> ResponseReturnValue:
    """Begin a new version of a set."""
    made = building.copy_set(CalibrationSetId(calibration_set_id), actor=current_actor())
    flash(
        gettext("This is a new version, a draft yet. The older one stays in use until you retire it."),
        "success",
    )
    return redirect(url_for(".set_", calibration_set_id=made), 303)


@blueprint.post(f"{SET}/discard")
def discard(calibration_set_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    building.discard(CalibrationSetId(calibration_set_id), actor=current_actor())
    flash(gettext("The draft is gone."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.post(f"{SET}/papers")
def add_paper(calibration_set_id: int) -> ResponseReturnValue:
    """Add a paper: an empty one, or evidence whose author agrees."""
    taken = request.form.get("submission", "")
    submission = SubmissionId(int(taken)) if taken.isascii() and taken.isdigit() and len(taken) < 10 else None  # noqa: PLR2004
    paper_id = papering.add_paper(
        CalibrationSetId(calibration_set_id), actor=current_actor(), submission_id=submission
    )
    return redirect(url_for(".paper", set_paper_id=paper_id), 303)


@blueprint.post(f"{SET}/ask/<int:asked_submission_id>")
def ask(calibration_set_id: int, asked_submission_id: int) -> ResponseReturnValue:
    """Ask the author of released evidence whether raters may learn from it."""
    consenting.ask(
        SubmissionId(asked_submission_id), set_id=CalibrationSetId(calibration_set_id), actor=current_actor()
    )
    flash(gettext("The author is asked, on the page of their evidence."), "success")
    return redirect(url_for(".set_", calibration_set_id=calibration_set_id, _anchor="evidence"), 303)


@blueprint.post(f"{SET}/meetings")
def add_meeting(calibration_set_id: int) -> ResponseReturnValue:
    """Let a set be taken at a meeting."""
    chosen = request.form.get("meeting", "")
    number = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 10 else 0  # noqa: PLR2004
    gathering.add_meeting(CalibrationSetId(calibration_set_id), MeetingId(number), actor=current_actor())
    flash(gettext("The set is part of the meeting now."), "success")
    return redirect(url_for(".set_", calibration_set_id=calibration_set_id, _anchor="meetings"), 303)


@blueprint.post(f"{SET}/meetings/<int:calibrating_meeting_id>/remove")
def remove_meeting(calibration_set_id: int, calibrating_meeting_id: int) -> ResponseReturnValue:
    """Take a set off a meeting."""
    gathering.remove_meeting(
        CalibrationSetId(calibration_set_id), MeetingId(calibrating_meeting_id), actor=current_actor()
    )
    return redirect(url_for(".set_", calibration_set_id=calibration_set_id, _anchor="meetings"), 303)


@blueprint.get(PAPER)
def paper(set_paper_id: int) -> ResponseReturnValue:
    """Show the form of a paper."""
    return _paper(set_paper_id)


def take_files(**_values: object) -> tuple[tuple[KeptFile, ...], tuple[DomainError, ...]]:
    """Check and keep what the form brings, before the view's transaction."""
    uploads = [one for one in request.files.getlist("files") if one.filename]
    return keep_handed([(str(one.filename), cast("object", one.stream)) for one in uploads], most=MOST_FILES)  # type: ignore[misc]


@blueprint.post(PAPER, prepare=take_files, largest=LARGEST_UPLOAD)
def save_paper(
    set_paper_id: int, prepared: tuple[tuple[KeptFile, ...], tuple[DomainError, ...]]
) -> ResponseReturnValue:
    """Write a paper, in the language of the page."""
    language = _language()
    here = showing.paper_form(AnchorPaperId(set_paper_id), actor=current_actor(), language=language)
    try:
        sheet = read_paper(request.form, here)
    except SetFormError as error:
        return _paper(set_paper_id, faults=error.faults)
    papering.write_paper(here.row.id, sheet, actor=current_actor())
    kept, refused = prepared
    sentences = [
        *papering.add_files(here.row.id, kept, actor=current_actor()),
        *(one.text for one in refused),
    ]
    if sentences:
        return _paper(set_paper_id, faults={"files": " ".join(sentences)})
    flash(gettext("Saved."), "success")
    if request.form.get("then") == "set":
        return redirect(url_for(".set_", calibration_set_id=here.set_id), 303)
    return redirect(url_for(".paper", set_paper_id=set_paper_id, language=language or None), 303)


@blueprint.post(f"{PAPER}/remove")
def remove_paper(set_paper_id: int) -> ResponseReturnValue:
    """Take a paper out of a draft."""
    set_id = papering.remove_paper(AnchorPaperId(set_paper_id), actor=current_actor())
    flash(gettext("The paper is taken out."), "success")
    return redirect(url_for(".set_", calibration_set_id=set_id), 303)


@blueprint.get(f"{PAPER}/files/<int:set_file_id>")
def file(set_paper_id: int, set_file_id: int) -> ResponseReturnValue:
    """Send a file of a paper."""
    actor, file_id = current_actor(), StoredFileId(set_file_id)
    name = papering.file_of(AnchorPaperId(set_paper_id), file_id, actor=actor)
    stored = find_file(file_id, institute_id=actor.institute_id)
    return send_file_response(stored, as_attachment="download" in request.args, name=name)


@blueprint.post(f"{PAPER}/files/<int:set_file_id>/remove")
def remove_file(set_paper_id: int, set_file_id: int) -> ResponseReturnValue:
    """Take a file out of a paper."""
    papering.remove_file(AnchorPaperId(set_paper_id), StoredFileId(set_file_id), actor=current_actor())
    return redirect(url_for(".paper", set_paper_id=set_paper_id, _anchor="files"), 303)


@blueprint.post("/raters/<int:calibrated_person_id>/<calibrated_key>/unlock")
def unlock(calibrated_person_id: int, calibrated_key: str) -> ResponseReturnValue:
    """Let somebody try again after a training."""
    try:
        words = read_words(request.form, "training", gettext("Say in a few words what training there was."))
    except SetFormError as error:
        return _overview(error.faults, f"{calibrated_person_id}-{calibrated_key}")
    tries.unlock(PersonId(calibrated_person_id), calibrated_key, words, actor=current_actor())
    flash(gettext("They can try again, and are told so."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.post("/qualifications/<int:rater_qualification_id>/end")
def end(rater_qualification_id: int) -> ResponseReturnValue:
    """End what somebody is qualified for."""
    try:
        words = read_words(request.form, "reason", gettext("Say in a few words why."))
    except SetFormError as error:
        return _overview(error.faults, f"held-{rater_qualification_id}")
    tries.end_qualification(QualificationId(rater_qualification_id), words, actor=current_actor())
    flash(gettext("They score by this rubric again once they have passed."), "success")
    return redirect(url_for(".index"), 303)


def _language() -> str:
    language = request.args.get("language", "")
    return language if language in LOCALES else ""


def _overview(faults: dict[str, str] | None = None, at: str = "") -> ResponseReturnValue:
    blocks = showing.overview(current_actor())
    page = render_template(
        f"{FOLDER}/index.html", blocks=blocks, faults=faults or {}, at=at, typed=request.form
    )
    return page, 422 if faults else 200


def _new(typed: object, faults: dict[str, str] | None = None) -> ResponseReturnValue:
    rubrics = listing(current_actor().institute_id)
    page = render_template(
        f"{FOLDER}/new.html", rubrics=rubrics, typed=typed, faults=faults or {}, languages=LOCALES
    )
    return page, 422 if faults else 200


def _set(
    set_id: int, *, faults: dict[str, str] | None = None, too_early: bool = False
) -> ResponseReturnValue:
    here = showing.set_page(CalibrationSetId(set_id), actor=current_actor(), language=_language())
    page = render_template(
        f"{FOLDER}/set.html",
        here=here,
        faults=faults or {},
        typed=request.form if faults else {},
        too_early=too_early,
        languages=LOCALES,
    )
    return page, 422 if faults or too_early else 200


def _paper(paper_id: int, *, faults: dict[str, str] | None = None) -> ResponseReturnValue:
    here = showing.paper_form(AnchorPaperId(paper_id), actor=current_actor(), language=_language())
    page = render_template(
        f"{FOLDER}/paper.html",
        here=here,
        faults=faults or {},
        typed=request.form if faults else {},
        languages=LOCALES,
    )
    return page, 422 if faults else 200
