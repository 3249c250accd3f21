"""Who is shown in a participant's clip: named, asked, attested, and what they told."""

from __future__ import annotations

from typing import BinaryIO, Final, cast

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.media import consenting, own, people
from courses.media.consenting import AskSheet, AttestSheet
from courses.media.models import ClipId, PersonShownId
from institute.errors import DomainError, NotFoundError
from institute.files.checking import LARGEST_UPLOAD
from institute.files.handing import KeptFile, keep_handed
from institute.files.reading import find_file, send_file_response
from institute.web.areas import current_actor
from institute.web.forms import storable

AMENDABLE: Final = 422
CLIP: Final = "/clips/<int:clip_id>"
PERSON: Final = f"{CLIP}/people/<int:media_person_id>"
Document = tuple[KeptFile | None, DomainError | None]


def add_people(blueprint: Blueprint) -> None:
    """Give the participant's area these routes."""
    blueprint.add_url_rule(f"{CLIP}/declare", "declare", declare, methods=["POST"])
    blueprint.add_url_rule(f"{PERSON}", "person", person)
    blueprint.add_url_rule(f"{PERSON}/ask", "ask", ask, methods=["POST"])
    blueprint.add_url_rule(
        f"{PERSON}/attest", "attest", attest, methods=["POST"], prepare=take_document, largest=LARGEST_UPLOAD
    )
    blueprint.add_url_rule(f"{PERSON}/document", "document", document)
    blueprint.add_url_rule(f"{PERSON}/withdraw", "withdraw", withdraw, methods=["POST"])
    blueprint.add_url_rule(f"{PERSON}/remove", "drop_person", drop_person, methods=["POST"])


def take_document(**_route: object) -> Document:
    """Check and keep the signed document that a form brought, before any transaction."""
    upload = request.files.get("document")
    if upload is None or not upload.filename:
        return None, None
    kept, refused = keep_handed([(upload.filename, cast("BinaryIO", upload.stream))], most=1)
    return next(iter(kept), None), next(iter(refused), None)


def declare(clip_id: int) -> ResponseReturnValue:
    """Take it that everybody shown is named."""
    people.declare(ClipId(clip_id), actor=current_actor())
    return redirect(_clip(clip_id), 303)


def person(clip_id: int, media_person_id: int) -> ResponseReturnValue:
    """Show one person with what they say, and how to ask them."""
    return _page(clip_id, media_person_id, {}, {}, "")


def ask(clip_id: int, media_person_id: int) -> ResponseReturnValue:
    """Mail them a link."""
    typed = {name: _text(name) for name in ("contact_name", "email", "locale")}
    sheet = AskSheet(**typed)
    problems = consenting.check_ask(sheet, actor=current_actor())
    if problems:
        return _page(clip_id, media_person_id, typed, problems, "ask"), AMENDABLE
    consenting.ask(ClipId(clip_id), PersonShownId(media_person_id), sheet, actor=current_actor())
    return redirect(_clip(clip_id), 303)


def attest(clip_id: int, media_person_id: int, prepared: Document) -> ResponseReturnValue:
    """Record what they signed."""
    typed = {name: _text(name) for name in ("contact_name", "email", "locale", "signed_on")}
    ticked = {name: request.form.get(name) == "1" for name in ("attested", "training")}
    kept, refused = prepared
    sheet = AttestSheet(
        contact_name=typed["contact_name"],
        email=typed["email"],
        locale=typed["locale"],
        signed_on=typed["signed_on"],
        attested=ticked["attested"],
        training=ticked["training"],
        kept=kept,
        refused=refused,
    )
    problems = consenting.check_attest(sheet, actor=current_actor())
    if problems:
        shown = typed | {name: "1" for name, yes in ticked.items() if yes}
        return _page(clip_id, media_person_id, shown, problems, "attest"), AMENDABLE
    consenting.attest(ClipId(clip_id), PersonShownId(media_person_id), sheet, actor=current_actor())
    return redirect(_clip(clip_id), 303)


def document(clip_id: int, media_person_id: int) -> ResponseReturnValue:
    """Send the signed document to the participant who attested it."""
    line = own.person_page(ClipId(clip_id), PersonShownId(media_person_id), actor=current_actor()).line
    if line.consent is None or line.consent.document_id is None:
        raise NotFoundError
    return send_file_response(find_file(line.consent.document_id, institute_id=current_actor().institute_id))


def withdraw(clip_id: int, media_person_id: int) -> ResponseReturnValue:
    """Note that they do not agree any more."""
    consenting.withdraw(ClipId(clip_id), PersonShownId(media_person_id), actor=current_actor())
    return redirect(_clip(clip_id), 303)


def drop_person(clip_id: int, media_person_id: int) -> ResponseReturnValue:
    """Take somebody off the list who was named by mistake."""
    people.drop_person(ClipId(clip_id), PersonShownId(media_person_id), actor=current_actor())
    return redirect(_clip(clip_id), 303)


def _text(name: str) -> str:
    return storable(request.form.get(name, "")).strip()


def _clip(clip_id: int) -> str:
    return f"{url_for('.show', clip_id=clip_id)}#people"


def _page(
    clip_id: int,
    person_id: int,
    typed: dict[str, str],
    problems: dict[str, DomainError],
    form: str,
) -> str:
    return render_template(
        "courses/media/person.html",
        here=own.person_page(ClipId(clip_id), PersonShownId(person_id), actor=current_actor()),
        typed=typed,
        problems=problems,
        form=form,
        summary=[(f"{form}-{name}", error.text) for name, error in problems.items()],
    )
