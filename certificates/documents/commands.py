"""The command ``flask --app wsgi certificates preview``: a specimen of a document, unsigned."""

from __future__ import annotations

import importlib
import os
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import click
from babel import Locale, UnknownLocaleError

from certificates.documents.certificate import CertificateFacts, PageLook, Paper, Signatory
from certificates.documents.fitting import CertificateNameError, check_name
from certificates.documents.looks.keeping import current
from certificates.documents.looks.look import Look, Orientation, Template
from certificates.documents.papers.facts import PaperKind
from certificates.documents.papers.filling import office
from certificates.documents.papers.specimen import MINUTES, specimen_of
from institute.clock import now
from institute.i18n import LOCALES, Localised, gettext, speaking
from institute.people.institutes import find_institute
from institute.terminal import institute_option, sentences

CERTIFICATE: Final = "certificate"
SERIAL: Final = "SPECIMEN-0000-00000-0"
ADDRESS: Final = "certificates.example/verify"
# What it takes to typeset is large and slow to import: only this command does, once it has something to set.
_TYPESETTING: Final = "certificates.documents.typesetting"
_PAPERS: Final = "certificates.documents.papers.making"
_PICTURES: Final = "certificates.documents.looks.pictures"


@click.command("preview")
@click.argument("out", metavar="OUT.pdf", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--template",
    type=click.Choice([one.value for one in Template]),
    help="How it is drawn; else as the look says.",
)
@click.option("--name", required=True, help="The name to print.")
@click.option("--locale", default="en", show_default=True, help="The language of the page.")
@click.option("--second-locale", help="A second language on the page.")
@click.option(
    "--orientation", type=click.Choice([one.value for one in Orientation]), help="How the sheet lies."
)
@click.option("--paper", type=click.Choice([one.value for one in Paper]), help="The sheet's size.")
@click.option(
    "--document",
    type=click.Choice([CERTIFICATE, *(one.value for one in PaperKind)]),
    default=CERTIFICATE,
    show_default=True,
    help="What to make.",
)
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@institute_option
def preview(out: Path, **given: Any) -> None:
    """Write a specimen to OUT.pdf: unsigned, with invented facts, for looking at and for printing.

    Without --institute no database is needed; with it the look, the logo and who signs are the institute's.
    """
    if out.exists() and not given["force"]:
        raise click.UsageError(f"{out} is there already. Say --force to write over it.")
    locale = _language(given["locale"], "--locale")
    second = _language(given["second_locale"], "--second-locale") if given["second_locale"] else None
    try:
        name = check_name(given["name"])
    except CertificateNameError as error:
        raise click.UsageError(f"--name: {error.text}") from error
    with sentences():
        facts = _facts(name, locale, second, given)
    try:
        content = _typeset(facts, given["document"])
    except _page_error() as error:
        raise click.UsageError(f"This does not fit on the page: {error}.") from error
    _write(out, content)
    click.echo(f"{out}: {len(content) / 1000:.0f} kB")


def _facts(name: str, locale: str, second: str | None, given: dict[str, Any]) -> CertificateFacts:
    """Return invented facts in the look that is wished for."""
    look, page, institute = Look(), PageLook(), _everywhere("Your institute")
    signers: tuple[Signatory, ...] = ()
    if given["slug"] is not None:
        found = find_institute(given["slug"])
        pictures: Any = importlib.import_module(_PICTURES)
        look, institute = current(found.id), found.name
        page, signers = pictures.page_look(look, found.id), pictures.signatories(look, found.id)
    page = replace(
        page,
        template=Template(given["template"] or page.template),
        orientation=Orientation(given["orientation"] or page.orientation),
    )
    issued = now().date()
    return CertificateFacts(
        name=name,
        locale=locale,
        second_locale=second,
        institute=institute,
        title=_everywhere("Specimen"),
        level=_everywhere("Specimen"),
        level_position=1,
        level_count=4,
        rules_version=1,
        minutes=MINUTES,
        raters=2,
        issued=issued,
        valid_until=date(issued.year + 3, issued.month, min(issued.day, 28)),
        serial=SERIAL,
        verify_address=ADDRESS,
        verify_url=f"https://{ADDRESS}",
        signatories=signers or (Signatory(institute.in_(locale), office()),),
        paper=Paper(given["paper"] or look.paper or Paper.A4),
        look=page,
    )


def _typeset(facts: CertificateFacts, document: str) -> bytes:
    if document == CERTIFICATE:
        typesetting: Any = importlib.import_module(_TYPESETTING)
        return bytes(typesetting.typeset(facts, credential=b"{}", credential_name="specimen.json"))
    papers: Any = importlib.import_module(_PAPERS)
    return bytes(papers.typeset_paper(specimen_of(facts), PaperKind(document)))


def _page_error() -> type[Exception]:
    layout: Any = importlib.import_module("certificates.documents.layout")
    error: type[Exception] = layout.PageError
    return error


def _language(name: str, option: str) -> str:
    """Return a language as certificates spell it. Raises UsageError for one that nobody knows."""
    try:
        Locale.parse(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError) as error:
        raise click.UsageError(
            f"{option}: there is no language “{name}”. Write one such as en or zh_Hant."
        ) from error
    return name.replace("-", "_")


def _everywhere(sentence: str) -> Localised:
    """Return one of our words in every language of ours."""
    words = {}
    for locale in LOCALES:
        with speaking(locale):
            words[locale] = {"Specimen": gettext("Specimen"), "Your institute": gettext("Your institute")}[
                sentence
            ]
    return Localised.of(words)


def _write(out: Path, content: bytes) -> None:
    """Write a file whole or not at all, and in the place of nothing but a file: a device is not to be replaced."""
    if out.exists() and not out.is_file():
        raise click.UsageError(f"{out} cannot be written: it is not a file.")
    partial = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        partial.write_bytes(content)
        partial.replace(out)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise click.UsageError(f"{out} cannot be written: {error.strerror}.") from error
