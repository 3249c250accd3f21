"""``flask --app wsgi certificates verify FILE.pdf``: does a file prove what it says, and does the certificate hold."""

from __future__ import annotations

import hashlib
import importlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NoReturn

import click
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from certificates.awards.issuing.models import AwardPaper
from certificates.awards.models import Award
from certificates.awards.proof.trusting import KeysUnreadableError, Trusted, trusted_files, trusted_here
from certificates.awards.proof.verifying import Verdict, verify
from certificates.awards.states import AwardStatus
from certificates.documents.papers.facts import PaperKind
from institute.backup.migrating import is_up_to_date
from institute.cli import MIGRATE_FIRST
from institute.clock import now
from institute.db import db

LARGEST_FILE: Final = 64 * 1024 * 1024
CANNOT: Final = 2
# What reads and checks is large and slow to import: not before it is asked for.
_VERIFY: Final = "certificates.documents.verify"
HOLDS: Final = "This certificate is valid."
OFFLINE: Final = (
    "This proves that it was issued, never that it still holds: whether it was revoked, suspended or replaced since is "
    "not in the file."
)
PAPER_OFFLINE: Final = (
    "This proves who made it and that nobody changed it, never that the certificate it tells of was issued or still"
    " holds: check that by the code printed here, or with this command where the database is."
)
RECOUNTS: Final = "It recounts what was true when it was made."
KINDS: Final = {
    PaperKind.TRANSCRIPT: "transcript of hours and competencies",
    PaperKind.COMPLETION_FORM: "Program Completion Verification Form",
}
LEAKED: Final = (
    "A key that signed this file is in other hands since, so the file alone proves nothing: check it by its code, or "
    "with this command where the database is."
)


