"""The commands that draw again, and that prove the policy was followed."""

from __future__ import annotations

import json

from flask import Flask

from certificates.rubrics.defining import define_rubric
from certificates.rubrics.policies import Policy
from institute.actors import Actor
from tests.certificates.scoring.conftest import MakeDesk, MakeTrainer, rubric_draft


def told(app: Flask, name: str) -> tuple[int, dict[str, object]]:
    """Run a command and return its status and what it printed."""
    result = app.test_cli_runner().invoke(args=["certificates", name])
    return result.exit_code, json.loads(result.output)


def test_draws_and_proof_say_what_there_is(
    app: Flask, asked: Actor, make_desk: MakeDesk, make_trainer: MakeTrainer
) -> None:
    define_rubric(rubric_draft(policy=Policy(first=0, share=100, calibrated=False)), actor=asked)
    desk, trainer = make_desk(), make_trainer()
    assert told(app, "draws") == (0, {"draws": 1, "drawn": 1, "differ": []})
    assert told(app, "proof") == (0, {"rounds": 0, "faults": {}})
    trainer.visitor.post(f"{desk.path}/take")
    trainer.visitor.post(f"{desk.path}/hand-in", desk.fields((3, "x"), (3, "y")))
    assert told(app, "proof") == (0, {"rounds": 1, "faults": {}})
    assert app.test_cli_runner().invoke(args=["certificates", "draws", "--institute", "none"]).exit_code == 1
