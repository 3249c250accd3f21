"""An institute's keys: one in use per purpose, made on demand; retired ones stay known for ever."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.x509.oid import NameOID
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from institute import clock, events
from institute.actors import Actor, InstituteId
from institute.audit.models import AuditEvent
from institute.clock import now
from institute.config import Settings
from institute.db import db, transaction
from institute.errors import NotFoundError
from institute.keys.events import KeyRotated
from institute.keys.keeping import key_in_use, mark_leaked, public_keys, rotate_key
from institute.keys.making import certificate_for
from institute.keys.models import InstituteKey, InstituteKeyId, KeyPurpose
from institute.people.models import Institute
from tests.institute.processes import command

MESSAGE = b"what was signed"
EVERY_PURPOSE = pytest.mark.parametrize("purpose", list(KeyPurpose))


def test_document_key_carries_a_certificate_with_the_institutes_name(
    app: Flask, make_institute: Callable[..., Institute]
) -> None:
    institute = make_institute(name="Instituto de Acompañamiento del Valle")
    key = key_in_use(institute.id, KeyPurpose.DOCUMENT)
    assert isinstance(key.private, ec.EllipticCurvePrivateKey)
    assert key.certificate_der is not None
    certificate = x509.load_der_x509_certificate(key.certificate_der)
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert [name.value for name in names] == ["Instituto de Acompañamiento del Valle"]
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert (usage.value.digital_signature, usage.value.content_commitment) == (True, True)
    assert not usage.value.key_cert_sign
    assert certificate.not_valid_after_utc - now() > timedelta(days=30 * 365)
    certificate.verify_directly_issued_by(certificate)
    public = certificate.public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    public.verify(key.private.sign(MESSAGE, ec.ECDSA(hashes.SHA256())), MESSAGE, ec.ECDSA(hashes.SHA256()))


def test_badge_keys_sign_and_have_no_certificate(app: Flask, institute: Institute) -> None:
    badge = key_in_use(institute.id, KeyPurpose.BADGE)
    assert isinstance(badge.private, ed25519.Ed25519PrivateKey)
    badge.private.public_key().verify(badge.private.sign(MESSAGE), MESSAGE)
    jwt = key_in_use(institute.id, KeyPurpose.BADGE_JWT)
    assert isinstance(jwt.private, rsa.RSAPrivateKey)
    assert jwt.private.key_size == 2048
    signature = jwt.private.sign(MESSAGE, padding.PKCS1v15(), hashes.SHA256())
    jwt.private.public_key().verify(signature, MESSAGE, padding.PKCS1v15(), hashes.SHA256())
    assert (badge.certificate_der, jwt.certificate_der) == (None, None)


@pytest.mark.parametrize(
    "name", ["字" * 400, "Word " * 90, "a\u0000b\u202ec", "\u0301" * 70, "é"], ids=range(5)
)
def test_any_name_of_an_institute_fits_into_a_certificate(name: str) -> None:
    der = certificate_for(ec.generate_private_key(ec.SECP256R1()), name=name, at=now())
    (written,) = x509.load_der_x509_certificate(der).subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert 1 <= len(str(written.value).encode()) <= 64


@EVERY_PURPOSE
def test_key_is_made_once_and_opened_once(app: Flask, institute: Institute, purpose: KeyPurpose) -> None:
    first = key_in_use(institute.id, purpose)
    assert key_in_use(institute.id, purpose) is first
    (known,) = public_keys(institute.id, purpose)
    assert (known.id, known.public_jwk, known.kid) == (first.id, first.public_jwk, first.kid)
    assert known.retired_at is None
    assert not {"d", "p", "q"} & set(known.public_jwk)
    assert first.institute_id == institute.id


def test_database_holds_no_private_key_in_the_clear(
    app: Flask, session: Session, institute: Institute
) -> None:
    key = key_in_use(institute.id, KeyPurpose.BADGE)
    assert isinstance(key.private, ed25519.Ed25519PrivateKey)
    stored = session.get_one(InstituteKey, key.id).sealed_private
    assert stored is not None
    assert key.private.private_bytes_raw() not in stored
    assert stored.startswith(b"gAAAA")  # a Fernet token
    assert "private" not in repr(key)


def test_processes_that_need_the_first_key_together_agree_on_one(app: Flask, institute: Institute) -> None:
    institute_id = institute.id
    db.session.remove()

    def ask(_number: int) -> InstituteKeyId:
        with app.app_context():
            return key_in_use(institute_id, KeyPurpose.DOCUMENT).id

    with ThreadPoolExecutor(6) as threads:
        assert len(set(threads.map(ask, range(12)))) == 1
    assert db.session.scalar(select(func.count()).select_from(InstituteKey)) == 1
    made = db.session.scalar(
        select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "key.made")
    )
    assert made == 1


def test_key_is_not_made_inside_a_transaction(app: Flask, institute: Institute) -> None:
    with pytest.raises(RuntimeError), transaction():
        key_in_use(institute.id, KeyPurpose.BADGE)


def test_database_refuses_a_second_key_in_use(app: Flask, institute: Institute) -> None:
    rotate_key(institute.id, KeyPurpose.BADGE, actor=Actor(institute.id, None))
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(
            InstituteKey(
                institute_id=institute.id,
                purpose=KeyPurpose.BADGE,
                sealed_private=b"x",
                public_jwk={"kid": "x"},
            )
        )


@EVERY_PURPOSE
def test_rotation_signs_anew_and_keeps_the_public_half_and_the_certificate(
    app: Flask, session: Session, institute: Institute, system: Actor, purpose: KeyPurpose
) -> None:
    before = key_in_use(institute.id, purpose)
    rotate_key(institute.id, purpose, actor=system)
    after = key_in_use(institute.id, purpose)
    assert after.kid != before.kid
    newest, retired = public_keys(institute.id, purpose)
    assert (newest.kid, newest.retired_at) == (after.kid, None)
    assert (retired.public_jwk, retired.certificate_der) == (before.public_jwk, before.certificate_der)
    assert retired.retired_at is not None
    assert session.get_one(InstituteKey, before.id, populate_existing=True).sealed_private is None
    told = session.scalars(select(AuditEvent).where(AuditEvent.action == "key.rotated")).one()
    assert told.details == {"purpose": str(purpose), "kid": after.kid, "before": before.kid}


def test_rotations_at_the_same_time_leave_one_key_in_use(
    app: Flask, institute: Institute, system: Actor
) -> None:
    institute_id = institute.id
    db.session.remove()

    def rotate(_number: int) -> None:
        with app.app_context():
            rotate_key(institute_id, KeyPurpose.BADGE, actor=system)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(rotate, range(8)))
    in_use = [key for key in public_keys(institute_id) if key.retired_at is None]
    assert [key.kid for key in in_use] == [key_in_use(institute_id, KeyPurpose.BADGE).kid]


def test_institutes_have_keys_of_their_own(app: Flask, make_institute: Callable[..., Institute]) -> None:
    one, other = make_institute(), make_institute()
    assert key_in_use(one.id, KeyPurpose.BADGE).kid != key_in_use(other.id, KeyPurpose.BADGE).kid
    assert len(public_keys(one.id)) == len(public_keys(other.id)) == 1
    with pytest.raises(NotFoundError):
        mark_leaked(public_keys(other.id)[0].id, actor=Actor(one.id, None))
    with pytest.raises(NotFoundError):
        key_in_use(InstituteId(10**6), KeyPurpose.BADGE)


def test_leaked_key_is_published_as_leaked_from_the_first_time_it_was_said(
    app: Flask, institute: Institute, system: Actor
) -> None:
    key = key_in_use(institute.id, KeyPurpose.BADGE)
    mark_leaked(key.id, actor=system)
    first = public_keys(institute.id)[-1]
    with clock.shift(seconds=60):
        mark_leaked(key.id, actor=system)
    newest, leaked = public_keys(institute.id)
    assert leaked == first
    assert leaked.leaked_at is not None
    assert newest.kid == key_in_use(institute.id, KeyPurpose.BADGE).kid != key.kid


def test_key_leaked_after_it_was_retired_leaves_the_one_in_use_alone(
    app: Flask, institute: Institute, system: Actor
) -> None:
    old = key_in_use(institute.id, KeyPurpose.BADGE)
    rotate_key(institute.id, KeyPurpose.BADGE, actor=system)
    present = key_in_use(institute.id, KeyPurpose.BADGE)
    mark_leaked(old.id, actor=system)
    assert key_in_use(institute.id, KeyPurpose.BADGE).kid == present.kid
    assert [key.leaked_at is not None for key in public_keys(institute.id)] == [False, True]


def test_others_hear_that_a_key_was_replaced(app: Flask, institute: Institute, system: Actor) -> None:
    heard: list[KeyRotated] = []
    events.subscribe(app, KeyRotated, heard.append)
    key = key_in_use(institute.id, KeyPurpose.BADGE)
    assert heard == []
    rotate_key(institute.id, KeyPurpose.BADGE, actor=system)
    mark_leaked(key_in_use(institute.id, KeyPurpose.BADGE).id, actor=system)
    mark_leaked(key.id, actor=system)  # was replaced before
    assert heard == [KeyRotated(institute.id, KeyPurpose.BADGE)] * 2


def test_keys_are_listed_and_rotated_on_the_command_line(app: Flask, system: Actor) -> None:
    assert command(app, "keys") == (0, "There are no keys yet: each is made when it first signs.\n")
    key = key_in_use(system.institute_id, KeyPurpose.DOCUMENT)
    status, told = command(app, "rotate-keys", "--purpose", "document")
    assert (status, told) == (0, "document: a new key signs from now on.\n")
    present = key_in_use(system.institute_id, KeyPurpose.DOCUMENT)
    status, told = command(app, "keys")
    lines = told.splitlines()
    assert status == 0
    assert re.fullmatch(rf"{present.id}  document  {present.kid}  in use since \d{{4}}-\d\d-\d\d", lines[0])
    assert re.fullmatch(r"  certificate SHA-256 ([0-9A-F]{2}:){31}[0-9A-F]{2}", lines[1])
    assert re.fullmatch(rf"{key.id}  document  {key.kid}  used from \S+ to \S+", lines[2])
    status, told = command(app, "leaked-key", str(key.id))
    assert (status, told.splitlines()[0]) == (0, f"Key {key.id} is published as leaked.")
    assert "leaked" in command(app, "keys")[1]


@pytest.mark.parametrize(
    "words",
    [
        ("rotate-keys", "--purpose", "handshake"),
        ("rotate-keys", "--institute", "nowhere"),
        ("leaked-key", "999"),
        ("leaked-key", "9" * 40),
        ("leaked-key", "x"),
        ("keys", "--institute", "nowhere"),
    ],
)
def test_bad_key_commands_are_sentences(app: Flask, institute: Institute, words: tuple[str, ...]) -> None:
    status, told = command(app, *words)
    assert status != 0
    assert told.rstrip().endswith(".")
    assert "Traceback" not in told


def test_rotating_without_a_purpose_replaces_what_is_in_use(app: Flask, system: Actor) -> None:
    assert command(app, "rotate-keys") == (0, "There are no keys yet: each is made when it first signs.\n")
    key_in_use(system.institute_id, KeyPurpose.DOCUMENT)
    key_in_use(system.institute_id, KeyPurpose.BADGE)
    status, told = command(app, "rotate-keys")
    assert status == 0
    assert {line.split(":")[0] for line in told.splitlines()} == {"document", "badge"}


def test_keys_of_a_database_are_read_by_another_process(
    app: Flask, settings: Settings, institute: Institute
) -> None:
    made = key_in_use(institute.id, KeyPurpose.DOCUMENT)
    app.extensions["keys"].clear()  # as in a process that starts
    opened = key_in_use(institute.id, KeyPurpose.DOCUMENT)
    assert isinstance(opened.private, ec.EllipticCurvePrivateKey)
    assert isinstance(made.private, ec.EllipticCurvePrivateKey)
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    assert opened.private.public_key().public_bytes(
        serialization.Encoding.DER, form
    ) == made.private.public_key().public_bytes(serialization.Encoding.DER, form)


def test_public_halves_are_published_though_the_private_ones_cannot_be_opened(
    app: Flask, institute: Institute
) -> None:
    key = key_in_use(institute.id, KeyPurpose.BADGE)
    with transaction() as session:
        session.execute(update(InstituteKey).values(sealed_private=b"sealed under a key that is lost"))
    assert [known.kid for known in public_keys(institute.id)] == [key.kid]