@click.command("verify")
@click.argument("file", metavar="FILE.pdf", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--offline", is_flag=True, help="Ask no database: trust the keys given with --keys alone.")
@click.option(
    "--keys",
    "keys",
    type=click.Path(exists=True, path_type=Path),
    help="An issuer's profile as its address gives it, a certificate, or a folder of these.",
)
def verify_file(file: Path, *, offline: bool, keys: Path | None) -> None:
    """Say whether FILE.pdf is a certificate as it was issued, and whether it holds.

    Of a transcript or a Program Completion Verification Form: whether it is as it was made, and whether the certificate
    that it belongs to holds.

    Exit status 0: it does. 1: it does not. 2: it could not be checked.
    """
    _require_keys(offline, keys)
    try:
        if file.stat().st_size > LARGEST_FILE:
            _stop(f"{file.name} is too large for a certificate.")
        content = file.read_bytes()
        trusted = trusted_files(keys) if keys is not None else _trusted_here()
    except KeysUnreadableError as error:
        _stop(str(error), CANNOT)
    except OSError as error:
        _stop(f"A file could not be read: {error.strerror}.", CANNOT)
    signed = _prove("verify_paper", content, certificates=trusted.certificates)
    if _prove("is_certificate", content):
        _tell_certificate(content, trusted, offline=offline)
    else:
        _tell_signed(signed)
        if offline:
            _tell_paper_offline(signed, trusted)
        else:
            _tell_paper(content)


def _require_keys(offline: bool, keys: Path | None) -> None:
    if offline and keys is None:
        _stop(
            "Offline, the keys must be given: --keys with the issuer’s profile, saved from its address.",
            CANNOT,
        )
    if keys is not None and not offline:
        _stop("Keys are given only with --offline; otherwise those of this tool are used.", CANNOT)


def _trusted_here() -> Trusted:
    """Return the keys in the database, or end with what is wrong with that."""
    try:
        if not is_up_to_date():
            _stop(MIGRATE_FIRST, CANNOT)
    except OperationalError as error:
        reason = str(error.orig).partition("\n")[0]
        _stop(f"The database does not answer: {reason}", CANNOT)
    return trusted_here()


def _prove(way: str, content: bytes, **trusted: Any) -> Any:
    """Return what the file proves in one of the ways to check it, or end with the reason why it proves nothing."""
    checking: Any = importlib.import_module(_VERIFY)
    try:
        return getattr(checking, way)(content, **trusted)
    except checking.UnprovenError as error:
        _stop(f"This file proves nothing: {error}.")


def _tell_certificate(content: bytes, trusted: Trusted, *, offline: bool) -> None:
    proven = _prove(
        "verify_certificate", content, certificates=trusted.certificates, badge_keys=trusted.badge_keys
    )
    _tell_proven(proven)
    if offline:
        _tell_offline(proven, trusted)
    else:
        _tell_status(content)


def _tell_signed(signed: Any) -> None:
    moment = (
        f", {signed.signed_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC by its clock" if signed.signed_at else ""
    )
    click.echo(
        "The signature and the file are unchanged since it was made. It is not the certificate itself."
    )
    click.echo(f"Signed by: {signed.signer}{moment}")
    click.echo(f"Title: {signed.title}")


def _tell_paper_offline(signed: Any, trusted: Trusted) -> None:
    if signed.certificate_der in trusted.leaked:
        _stop(LEAKED, CANNOT)
    click.echo(PAPER_OFFLINE)


def _tell_paper(content: bytes) -> None:
    """Say which certificate a paper belongs to, and how that stands; both are found by the checksum."""
    digest = hashlib.sha256(content).hexdigest()
    paper = select(AwardPaper.kind, Award.code).join(Award, Award.id == AwardPaper.award_id)
    row = db.session.execute(paper.where(AwardPaper.sha256 == digest)).first()
    if row is None:
        _stop(
            "An institute here signed it, but it is none of the certificates, transcripts and forms that are stored"
            f" here (SHA-256 {digest})."
        )
    kind, code = row
    click.echo(f"Checksum: SHA-256 {digest}, as stored when it was made.")
    verdict = verify(code)
    click.echo(f"It is the {KINDS[kind]} of this certificate:")
    click.echo(f"Holder: {verdict.name}")
    click.echo(f"Certificate: {verdict.title.in_(verdict.locale)}")
    click.echo(f"Serial: {verdict.serial}")
    click.echo(RECOUNTS)
    _tell_verdict(verdict)


def _tell_proven(proven: Any) -> None:
    subject = proven.credential["credentialSubject"]
    names = [one["identityHash"] for one in subject.get("identifier", ()) if not one.get("hashed")]
    signed = (
        f", {proven.signed_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC by its clock" if proven.signed_at else ""
    )
    click.echo("The signature, the file and the badge inside are unchanged since they were issued.")
    click.echo(f"Signed by: {proven.signer}{signed}")
    click.echo(f"Holder: {', '.join(names)}")
    click.echo(f"Certificate: {proven.credential['name']}")
    click.echo(f"Serial: {subject.get('licenseNumber', '')}")
    click.echo(f"Issuer: {proven.credential['issuer']['id']}")


def _tell_offline(proven: Any, trusted: Trusted) -> None:
    if trusted.leaked & {proven.certificate_der, proven.verification_method}:
        _stop(LEAKED, CANNOT)
    until = proven.credential.get("validUntil")
    if until is not None:
        click.echo(f"Valid until: {until}")
    if until is not None and datetime.fromisoformat(until) <= now():
        _stop("This certificate has expired.")
    click.echo(OFFLINE)


def _tell_status(content: bytes) -> None:
    """Say how the award stands whose file has the same checksum."""
    digest = hashlib.sha256(content).hexdigest()
    code = db.session.scalar(select(Award.code).where(Award.document_sha256 == digest))
    if code is None:
        _stop(f"No certificate here has the checksum of this file (SHA-256 {digest}).")
    verdict = verify(code)
    click.echo(f"Checksum: SHA-256 {digest}, as stored when it was issued.")
    _tell_verdict(verdict)


def _tell_verdict(verdict: Verdict) -> None:
    if verdict.valid_until is not None:
        click.echo(f"Valid until: {verdict.valid_until:%Y-%m-%dT%H:%M:%SZ}")
    if verdict.status is not AwardStatus.VALID:
        _stop(_refusal(verdict))
    click.echo(HOLDS)


def _refusal(verdict: Verdict) -> str:
    since = f" since {verdict.since:%Y-%m-%d}" if verdict.since is not None else ""
    reason = f" ({verdict.reason.value.replace('_', ' ')})" if verdict.reason is not None else ""
    return f"This certificate does not hold: it is {verdict.status.value}{since}{reason}."


def _stop(sentence: str, status: int = 1) -> NoReturn:
    click.echo(sentence, err=True)
    raise click.exceptions.Exit(status)
