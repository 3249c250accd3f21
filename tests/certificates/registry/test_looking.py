"""Looking into the registry as an administrator: what is found, by what, and how little that asks of the database."""

from __future__ import annotations

import csv
import html
import io
import re
import zipfile
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.awards.states import AwardStatus
from courses.cohorts.models import ConfidentialRecipient, EnrolmentId
from institute.actors import Role
from institute.audit.models import AuditEvent
from institute.db import transaction
from institute.files import storing
from institute.people.models import Institute, OrganisationKind, Person
from tests.browsing import Visitor
from tests.certificates.registry.conftest import REGISTRY, Hall
from tests.databases import counted


def names(page: str) -> list[str]:
    """Return the names that a page lists, in order."""
    return re.findall(r'<th scope="row"><a[^>]*><bdi>([^<]*)</bdi>', page)


def table(sheet: str) -> list[list[str]]:
    """Return the cells of a sheet, all of them texts: a formula would be another kind of cell."""
    assert "<f>" not in sheet
    rows = re.findall(r"<row>(.*?)</row>", sheet, re.DOTALL)
    cell = r'<c s="[12]" t="inlineStr"><is><t xml:space="preserve">(.*?)</t></is></c>'
    assert all(re.sub(cell, "", row, flags=re.DOTALL) == "" for row in rows)
    return [[html.unescape(text) for text in re.findall(cell, row, re.DOTALL)] for row in rows]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("nguyen", ["Nguyễn Thị Hồng"]),
        ("HỒNG thi", ["Nguyễn Thị Hồng"]),
        ("陳", ["陳美玲"]),
        ("أمينة", ["أمينة حداد"]),
        ("100%", []),
        ("VALLEY-2026-00002-0", ["陳美玲"]),
        ("\0\u202e", ["Nguyễn Thị Hồng", "أمينة حداد", "陳美玲"]),
        ("x" * 3000, []),
    ],
)
def test_a_name_is_found_without_its_marks_in_any_script(
    hall: Hall, clerk: Visitor, typed: str, found: list[str]
) -> None:
    for name in ("Nguyễn Thị Hồng", "陳美玲", "أمينة حداد"):
        hall.hold(name)
    answer = clerk.get(f"{REGISTRY}/", query_string={"q": typed})
    assert answer.status_code == 200
    assert sorted(names(answer.text)) == sorted(found)


def test_every_choice_narrows_what_is_found(hall: Hall, clerk: Visitor) -> None:
    north = hall.place("North", OrganisationKind.REGION)
    site = hall.place(
        "Oak Street", OrganisationKind.SITE, hall.place("Sun Agency", OrganisationKind.AGENCY, north)
    )
    south = hall.place("South", OrganisationKind.REGION)
    hall.hold("Ana", "novice", status=AwardStatus.REVOKED)
    hall.hold("Ben", "career", locale="vi")
    hall.hold("Cai", "guide", languages=("yue",), place=south)
    hall.hold("Dee", "guide", languages=("es", "en"), place=site)

    def found(**asked: object) -> list[str]:
        return names(clerk.get(f"{REGISTRY}/", query_string=asked).text)

    assert found() == ["Ana", "Ben", "Cai", "Dee"]
    assert found(status="revoked") == ["Ana"]
    assert found(level=hall.levels["career"][0]) == ["Ben"]
    assert found(track="coach") == ["Cai", "Dee"]
    assert found(language="yue") == ["Cai"]
    assert found(language="vi") == ["Ben"]
    assert found(place=north.id) == ["Dee"]
    assert found(place=south.id) == ["Cai"]
    assert found(track="coach", language="es", q="d") == ["Dee"]
    for nonsense in (
        {"level": "10" * 30},
        {"level": "x"},
        {"track": "\0"},
        {"page": "10" * 20},
        {"status": "no"},
    ):
        assert found(**nonsense) == ["Ana", "Ben", "Cai", "Dee"]


