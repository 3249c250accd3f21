"""Sharing and handing in: the coach of today reads what is shared, as long as it is, and nobody else anything."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from courses.activities.models import Work, WorkFile
from courses.cohorts.assigning import assign_coach
from courses.cohorts.models import CohortId, Enrolment, EnrolmentState
from institute import clock
from institute.actors import Actor, PersonId, Role
from institute.db import transaction
from institute.people.models import Person
from tests import papers
from tests.browsing import Visitor
from tests.courses.activities.conftest import NOW, Working


def pdf(name: str = "plan.pdf") -> tuple[io.BytesIO, str]:
    """Return a small PDF with a name."""
    return io.BytesIO(papers.pdf()), name


def hand_in(working: Working, more: str = "", **fields: Any) -> int:
    """Hand a file in and return its id."""
    assert working.send("hand-in", more, files=pdf(), **fields).status_code == 303
    return working_files(working)[-1]


def working_files(working: Working) -> list[int]:
    """Return the ids of the files of a person, in order."""
    work = working.work("hand-in")
    assert work is not None
    with transaction() as session:
        return list(
            session.scalars(
                select(WorkFile.file_id).where(WorkFile.work_id == work.id).order_by(WorkFile.position)
            )
        )


def shared_url(working: Working, key: str = "reflect") -> str:
    """Return where the coach reads a work."""
    work = working.work(key)
    assert work is not None
    return f"/coach/activities/{working.enrolment_id}/{work.id}"


def test_a_coach_reads_what_is_shared_and_nothing_else(working: Working) -> None:
    working.send("reflect", text="For both of us", share="coach")
    working.send("write", text="For me alone", share="me")
    listed = working.coach.get(f"/coach/activities/{working.enrolment_id}").text
    assert "Do reflect" in listed
    assert "Do write" not in listed
    assert "For both of us" in working.coach.get(shared_url(working)).text
    assert working.coach.get(shared_url(working, "write")).status_code == 404


def test_what_is_shared_can_be_taken_back(working: Working) -> None:
    working.send("reflect", "/done", text="For both of us", share="coach")
    assert working.coach.get(shared_url(working)).status_code == 200
    assert "Your coach can read this." in working.page("reflect")
    assert working.send("reflect", "/share", share="me").status_code == 303
    assert working.coach.get(shared_url(working)).status_code == 404
    working.send("reflect", "/share", share="coach")
    assert working.coach.get(shared_url(working)).status_code == 200


def test_nothing_is_shared_unless_somebody_chooses_so(working: Working) -> None:
    working.send("reflect", "/done", text="Mine")
    page = working.coach.get(f"/coach/activities/{working.enrolment_id}").text
    assert "Nothing is shared yet" in page
    working.send("reflect", "/again")
    assert 'value="me" checked' in working.page("reflect")


def test_earlier_texts_stay_with_the_person(working: Working) -> None:
    working.send("reflect", text="A harsh first version", share="coach")
    with clock.frozen(NOW + timedelta(hours=1)):
        working.send("reflect", text="A kinder one", share="coach")
        assert "A harsh first version" in working.page("reflect")
        assert "A harsh first version" not in working.coach.get(shared_url(working)).text


def test_only_the_coach_of_today_reads_it(
    working: Working,
    make_working: Callable[..., Working],
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
    system: Actor,
) -> None:
    working.send("reflect", text="For both of us", share="coach")
    url, other = shared_url(working), make_working("Rosa")
    assert other.coach.get(url).status_code == 404
    assert (
        other.coach.get(url.replace(f"/{working.enrolment_id}/", f"/{other.enrolment_id}/")).status_code
        == 404
    )
    next_coach = make_person(name="Ana")
    assign_coach(working.enrolment_id, PersonId(next_coach.id), since=date(2026, 10, 10), actor=system)
    assert working.coach.get(url).status_code in {403, 404}
    assert sign_in(next_coach).get(url).status_code == 200


def test_who_leads_the_cohort_reads_none_of_it(
    working: Working,
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
    cohort_id: CohortId,
) -> None:
    working.send("reflect", text="For both of us", share="coach")
    leading = sign_in(make_person(name="Noor"), roles=[Role.FACILITATOR], place=cohort_id)
    assert leading.get(shared_url(working)).status_code == 403
    assert "For both of us" not in leading.get(f"/facilitator/cohort/members/{working.enrolment_id}").text


def test_the_coachs_page_of_a_person_leads_to_work_and_plan(working: Working) -> None:
    working.send("reflect", text="For both of us", share="coach")
    page = working.coach.get(f"/coach/participants/{working.enrolment_id}").text
    assert f"/coach/activities/{working.enrolment_id}" in page
    assert "1 work" in page
    assert f"/coach/plans/{working.enrolment_id}" in page


def test_files_are_handed_in_removed_and_served_to_their_person_alone(
    working: Working, make_working: Callable[..., Working]
) -> None:
    file_id = hand_in(working)
    url = working.url("hand-in", f"/files/{file_id}")
    answer = working.person.get(url)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    other = make_working("Rosa")
    assert other.person.get(url).status_code == 404
    assert other.person.post(f"{url}/remove").status_code == 404
    coach_url = f"{shared_url(working, 'hand-in')}/files/{file_id}"
    assert working.coach.get(coach_url).status_code == 404
    working.send("hand-in", share="coach", text="")
    assert working.coach.get(coach_url).status_code == 200
    assert other.coach.get(coach_url).status_code == 404
    assert working.send("hand-in", f"/files/{file_id}/remove", text="A remark").status_code == 303
    assert working_files(working) == []
    assert "A remark" in working.page("hand-in")


def test_several_files_are_done_together_and_stay_until_it_is_opened_again(working: Working) -> None:
    first = hand_in(working)
    assert working.send("hand-in", "/done", files=pdf("second.pdf")).status_code == 303
    assert working.ticked("hand-in")
    assert len(working_files(working)) == 2
    assert working.send("hand-in", f"/files/{first}/remove").status_code == 409
    assert working.send("hand-in", files=pdf("third.pdf")).status_code == 303
    assert len(working_files(working)) == 2
    working.send("hand-in", "/again")
    assert working.send("hand-in", f"/files/{first}/remove").status_code == 303


def test_an_upload_without_a_file_is_not_done(working: Working) -> None:
    answer = working.send("hand-in", "/done", text="No file")
    assert answer.status_code == 422
    assert "Add a file first." in answer.text
    assert "No file</textarea>" in answer.text


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"MZ\x90\x00", "plan.pdf"),
        (b"", "plan.pdf"),
        (b"<script>alert(1)</script>", "page.html"),
        (b"%PDF-1.7", "x"),
    ],
)
def test_a_file_of_a_wrong_kind_is_named_and_the_text_kept(working: Working, data: bytes, name: str) -> None:
    answer = working.send("hand-in", files=(io.BytesIO(data), name), text="A remark")
    assert answer.status_code == 422
    assert "ci-error" in answer.text
    work = working.work("hand-in")
    assert work is not None
    assert work.text == "A remark"
    assert working_files(working) == []


def test_files_where_none_are_asked_for_are_not_looked_at(working: Working, session: Session) -> None:
    assert working.send("reflect", files=pdf(), text="Words").status_code == 303
    assert session.scalar(select(WorkFile.file_id)) is None


def test_another_persons_step_is_ones_own_or_nothing(
    working: Working, make_working: Callable[..., Working]
) -> None:
    working.send("reflect", text="Lucía's", share="coach")
    other = make_working("Rosa")
    assert "Lucía&#39;s" not in other.page("reflect")
    other.send("reflect", text="Rosa's")
    work = working.work("reflect")
    assert work is not None
    assert work.text == "Lucía's"


@pytest.mark.parametrize(
    "path",
    [
        "module-1/segment-1/nothing",
        "module-9/segment-1/reflect",
        "module-1/segment-1/%00",
        "a/b/" + "x" * 300,
    ],
)
def test_a_step_of_nowhere_is_not_there(working: Working, path: str) -> None:
    for more in ("", "/paper", "/files/1"):
        assert working.person.get(f"/participant/activities/{path}{more}").status_code == 404
    for more in ("", "/autosave", "/done", "/again", "/share", "/files/1/remove"):
        answer = working.person.post(f"/participant/activities/{path}{more}", {"text": "x", "_revision": "0"})
        assert answer.status_code == 404, more


@pytest.mark.parametrize("state", [EnrolmentState.PAUSED, EnrolmentState.COMPLETED, EnrolmentState.WITHDRAWN])
def test_a_closed_enrolment_changes_nothing(
    working: Working, session: Session, state: EnrolmentState
) -> None:
    working.send("reflect", text="From before")
    with transaction() as writing:
        writing.execute(update(Enrolment).where(Enrolment.id == working.enrolment_id).values(state=state))
    for more in ("", "/autosave", "/done", "/again", "/share"):
        assert working.send("reflect", more, text="After").status_code in {403, 409}, more
    assert session.scalars(select(Work.text)).all() == ["From before"]
    read = working.person.get(working.url("reflect"))
    assert read.status_code == (403 if state is EnrolmentState.WITHDRAWN else 200)


def test_the_segment_and_the_home_lead_straight_to_the_work(working: Working) -> None:
    page = working.person.get("/participant/modules/module-1/segment-1").text
    assert working.url("reflect") in page
    assert 'id="step-old-box"' in page
    assert working.url("old") not in page
    assert 'id="step-practise-box"' in page
    assert working.url("practise") in page
    home = working.person.get("/participant/").text
    assert working.url("reflect") in home
