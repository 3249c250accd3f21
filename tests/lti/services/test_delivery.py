"""What a participant does arrives in the platform's gradebook, once in effect."""

from __future__ import annotations

from lti.sandbox.gradebook import Cell, read_gradebook
from lti.sandbox.server import RunningSandbox
from lti.services.models import ScoreState
from tests.lti.services.classroom import COURSE, Classroom


def cells(platform: RunningSandbox) -> dict[tuple[str, str], Cell]:
    """Return what the gradebook holds, by column and sub."""
    with platform.sandbox.store.reading() as store:
        book = read_gradebook(store, COURSE)
    return {
        (column.label, row.sub): cell
        for row in book.rows
        for column, cell in zip(book.columns, row.cells, strict=True)
        if cell is not None
    }


def test_progress_arrives_as_in_progress_and_fully_graded(
    classroom: Classroom, platform: RunningSandbox
) -> None:
    link = classroom.link()
    learner = classroom.learner(link)
    classroom.tick(learner, 1, 2)
    classroom.work()
    cell = cells(platform)["Title of link-segment-1", "participant-1"]
    assert (cell.grade, cell.activity_progress, cell.grading_progress) == (40, "InProgress", "FullyGraded")
    [score] = classroom.scores()
    assert (score.state, score.sent_version, score.version) == (ScoreState.SENT, 2, 2)