def test_a_page_asks_five_statements_however_many_there_are(hall: Hall, clerk: Visitor) -> None:
    place = hall.place("North", OrganisationKind.REGION)
    for number in range(30):
        hall.hold(
            f"Holder {number:02}", "guide", languages=("es",), specialties=("specialties/x",), place=place
        )
    clerk.get(f"{REGISTRY}/")
    with counted() as bare:
        clerk.get(f"{REGISTRY}/tags")
    with counted() as page:
        clerk.get(f"{REGISTRY}/")
    assert (
        len(page) - (len(bare) - 1) <= 5
    )  # around every page stand the same; the list of tags asks one of its own
    second = clerk.get(f"{REGISTRY}/", query_string={"page": 2, "track": "coach"}).text
    assert len(names(second)) == 5
    assert len(names(clerk.get(f"{REGISTRY}/?page=99").text)) == 5


def test_an_export_holds_what_was_found_and_nothing_that_a_spreadsheet_runs(
    hall: Hall, clerk: Visitor, session: Session
) -> None:
    hall.hold('=HYPERLINK("https://example.test")', "novice")
    hall.hold("Ana & <Co> 😀", "career", locale="zh_Hant")
    answer = clerk.get(f"{REGISTRY}/registry.csv")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row["name"] for row in rows] == ['\'=HYPERLINK("https://example.test")', "Ana & <Co> 😀"]
    assert rows[1]["certificate_languages"] == "zh-Hant"
    assert (rows[1]["level"], rows[1]["status"], rows[1]["public"]) == ("Career", "valid", "no")
    workbook = clerk.get(f"{REGISTRY}/registry.xlsx", query_string={"q": "ana"})
    with zipfile.ZipFile(io.BytesIO(workbook.data)) as archive:
        assert archive.testzip() is None
        first, second = (
            table(archive.read(f"xl/worksheets/sheet{number}.xml").decode()) for number in (1, 2)
        )
    assert [row[0] for row in first] == ["name", "Ana & <Co> 😀"]
    assert [row[0] for row in second[1:]] == first[0]
    noted = session.scalars(select(AuditEvent).where(AuditEvent.action == "registry.taken-out")).all()
    assert [one.details for one in noted] == [{"kind": "csv"}, {"kind": "xlsx"}]


def test_who_may_stand_in_no_list_has_no_name_in_an_export(
    hall: Hall, clerk: Visitor, make_enrolment: Callable[..., tuple[Person, EnrolmentId]]
) -> None:
    person, enrolment_id = make_enrolment()
    letter = storing.store(
        b"%PDF a letter",
        institute_id=hall.institute.id,
        name="l.pdf",
        media_type="application/pdf",
        owner_id=None,
    )
    with transaction() as session:
        session.add(
            ConfidentialRecipient(institute_id=hall.institute.id, enrolment_id=enrolment_id, letter_id=letter)
        )
    hall.hold("Hidden Person", enrolment_id=enrolment_id, person=person)
    (row,) = csv.DictReader(io.StringIO(clerk.get(f"{REGISTRY}/registry.csv").data.decode("utf-8-sig")))
    assert (row["name"], row["serial"], row["address"]) == ("", "", "")
    assert row["level"] == "Novice"


def test_the_registry_is_the_administrators_and_each_institutes_own(
    hall: Hall,
    clerk: Visitor,
    sign_in: Callable[..., Visitor],
    make_institute: Callable[..., Institute],
    make_hall: Callable[[Institute], Hall],
) -> None:
    own = hall.hold("Ana")
    there = make_hall(make_institute(slug="harbour", name="Harbour"))
    foreign = there.hold("Somebody else")
    assert names(clerk.get(f"{REGISTRY}/").text) == ["Ana"]
    assert "Somebody else" not in clerk.get(f"{REGISTRY}/registry.csv").text
    assert clerk.get(f"{REGISTRY}/{own}").status_code == 200
    for path in (f"{REGISTRY}/{foreign}", f"{REGISTRY}/{foreign}/packets/1", f"{REGISTRY}/999999"):
        assert clerk.get(path).status_code == 404
    for path in (f"{REGISTRY}/{foreign}/tags", f"{REGISTRY}/{foreign}/packet"):
        assert clerk.post(path, {"put": "qris"}).status_code == 404
    trainer = sign_in(hall.make_person(name="T"), roles=[Role.TRAINER, Role.COACH, Role.PARTICIPANT])
    for path in ("/", "/registry.csv", "/registry.xlsx", "/tags", "/tagging", f"/{own}"):
        assert trainer.get(f"{REGISTRY}{path}").status_code == 403
