"""What is taken out: rows of sessions, formulas that are texts, names that stay in the house, documented columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.cohorts.models import ConfidentialRecipient, NeedLevel, RecipientType, Setting
from courses.cohorts.recipients import RecipientDraft, record_recipient
from courses.exchange.dataset import DATASET, describe_dataset
from institute.actors import Actor
from institute.audit.models import AuditEvent
from institute.db import transaction
from institute.files.storing import store
from institute.i18n import Localised
from institute.paths import ROOT
from institute.people.models import Organisation, OrganisationId, OrganisationKind, Person
from tests.browsing import Visitor
from tests.courses.exchange.conftest import Desk, paper, row

AT = "/administrator/exchange"
ACTING = ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠1"]


def take(visitor: Visitor, name: str) -> list[dict[str, str]]:
    """Take a file out and return its rows."""
    answer = visitor.get(f"{AT}/{name}")
    assert answer.status_code == 200
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_each_session_is_a_row_of_the_data_set_without_names(
    desk: Desk, make_person: Callable[..., Person], system: Actor, studied: object
) -> None:
    with transaction() as session:
        region = Organisation(
            institute_id=system.institute_id,
            key="north",
            kind=OrganisationKind.REGION,
            name=Localised.of({"en": "North"}),
        )
        session.add(region)
        session.flush()
        site = Organisation(
            institute_id=system.institute_id,
            key="almond",
            kind=OrganisationKind.SITE,
            parent_id=region.id,
            name=Localised.of({"en": "Almond"}),
        )
        session.add(site)
        session.flush()
        site_id = OrganisationId(site.id)
    draft = RecipientDraft(RecipientType.ASSISTANT, Setting.SCHOOL, NeedLevel.RAISED, "es", site_id)
    record_recipient(desk.enrolments["lucia"], draft, since=date(2026, 9, 3), actor=system)
    desk.bring_in(paper(row(1), row(5), row(6, participant="mei@example.test")))
    first, second, third = take(desk.visitor, "dataset.csv")
    assert (first["minutes"], first["counted_minutes"], first["waiting_minutes"]) == ("30", "0", "30")
    assert (first["state"], first["not_counted_because"], first["imported"]) == (
        "submitted",
        "waiting",
        "yes",
    )
    assert (first["day"], first["begins"], first["begins_utc"]) == (
        "2026-09-02",
        "08:00",
        "2026-09-02T15:00:00Z",
    )
    # What was true on the day of the session: nothing was recorded before 3 September.
    assert [one["setting"] for one in (first, second, third)] == ["", "school", ""]
    assert (second["recipient_type"], second["need"], second["language"]) == ("assistant", "raised", "es")
    assert (second["site"], second["region"]) == ("almond", "north")
    whole = str([first, second, third])
    assert not any(name in whole for name in ("Lucia", "Amina", "example.test"))


def test_the_documentation_of_the_data_set_names_every_column() -> None:
    text = (ROOT / "docs" / "developer" / "dataset.md").read_text(encoding="utf-8")
    assert describe_dataset() in text


def test_the_columns_of_the_file_are_those_of_the_page(desk: Desk) -> None:
    desk.bring_in(paper(row(1)))
    (only,) = take(desk.visitor, "dataset.csv")
    assert list(only) == [column.name for column in DATASET]
    page = desk.visitor.get(f"{AT}/dataset").text
    assert all(f"<code>{column.name}</code>" in page for column in DATASET)


@pytest.mark.parametrize("acting", ACTING)
def test_no_text_acts_in_a_spreadsheet(desk: Desk, acting: str, session: Session) -> None:
    desk.bring_in(paper(row(1, external_id="mine")))
    with transaction() as writing:
        for person in writing.scalars(select(Person)):
            person.name = acting
    for name, column in (("sessions.csv", "participant_name"), ("sessions.csv", "coach_name")):
        (only,) = take(desk.visitor, name)
        assert only[column] == f"'{acting}"


def test_sessions_taken_out_can_be_brought_in_again(desk: Desk) -> None:
    desk.bring_in(paper(row(1), row(2, external_id="=2", notes="")))
    rows = take(desk.visitor, "sessions.csv")
    columns = (
        "external_id",
        "participant",
        "coach",
        "cohort",
        "date",
        "begins",
        "ends",
        "next_day",
        "mode",
        "kind",
    )
    again = paper(*({name: one[name] for name in columns} for one in rows))
    assert "2 rows are in already" in desk.visitor.get(desk.waiting(again)).text


def test_a_confidential_name_stays_in_the_house(desk: Desk, system: Actor) -> None:
    desk.bring_in(paper(row(1)))
    letter = store(
        b"%PDF", institute_id=system.institute_id, name="a.pdf", media_type="application/pdf", owner_id=None
    )
    with transaction() as session:
        session.add(
            ConfidentialRecipient(
                institute_id=system.institute_id, enrolment_id=desk.enrolments["lucia"], letter_id=letter
            )
        )
    (only,) = take(desk.visitor, "sessions.csv")
    assert (only["participant"], only["participant_name"]) == ("", "")
    assert only["participant_number"] == str(desk.enrolments["lucia"])


@pytest.mark.parametrize("name", ["sessions.csv", "attendance.csv", "dataset.csv", "sessions/template.csv"])
def test_files_are_there_where_nothing_is(desk: Desk, name: str) -> None:
    assert len(take(desk.visitor, name)) <= 1


def test_who_took_a_list_out_is_noted(desk: Desk, session: Session, administrator: Person) -> None:
    take(desk.visitor, "sessions.csv")
    noted = session.scalars(select(AuditEvent).where(AuditEvent.action == "exchange.taken-out")).one()
    assert (noted.person_id, noted.details) == (administrator.id, {"what": "sessions"})
