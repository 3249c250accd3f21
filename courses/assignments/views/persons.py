"""The page of one person, which several forms come back to."""

from __future__ import annotations

from flask import render_template

from courses.assignments import pages
from courses.assignments.deciding import AssignChecked, AssignSheet
from courses.assignments.people import RecipientChecked, RecipientSheet
from courses.assignments.uploading import Letter
from courses.cohorts.models import EnrolmentId
from institute.files.checking import LARGEST_FILE
from institute.web.areas import current_actor


def person_html(
    enrolment_id: EnrolmentId,
    *,
    checked: RecipientChecked | None = None,
    ending: AssignChecked | None = None,
    letter: Letter | None = None,
) -> str:
    """Return the page of a person, with what was typed into one of its forms. Raises NotFoundError."""
    here = pages.person_page(enrolment_id, actor=current_actor())
    until = here.present.assignment.ends_on if here.present else None
    sheet = AssignSheet(last_day=here.today.isoformat(), ends_on=until.isoformat() if until else "")
    return render_template(
        "courses/assignments/member.html",
        here=here,
        checked=checked or RecipientChecked(RecipientSheet.of(here)),
        ending=ending or AssignChecked(sheet),
        letter=letter,
        largest_file=LARGEST_FILE,
    )
