"""Connecting two accounts: a code shown in one, typed in the other, confirmed there and then here."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from institute import audit
from institute.actors import Actor, InstituteId, PersonId
from institute.clock import now
from institute.db import db, transaction
from institute.errors import InvalidError
from institute.people import standing
from institute.people.linking import SamePersonError, link_people, same_person
from institute.people.models import Grant
from institute.web.limits import seldom
from lti.accounts.codes import code_hash, code_of, make_salt
from lti.accounts.errors import (
    ApartError,
    CodeGoneError,
    CodeMissingError,
    CodeUnknownError,
    NoAccountError,
    OwnCodeError,
    RightsError,
    TooManyCodesError,
)
from lti.accounts.models import AccountCode, AccountCodeId, CodeState
from lti.launches.models import IdentityId, LtiIdentity, LtiLaunch
from lti.platforms.models import Registration

SHOWN_FOR: Final = timedelta(minutes=15)
TO_CONFIRM: Final = timedelta(hours=1)
OPEN: Final = (CodeState.SHOWN, CodeState.TYPED, CodeState.CONFIRMED)
APART: Final = ("coach", "supervisor", "rater", "issuer")


@dataclass(frozen=True, slots=True)
class Account:
    """The account of a platform that a session came with."""

    identity_id: IdentityId
    person_id: PersonId


def account_of(actor: Actor) -> Account:
    """Return the account behind the actor's session. Raises NoAccountError where there is none."""
    row = db.session.execute(
        select(LtiIdentity.id, LtiIdentity.person_id)
        .join(LtiLaunch, LtiLaunch.identity_id == LtiIdentity.id)
        .where(LtiLaunch.session_id == actor.session_id, LtiIdentity.institute_id == actor.institute_id)
    ).one_or_none()
    if row is None:
        raise NoAccountError
    return Account(row.id, row.person_id)


def show_code(*, actor: Actor) -> AccountCodeId:
    """Make a code for the actor's account; one that was open before is void. Raises NoAccountError."""
    with transaction() as session:
        account = account_of(actor)
        session.execute(
            update(AccountCode)
            .where(AccountCode.identity_id == account.identity_id, AccountCode.state.in_(OPEN))
            .values(state=CodeState.WITHDRAWN)
        )
        salt = make_salt()
        code = AccountCode(
            institute_id=actor.institute_id,
            identity_id=account.identity_id,
            person_id=account.person_id,
            salt=salt,
            code_hash=code_hash(code_of(salt)),
            expires_at=now() + SHOWN_FOR,
        )
        session.add(code)
        session.flush()
        return code.id


def type_code(typed: str, *, actor: Actor) -> InvalidError | None:
    """Take the code of another account; return what is wrong with what was typed, or None. Five tries an hour.

    Raises NoAccountError, TooManyCodesError, SamePersonError, RightsError or ApartError.
    """
    account = account_of(actor)
    tried_by = hashlib.sha256(f"{account.identity_id}".encode()).hexdigest()
    if not seldom("account-code", tried_by):
        raise TooManyCodesError
    with transaction() as session:
        code = session.scalar(
            select(AccountCode)
            .where(
                AccountCode.code_hash == code_hash(typed),
                AccountCode.institute_id == actor.institute_id,
                AccountCode.state == CodeState.SHOWN,
                AccountCode.expires_at > now(),
            )
            .with_for_update()
        )
        if code is None:
            return CodeUnknownError()
        if code.identity_id == account.identity_id:
            return OwnCodeError()
        _require_joinable(session, code, account, actor.institute_id)
        code.state, code.expires_at = CodeState.TYPED, now() + TO_CONFIRM
        code.typed_identity_id, code.typed_person_id = account.identity_id, account.person_id
        return None


def confirm(code_id: AccountCodeId, *, actor: Actor) -> None:
    """Say in the account where the code was typed that the other is the actor's too. Raises CodeGoneError."""
    with transaction() as session:
        account = account_of(actor)
        code = _held(session, code_id, actor)
        if code.typed_identity_id != account.identity_id:
            raise CodeMissingError
        _require_open(code, CodeState.TYPED)
        code.state = CodeState.CONFIRMED
        audit.record("account.confirmed", actor=actor, subject=("lti_account_code", code_id))


def agree(code_id: AccountCodeId, *, actor: Actor) -> None:
    """Say in the account that showed the code that the other is the actor's too: from then on they are one person.

    Raises CodeGoneError, or what stands between them by now.
    """
    with transaction() as session:
        account = account_of(actor)
        code = _held(session, code_id, actor)
        if code.identity_id != account.identity_id or code.typed_identity_id is None:
            raise CodeMissingError
        _require_open(code, CodeState.CONFIRMED)
        other = session.get_one(LtiIdentity, code.typed_identity_id)
        _require_joinable(session, code, Account(other.id, other.person_id), actor.institute_id)
        code.link_id = link_people(account.person_id, other.person_id, actor=actor)
        code.state = CodeState.LINKED


def refuse(code_id: AccountCodeId, *, actor: Actor) -> None:
    """Say from either side that this is not so; said twice it changes nothing. Raises CodeGoneError if it is done."""
    with transaction() as session:
        account = account_of(actor)
        code = _held(session, code_id, actor)
        if account.identity_id not in {code.identity_id, code.typed_identity_id}:
            raise CodeMissingError
        if code.state is CodeState.LINKED:
            raise CodeGoneError
        code.state = CodeState.WITHDRAWN


def _held(session: Session, code_id: AccountCodeId, actor: Actor) -> AccountCode:
    code = session.get(AccountCode, code_id, with_for_update=True)
    if code is None or code.institute_id != actor.institute_id:
        raise CodeMissingError
    return code


def _require_open(code: AccountCode, state: CodeState) -> None:
    if code.state is not state or code.expires_at <= now():
        raise CodeGoneError


def _require_joinable(session: Session, code: AccountCode, typed: Account, institute_id: InstituteId) -> None:
    """Refuse to join accounts that are one already, that carry rights, or that are parted by duty."""
    ones, others = same_person(code.person_id), same_person(typed.person_id)
    if ones & others:
        raise SamePersonError
    granted = session.scalar(
        select(Grant.id).where(Grant.person_id.in_(ones | others), Grant.ended_at.is_(None)).limit(1)
    )
    if granted is not None and not _all_trusted(session, ones | others, institute_id):
        raise RightsError
    for relation in APART:
        for one, other in ((code.person_id, typed.person_id), (typed.person_id, code.person_id)):
            if standing.conflicts_between(institute_id, one, other, relation):
                raise ApartError


def _all_trusted(session: Session, people: frozenset[PersonId], institute_id: InstituteId) -> bool:
    """Tell whether the institute trusts every platform that knows these people with the rights that it gives.

    What another institute says of a platform that both use is no trust of this one.
    """
    untrusted = (
        select(LtiIdentity.id)
        .join(Registration, Registration.id == LtiIdentity.registration_id)
        .where(
            LtiIdentity.person_id.in_(people),
            Registration.trust_administrators.is_(False) | (Registration.institute_id != institute_id),
        )
    )
    return session.scalar(untrusted.limit(1)) is None
