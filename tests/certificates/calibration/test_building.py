"""The scoring lead builds a set in the browser: papers, known scores with reasons, translations, files, versions."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.calibration.models import AnchorFile, AnchorPaper, AnchorScore, CalibrationSet
from institute.actors import Role
from institute.people.models import Institute, Person
from tests.browsing import Visitor
from tests.certificates.calibration.conftest import Lead, MakeSet, in_session, take
from tests.certificates.scoring.conftest import KEY, MakeTrainer, Trainer

HOME = "/scoring-lead/calibration"
NEW = {
    "rubric": KEY,
    "language": "en",
    "title": "Autumn",
    "least_exact": "60",
    "least_near": "80",
    "most_misses": "0",
}


def begin(lead: Lead, **changed: str) -> str:
    """Begin a set in the browser and return its page."""
    answer = lead.visitor.post(f"{HOME}/new", NEW | changed)
    assert answer.status_code == 303, answer.text
    return in_session(answer.location)


def add(lead: Lead, path: str) -> str:
    """Add an empty paper and return its page."""
    answer = lead.visitor.post(f"{path}/papers")
    assert answer.status_code == 303, answer.text
    return in_session(answer.location)


def paper_form(
    lead: Lead, path: str, *, level: str = "2", why: str = "Because.", text: str = "A paper."
) -> dict[str, str]:
    """Return a whole form of a paper."""
    page = lead.visitor.get(path).text
    criteria = sorted(set(re.findall(r'name="level-(\d+)"', page)))
    form = {"text": text, "use": "calibration", "rationale": ""}
    for one in criteria:
        form |= {f"level-{one}": level, f"why-{one}": why}
    return form


def test_a_lead_builds_publishes_and_a_trainer_passes(lead: Lead, trainer: Trainer) -> None:
    path = begin(lead)
    paper = add(lead, path)
    assert lead.visitor.post(paper, paper_form(lead, paper) | {"then": "set"}).status_code == 303
    assert "A paper." in lead.visitor.get(path).text
    assert lead.visitor.post(f"{path}/publish").status_code == 303
    assert "In use" in lead.visitor.get(f"{HOME}/").text
    assert take(trainer).passed


def test_an_unfinished_set_is_not_published_and_says_what_is_missing(lead: Lead) -> None:
    path = begin(lead)
    assert lead.visitor.post(f"{path}/publish").status_code == 422
    paper = add(lead, path)
    form = paper_form(lead, paper, why="")
    assert lead.visitor.post(paper, form).status_code == 303
    answer = lead.visitor.post(f"{path}/publish")
    assert answer.status_code == 422
    assert "a score has no reason" in answer.text


def test_a_published_set_does_not_change_but_a_new_version_does(
    lead: Lead, make_set: MakeSet, session: Session
) -> None:
    set_id = make_set()
    path = f"{HOME}/sets/{set_id}"
    paper_id = session.scalars(select(AnchorPaper.id).where(AnchorPaper.set_id == set_id)).first()
    assert lead.visitor.post(path, NEW).status_code == 409
    assert lead.visitor.post(f"{path}/papers").status_code == 409
    assert lead.visitor.post(f"{HOME}/papers/{paper_id}", {"text": "x"}).status_code == 409
    assert lead.visitor.post(f"{HOME}/papers/{paper_id}/remove").status_code == 409
    assert lead.visitor.post(f"{path}/discard").status_code == 409
    copied = in_session(lead.visitor.post(f"{path}/copy").location)
    assert lead.visitor.post(copied, NEW | {"title": "Spring"}).status_code == 303
    assert "Spring" in lead.visitor.get(copied).text
    fresh = int(copied.rpartition("/")[2])
    scores = session.scalars(
        select(AnchorScore)
        .join(AnchorPaper, AnchorPaper.id == AnchorScore.paper_id)
        .where(AnchorPaper.set_id == fresh)
    ).all()
    assert len(scores) == 4
    assert session.get_one(CalibrationSet, fresh).version == 2
    assert lead.visitor.post(f"{copied}/discard").status_code == 303
    assert lead.visitor.get(copied).status_code == 404


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"rubric": "nothing"}, "Choose a rubric"),
        ({"language": "tlh"}, "Choose a language"),
        ({"title": " \x00 "}, "Give the set a title"),
        ({"title": "x" * 300}, "too long"),
        ({"least_exact": "101"}, "from 0 to 100"),
        ({"least_exact": "1e2"}, "from 0 to 100"),
        ({"least_near": "59"}, "cannot be less"),
        ({"most_misses": "-1"}, "from 0 to 99"),
        ({"most_misses": "1" * 40}, "from 0 to 99"),
    ],
)
def test_what_is_typed_wrong_is_said_beside_its_field_and_kept(
    lead: Lead, changed: dict[str, str], sentence: str
) -> None:
    answer = lead.visitor.post(f"{HOME}/new", NEW | changed)
    assert answer.status_code == 422
    assert sentence in answer.text
    if "title" not in changed:
        assert 'value="Autumn"' in answer.text


def test_a_form_without_any_field_is_refused_in_words(lead: Lead) -> None:
    assert lead.visitor.post(f"{HOME}/new", {}).status_code == 422
    path = begin(lead)
    assert lead.visitor.post(path, {}).status_code == 422
    assert lead.visitor.post(f"{path}/meetings", {}).status_code == 404
    assert lead.visitor.post(f"{path}/papers", {"submission": "x"}).status_code == 303
    paper = add(lead, path)
    assert lead.visitor.post(paper, {}).status_code == 303


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=40))
def test_any_text_is_taken_or_refused_in_words(lead: Lead, text: str) -> None:
    answer = lead.visitor.post(f"{HOME}/new", NEW | {"title": text})
    assert answer.status_code in (303, 422)


def test_texts_are_translated_and_a_new_source_leaves_translations_stale(
    lead: Lead, session: Session
) -> None:
    path = begin(lead)
    paper = add(lead, path)
    lead.visitor.post(paper, paper_form(lead, paper, text="First words."))
    spanish = f"{paper}?language=es"
    assert "You are translating from English" in lead.visitor.get(spanish).text
    assert (
        lead.visitor.post(
            spanish, paper_form(lead, spanish, text="Primeras palabras.", why="Porque.")
        ).status_code
        == 303
    )
    row = session.scalars(select(AnchorPaper)).one()
    assert row.text is not None
    assert (row.text.source, row.text.texts["es"]) == ("en", "Primeras palabras.")
    assert not row.text.shown("es").stale
    lead.visitor.post(paper, paper_form(lead, paper, text="Other words."))
    session.expire_all()
    row = session.scalars(select(AnchorPaper)).one()
    assert row.text is not None
    assert row.text.shown("es").stale
    score = session.scalars(select(AnchorScore)).first()
    assert score is not None
    assert score.rationale is not None
    assert score.rationale.texts == {"en": "Because.", "es": "Porque."}


def test_a_reason_without_a_level_is_refused_and_kept(lead: Lead) -> None:
    path = begin(lead)
    paper = add(lead, path)
    form = {name: value for name, value in paper_form(lead, paper).items() if not name.startswith("level-")}
    answer = lead.visitor.post(paper, form)
    assert answer.status_code == 422
    assert "Choose the level" in answer.text
    assert "Because." in answer.text


def test_files_are_checked_and_shown_under_neutral_names(
    lead: Lead, trainer: Trainer, session: Session
) -> None:
    path = begin(lead)
    paper = add(lead, path)
    form = paper_form(lead, paper, text="")
    bad = {**form, "files": (io.BytesIO(b"<svg><script/></svg>"), "drawing.svg")}
    assert lead.visitor.post(paper, bad, content_type="multipart/form-data").status_code == 422
    good = {**form, "files": (io.BytesIO(b"Notes without a name."), "Wilhelmina.txt")}
    assert lead.visitor.post(paper, good, content_type="multipart/form-data").status_code == 303
    file_id = session.scalars(select(AnchorFile.file_id)).one()
    assert lead.visitor.get(f"{paper}/files/{file_id}").status_code == 200
    lead.visitor.post(f"{path}/publish")
    begun = trainer.visitor.post(f"/trainer/calibration/{KEY}/begin")
    page = trainer.visitor.get(in_session(begun.location), follow_redirects=True)
    assert "Wilhelmina" not in page.text
    sent = trainer.visitor.get(f"{in_session(page.request.path)}/files/{file_id}")
    assert sent.data == b"Notes without a name."
    assert "Wilhelmina" not in sent.headers["Content-Disposition"]


@pytest.fixture
def stranger(
    make_person: Callable[..., Person],
    make_institute: Callable[..., Institute],
    sign_in: Callable[..., Visitor],
) -> Visitor:
    """The scoring lead of another institute."""
    person = make_person(institute_id=make_institute().id, name="Other Lead")
    return sign_in(person, roles=[Role.SCORING_LEAD])


def test_sets_of_another_institute_are_not_there(
    stranger: Visitor, make_set: MakeSet, session: Session
) -> None:
    set_id = make_set(publishing=False)
    paper_id = session.scalars(select(AnchorPaper.id).where(AnchorPaper.set_id == set_id)).first()
    for path in (f"sets/{set_id}", f"papers/{paper_id}"):
        assert stranger.get(f"{HOME}/{path}").status_code == 404
    of_sets = [f"sets/{set_id}{end}" for end in ("", "/publish", "/copy", "/discard", "/retire", "/papers")]
    for path in (*of_sets, f"papers/{paper_id}", f"papers/{paper_id}/remove"):
        assert stranger.post(f"{HOME}/{path}", NEW).status_code == 404, path


def test_trainers_build_nothing(trainer: Trainer, make_trainer: MakeTrainer) -> None:
    assert trainer.visitor.get(f"{HOME}/").status_code == 403
    assert trainer.visitor.post(f"{HOME}/new", NEW).status_code == 403
