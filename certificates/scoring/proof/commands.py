"""``flask --app wsgi certificates draws`` and ``proof``: what was drawn, and whether the policy was followed."""

from __future__ import annotations

import json

import click

from certificates.scoring.giving.drawing import draws_again
from certificates.scoring.proof.proving import proofs_of
from institute.people.institutes import find_institute
from institute.terminal import institute_option, sentences


@click.command("draws")
@institute_option
def draws(slug: str | None) -> None:
    """Draw every second score again from its seed, and print as JSON what differs."""
    with sentences():
        found = draws_again(find_institute(slug).id)
    wrong = [one.submission_id for one in found if not one.holds]
    click.echo(json.dumps({"draws": len(found), "drawn": sum(one.drawn for one in found), "differ": wrong}))
    raise SystemExit(bool(wrong))


@click.command("proof")
@institute_option
def proof(slug: str | None) -> None:
    """Prove for every submission that its policy was followed, and print as JSON what was not."""
    with sentences():
        institute_id = find_institute(slug).id
    rounds, faults = 0, dict[str, list[str]]()
    for one in proofs_of(institute_id):
        rounds += 1
        if not one.holds:
            faults[f"{one.facts.submission_id}/{one.facts.round}"] = [str(fault) for fault in one.faults]
    click.echo(json.dumps({"rounds": rounds, "faults": faults}))
    raise SystemExit(bool(faults))
