"""The settings page: what is typed is looked at in every language, saved for new documents, and never lost."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.documents.looks.keeping import current
from certificates.documents.looks.look import Look, Orientation, Template
from certificates.documents.looks.models import DocumentLook, LookPreview
from institute.audit.models import AuditEvent
from institute.files.models import StoredFile
from institute.people.models import Institute
from tests.browsing import Visitor
from tests.certificates.looks.conftest import LOOKS, png
from tests.databases import counted
from tests.working import work

FORM = {
    "template": "modern",
    "orientation": "portrait",
    "paper": "letter",
    "primary": "#0b4f6c",
    "accent": "#c0392b",
    "signer-1-name": "Dr. Ruth Ellison",
    "signer-1-title-en": "Director of Certification",
    "signer-1-title-ar": "مديرة الاعتماد",
    "statement-en": "Recognised by the State.",
}
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 100">'
    b'<path fill="#0b6e4f" d="M0 0h400v100H0z"/>%s</svg>'
)


def test_a_look_is_saved_for_documents_to_come_and_its_pages_are_made(
    app: Flask, administrator: Visitor, institute: Institute, session: Session
) -> None:
    sent = {
        **FORM,
        "do": "save",
        "logo": (png(400, 100), "logo.png"),
        "signer-1-ink": (png(300, 90, "RGBA"), "me.png"),
    }
    answer = administrator.post(f"{LOOKS}/", data=sent)
    assert answer.status_code == 303
    look = current(institute.id)
    assert (look.template, look.orientation, look.paper) == (Template.MODERN, Orientation.PORTRAIT, "letter")
    assert look.logo_id is not None
    assert look.signers[0].file_id is not None
    assert look.signers[0].title.in_("ar") == "مديرة الاعتماد"
    assert session.scalars(select(AuditEvent.action)).all().count("look.saved") == 1
    assert "being made" in administrator.get(f"{LOOKS}/previews").text
    work(app)
    assert administrator.get(f"{LOOKS}/previews").status_code == 303
    page = administrator.get(f"{LOOKS}/", query_string={"show": "ar"})
    assert "not saved yet" not in page.text
    found = re.search(r"/previews/(\d+)/page\.png", page.text)
    assert found is not None
    picture = administrator.get(f"{LOOKS}/previews/{found[1]}/page.png")
    assert picture.data.startswith(b"\x89PNG")
    pdf = administrator.get(f"{LOOKS}/previews/{found[1]}/page.pdf")
    assert pdf.data.startswith(b"%PDF")


def test_a_preview_changes_nothing_until_it_is_saved_or_thrown_away(
    app: Flask, administrator: Visitor, institute: Institute, session: Session
) -> None:
    administrator.post(f"{LOOKS}/", data={**FORM, "do": "preview"})
    work(app)
    page = administrator.get(f"{LOOKS}/").text
    assert "This is not saved yet" in page
    assert "#0b4f6c" in page
    assert current(institute.id) == Look()
    administrator.post(f"{LOOKS}/discard")
    assert session.scalars(select(LookPreview)).all() == []
    assert "#592c62" in administrator.get(f"{LOOKS}/").text
    assert session.scalars(select(StoredFile.name).where(StoredFile.name.like("preview-%"))).all() == []


def test_saving_the_same_look_again_makes_no_new_version(administrator: Visitor, session: Session) -> None:
    for _ in range(2):
        administrator.post(f"{LOOKS}/", data={**FORM, "do": "save"})
    assert session.scalars(select(DocumentLook.version)).all() == [1]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"GIF89a not a logo", "This is no picture"),
        (b"\x89PNG\r\n\x1a\n cut off", "This is no picture"),
        (b"", "This is no picture"),
        (SVG % b"<script>alert(1)</script>", "script"),
        (SVG % b"<foreignObject/>", "foreignObject"),
        (SVG % b'<image href="https://evil.example/a.png"/>', "image"),
        (SVG % b'<path onclick="x()" d="M0 0"/>', "onclick"),
        (SVG % b'<path style="fill:url(https://evil.example/a)" d="M0 0"/>', "style"),
        (SVG % b"<style>@import url(x)</style>", "style"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG % b"&amp;", "DOCTYPE"),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'><g>" + b"<g>" * 90 + b"</g>" * 90 + b"</g></svg>",
            "cannot be read",
        ),
        (b"<svg viewBox='0 0 0 nan'/>", "cannot be read"),
        (b"<svg viewBox='0 0 900 10'/>", "times as long"),
        (png(900, 10).read(), "times as long"),
        (png(5000, 4500, "1").read(), "too large"),
    ],
)
def test_what_is_no_plain_picture_is_refused_and_everything_typed_stays(
    administrator: Visitor, session: Session, data: bytes, said: str
) -> None:
    answer = administrator.post(
        f"{LOOKS}/", data={**FORM, "do": "save", "logo": (io.BytesIO(data), "logo.svg")}
    )
    assert answer.status_code == 422
    assert said in answer.text
    assert "Dr. Ruth Ellison" in answer.text
    assert session.scalars(select(DocumentLook)).all() == []


def test_a_plain_drawing_is_taken_and_printed(app: Flask, administrator: Visitor, session: Session) -> None:
    sent = {**FORM, "do": "preview", "logo": (io.BytesIO(SVG % b""), "logo.svg")}
    assert administrator.post(f"{LOOKS}/", data=sent).status_code == 303
    work(app)
    assert [row.problem for row in session.scalars(select(LookPreview))] == ["", ""]


@pytest.mark.parametrize(
    "changed",
    [
        {"primary": "#ffff00"},
        {"accent": "#fefefe"},
        {"primary": "red; }"},
        {"signer-1-name": ""},
        {"signer-1-title-en": "", "signer-1-title-ar": ""},
        {"signer-2-name": "\u0301"},
        {"statement-en": "x" * 301},
        {"statement-en": "An emoji \U0001f600"},
    ],
)
def test_what_cannot_be_printed_well_is_told_beside_its_field(
    administrator: Visitor, changed: dict[str, str]
) -> None:
    answer = administrator.post(f"{LOOKS}/", data={**FORM, **changed, "do": "save"})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert "Recognised by the State." in answer.text or "statement-en" in changed


@pytest.mark.parametrize(
    "form",
    [
        {},
        {
            "template": "\0",
            "orientation": "9" * 30,
            "paper": "a5",
            "primary": "\0",
            "signer-1-name": "\ufffe\u200b",
        },
        {"template": ["modern", "classic"], "signer-4-name": "Nobody", "certifies-xx": "?"},
        {"signer-1-name": "x" * 20_000, "statement-en": "\u202e" * 400},
    ],
)
def test_odd_forms_are_answered_and_never_break(administrator: Visitor, form: dict[str, Any]) -> None:
    assert administrator.post(f"{LOOKS}/", data=form).status_code in {303, 422}


def test_words_that_do_not_fit_are_told_before_anything_is_issued(
    app: Flask, administrator: Visitor, session: Session
) -> None:
    lying = {"template": "classic", "orientation": "landscape"}
    titles = {f"signer-{number}-title-en": "Directorship of everything " * 4 for number in (1, 2, 3)}
    names = {f"signer-{number}-name": "Maximiliane von Hohenstein" for number in (1, 2, 3)}
    administrator.post(f"{LOOKS}/", data={**FORM, **lying, **titles, **names, "do": "preview"})
    work(app)
    assert {row.problem for row in session.scalars(select(LookPreview))} == {"page-unfit"}
    assert "do not fit on the sheet" in administrator.get(f"{LOOKS}/").text


def test_previews_are_seen_only_by_whoever_typed_them(
    app: Flask, administrator: Visitor, make_others: Callable[[], list[Visitor]], session: Session
) -> None:
    administrator.post(f"{LOOKS}/", data={**FORM, "do": "preview"})
    work(app)
    first = session.scalars(select(LookPreview.id)).first()
    for other in make_others():
        for kind in ("png", "pdf"):
            assert other.get(f"{LOOKS}/previews/{first}/page.{kind}").status_code == 404
        assert "No preview yet" in other.get(f"{LOOKS}/").text


def test_the_page_asks_little_of_the_database(app: Flask, administrator: Visitor) -> None:
    administrator.post(f"{LOOKS}/", data={**FORM, "do": "preview"})
    with counted() as statements:
        administrator.get(f"{LOOKS}/")
    assert len(statements) <= 14


def test_pictures_that_no_look_names_any_more_are_not_kept(
    app: Flask, administrator: Visitor, session: Session
) -> None:
    def kept() -> list[str]:
        session.rollback()
        return sorted(session.scalars(select(StoredFile.name).where(StoredFile.name.like("%logo%"))))

    def send(do: str, **more: Any) -> int:
        logo = (png(400, 100), "logo.png")
        answer = administrator.post(f"{LOOKS}/", data={**FORM, "do": do, "logo": logo, **more})
        assert ("Choose the file once more." in answer.text) is (answer.status_code != 303)
        return answer.status_code

    assert send("preview") == send("preview") == 303
    assert len(kept()) == 1, "the first try was replaced"
    assert send("preview", primary="#ffffff") == 422
    assert len(kept()) == 1, "nothing stays of a form that was refused"
    administrator.post(f"{LOOKS}/discard")
    assert kept() == []
    assert send("save") == 303
    administrator.post(f"{LOOKS}/discard")
    assert send("save") == 303
    assert len(kept()) == 2, "what was once saved may stand on certificates"
