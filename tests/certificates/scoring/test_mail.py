"""Mail about scores: in the reader's language, with a link that opens them, and without a word of them."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.certificates.scoring.conftest import Desk, MakeDesk, Trainer
from tests.institute import post


@pytest.fixture
def told(make_desk: MakeDesk) -> Desk:
    """A submission by somebody who has an address."""
    return make_desk(email="wilhelmina@example.test", locale="en")


def opened(client: FlaskClient, path: str) -> str:
    """Follow a mailed link and press its button; return the page it leads to."""
    page = client.get(path)
    assert page.status_code == 200
    assert "Your scores" not in page.text
    return client.post(path, follow_redirects=True).text


def test_the_participant_is_told_that_scores_are_there(app: Flask, told: Desk, trainer: Trainer) -> None:
    trainer.visitor.post(f"{told.path}/take")
    trainer.visitor.post(f"{told.path}/hand-in", told.fields((2, "A word of the trainer"), (2, "")))
    [mail] = post.deliver()
    assert mail["Subject"] == "Your evidence was scored"
    text = post.text_of(mail)
    assert "The scores for “The plan” are there. Read the comments, then send a new version by" in text
    assert "A word of the trainer" not in text
    page = opened(app.test_client(), post.link_in(mail))
    assert "A word of the trainer" in page
    assert "Revise and send again" in page


def test_the_participant_is_told_why_evidence_came_back(app: Flask, told: Desk, trainer: Trainer) -> None:
    trainer.visitor.post(f"{told.path}/take")
    trainer.visitor.post(f"{told.path}/return", {"code": "incomplete", "reason": "Page two is missing."})
    [mail] = post.deliver()
    assert mail["Subject"] == "Your evidence was returned"
    assert "Page two" not in post.text_of(mail)
    assert "Page two is missing." in opened(app.test_client(), post.link_in(mail))
