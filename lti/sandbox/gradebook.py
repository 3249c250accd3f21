"""The gradebook's read side: people by line items, made for a page."""

import json
import sqlite3
from dataclasses import dataclass

from lti.sandbox.bodies import write_number
from lti.sandbox.vocabulary import FULLY_GRADED, LEARNER


@dataclass(frozen=True)
class Column:
    """A line item: its label, the title of the link it belongs to, its maximum."""

    id: int
    label: str
    link_title: str | None
    maximum: int | float
    tool: int
    states: list[str] | None
    """In which states of a person's work the tool shows it; None where the tool did not say."""

    def shows(self, cell: "Cell | None") -> bool:
        """Return whether the tool shows the work behind a cell."""
        if cell is None:
            return self.states is not None and "None" in self.states
        return self.states is None or not cell.states.isdisjoint(self.states)


@dataclass(frozen=True)
class Cell:
    """What was last received for a person; without a grade, ``given`` and ``maximum`` are None too."""

    grade: int | float | None
    """Scaled to the column's maximum and exact; the page rounds it."""
    given: int | float | None
    maximum: int | float | None
    comment: str | None
    activity_progress: str
    grading_progress: str
    sent_at: str
    submitted_at: str | None = None

    @property
    def states(self) -> set[str]:
        """Return the words for where this person's work stands."""
        return {self.activity_progress, *(["Graded"] if self.grading_progress == FULLY_GRADED else [])}


@dataclass(frozen=True)
class Row:
    """A student and the cells in the order of the columns; None where nothing was received."""

    name: str
    locale: str
    sub: str
    cells: list[Cell | None]


@dataclass(frozen=True)
class Gradebook:
    """A course's gradebook."""

    columns: list[Column]
    rows: list[Row]


def read_gradebook(db: sqlite3.Connection, course_id: str) -> Gradebook:
    """Return the gradebook of a course."""
    columns = [
        Column(
            row["id"],
            row["label"],
            row["title"],
            write_number(row["score_maximum"]),
            row["tool_id"],
            json.loads(row["review_json"] or "{}").get("reviewableStatus"),
        )
        for row in db.execute(
            "SELECT line_item.*, link.title FROM line_item "
            "LEFT JOIN link ON link.id = link_id WHERE line_item.course_id = ? ORDER BY line_item.id",
            (course_id,),
        ).fetchall()
    ]
    cells = {
        (row["sub"], row["line_item_id"]): _cell(row)
        for row in db.execute(
            "SELECT score.*, line_item.score_maximum AS scale FROM score "
            "JOIN line_item ON line_item.id = line_item_id WHERE course_id = ?",
            (course_id,),
        ).fetchall()
    }
    students = db.execute(
        "SELECT sub, name, locale FROM enrolment JOIN person USING (sub) "
        "WHERE course_id = ? AND role = ? AND status <> 'Deleted' ORDER BY revision",
        (course_id, LEARNER),
    ).fetchall()
    rows = [
        Row(
            row["name"], row["locale"], row["sub"], [cells.get((row["sub"], column.id)) for column in columns]
        )
        for row in students
    ]
    return Gradebook(columns, rows)


def _cell(row: sqlite3.Row) -> Cell:
    grade = given = maximum = None
    if row["score_given"] is not None:
        given, maximum = write_number(row["score_given"]), write_number(row["score_maximum"])
        grade = write_number(row["score_given"] * row["scale"] / row["score_maximum"])
    return Cell(
        grade=grade,
        given=given,
        maximum=maximum,
        comment=row["comment"],
        activity_progress=row["activity_progress"],
        grading_progress=row["grading_progress"],
        sent_at=row["sent_at"],
        submitted_at=row["submitted_at"],
    )
