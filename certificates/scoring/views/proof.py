"""The proof that the policy was followed, submission by submission, and the draws, to be drawn again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from flask import render_template, request
from flask.typing import ResponseReturnValue

from certificates.evidence.models import SubmissionId
from certificates.scoring.giving import drawing, seeding
from certificates.scoring.proof import proving, saying
from certificates.scoring.proof.proofs import Proof
from institute.actors import InstituteId, PersonId, Role
from institute.i18n import gettext
from institute.spreadsheets import Cell, csv_response
from institute.web.areas import area_blueprint, current_actor

LONGEST_ID = 9
A_PAGE = 50
FOLDER = "certificates/scoring/lead"

blueprint = area_blueprint(Role.SCORING_LEAD, "proof", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Prove a page of submissions, newest first; with ``faults`` only what is wrong, of all."""
    institute_id, only_faults = current_actor().institute_id, request.args.get("show") == "faults"
    if only_faults:
        proofs, last = [proof for proof in proving.proofs_of(institute_id) if not proof.holds], None
    else:
        typed = request.args.get("before", "")
        before = SubmissionId(int(typed)) if _is_id(typed) else None
        found = proving.scored_submissions(institute_id, before=before, most=A_PAGE + 1)
        proofs = proving.proofs_for(institute_id, found[:A_PAGE])
        last = found[A_PAGE - 1] if len(found) > A_PAGE else None
    raters = {score.rater_id for proof in proofs for score in proof.facts.scores}
    return render_template(
        f"{FOLDER}/proof.html",
        proofs=proofs,
        names=saying.names_of(raters),
        last=last,
        only_faults=only_faults,
        known=sum(seeding.given_lately(institute_id).values()),
    )


@blueprint.get("/proof.csv")
def table() -> ResponseReturnValue:
    """Send the proof of everything as a table."""
    header = (
        gettext("Submission"), gettext("Attempt"), gettext("Round"), gettext("Rubric"),
        gettext("Second score asked because"), gettext("Number drawn"), gettext("Raters"),
        gettext("Decided by a third person"), gettext("Followed"), gettext("What is wrong"),
    )  # fmt: skip
    return csv_response("scoring-proof.csv", header, _rows(current_actor().institute_id))


@blueprint.get("/draws")
def draws() -> ResponseReturnValue:
    """Show the seeds with their digests, and how to draw again."""
    institute_id = current_actor().institute_id
    seeds = [
        (seed, hashlib.sha256(seed.seed.encode()).hexdigest()) for seed in drawing.seeds_of(institute_id)
    ]
    again = drawing.draws_again(institute_id)
    return render_template(
        f"{FOLDER}/draws.html",
        seeds=seeds,
        drawn=sum(one.drawn for one in again),
        wrong=[one for one in again if not one.holds],
        whole=len(again),
        newest=again[: -A_PAGE - 1 : -1],
    )


@blueprint.get("/draws.csv")
def draws_table() -> ResponseReturnValue:
    """Send every draw as a table, with the number that its seed draws today."""
    header = (
        gettext("Submission"),
        gettext("Number drawn"),
        gettext("Drawn again"),
        gettext("Share in percent"),
    )
    rows = (
        (one.submission_id, one.number, one.again, one.share)
        for one in drawing.draws_again(current_actor().institute_id)
    )
    return csv_response("scoring-draws.csv", header, rows)


def _rows(institute_id: InstituteId) -> Iterator[tuple[Cell, ...]]:
    for proof in proving.proofs_of(institute_id):
        facts, third = proof.facts, _third(proof)
        names = saying.names_of({score.rater_id for score in facts.scores})
        yield (
            facts.submission_id,
            facts.attempt,
            facts.round,
            facts.rubric,
            "; ".join(saying.say_why(why) for why in sorted(proof.asked)),
            facts.drawn.number if facts.drawn else None,
            "; ".join(names[score.rater_id] for score in facts.scores if score.rater_id != third),
            names[third] if third is not None else "",
            gettext("yes") if proof.holds else gettext("no"),
            " ".join(saying.say_fault(fault) for fault in proof.faults),
        )


def _third(proof: Proof) -> PersonId | None:
    thirds = [score.rater_id for score in proof.facts.scores if score.purpose == "adjudication"]
    return thirds[0] if thirds else None


def _is_id(typed: str) -> bool:
    return typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_ID
