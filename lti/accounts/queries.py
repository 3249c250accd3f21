"""What the pages about accounts show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from institute.actors import Actor, PersonId
from institute.clock import now
from institute.db import db
from institute.people.linking import same_person
from institute.people.models import Person, PersonLink, PersonLinkId
from institute.people.naming import name_or_number
from lti.accounts.codes import code_of
from lti.accounts.linking import OPEN, Account, account_of
from lti.accounts.models import AccountCode, AccountCodeId, CodeState
from lti.launches.models import IdentityId, LtiIdentity
from lti.platforms.models import Registration, RegistrationState

MOST_LINES: Final = 500


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account of somebody: the platform it is at, and the name that the platform shares."""

    platform: str
    name: str
    is_this: bool = False


@dataclass(frozen=True, slots=True)
class CodeLine:
    """A code that is open. ``mine``: this account shows it; else it was typed here. ``other`` is the other side."""

    id: AccountCodeId
    state: CodeState
    mine: bool
    letters: str
    expires_at: datetime
    other: AccountLine | None


@dataclass(frozen=True, slots=True)
class AccountsPage:
    """Somebody's own accounts, and what is open between them."""

    accounts: tuple[AccountLine, ...]
    code: CodeLine | None

    @property
    def here(self) -> AccountLine:
        """The account that this session came with."""
        return next(line for line in self.accounts if line.is_this)


@dataclass(frozen=True, slots=True)
class LinkLine:
    """Two people who are one, as an administrator sees it."""

    id: PersonLinkId
    kept: str
    kept_at: str
    other: str
    other_at: str
    linked_at: datetime
    undone_at: datetime | None


def show_accounts(actor: Actor) -> AccountsPage:
    """Return the actor's own accounts. Raises NoAccountError for a session without one."""
    account = account_of(actor)
    rows = db.session.execute(
        select(LtiIdentity.id, Registration.name.label("platform"), Person.name)
        .join(Registration, Registration.id == LtiIdentity.registration_id)
        .join(Person, Person.id == LtiIdentity.person_id)
        .where(LtiIdentity.person_id.in_(same_person(account.person_id)))
        .order_by(LtiIdentity.id)
    )
    lines = tuple(AccountLine(row.platform, row.name, row.id == account.identity_id) for row in rows)
    return AccountsPage(lines, _open_code(account))


def _open_code(account: Account) -> CodeLine | None:
    code = db.session.scalar(
        select(AccountCode)
        .where(
            AccountCode.state.in_(OPEN),
            AccountCode.expires_at > now(),
            or_(
                AccountCode.identity_id == account.identity_id,
                AccountCode.typed_identity_id == account.identity_id,
            ),
        )
        .order_by(AccountCode.id.desc())
        .limit(1)
    )
    if code is None:
        return None
    mine = code.identity_id == account.identity_id
    other = code.typed_identity_id if mine else code.identity_id
    letters = code_of(code.salt) if mine else ""
    return CodeLine(code.id, code.state, mine, letters, code.expires_at, _account(other))


def _account(identity_id: IdentityId | None) -> AccountLine | None:
    if identity_id is None:
        return None
    row = db.session.execute(
        select(Registration.name.label("platform"), Person.name)
        .select_from(LtiIdentity)
        .join(Registration, Registration.id == LtiIdentity.registration_id)
        .join(Person, Person.id == LtiIdentity.person_id)
        .where(LtiIdentity.id == identity_id)
    ).one()
    return AccountLine(row.platform, row.name)


def has_several_platforms(actor: Actor) -> bool | None:
    """Tell whether people of the actor's institute come through more than one platform; None where not, for a panel."""
    counted = db.session.scalar(
        select(func.count()).select_from(
            select(Registration.id)
            .where(
                Registration.institute_id == actor.institute_id,
                Registration.state == RegistrationState.ACTIVE,
            )
            .limit(2)
            .subquery()
        )
    )
    return (counted or 0) > 1 or None


def list_links(actor: Actor) -> list[LinkLine]:
    """Return who was connected at the actor's institute, the latest first, with where each comes from."""
    kept, other = aliased(Person), aliased(Person)
    rows = db.session.execute(
        select(PersonLink, kept.name.label("kept"), other.name.label("other"))
        .join(kept, kept.id == PersonLink.kept_id)
        .join(other, other.id == PersonLink.other_id)
        .where(PersonLink.institute_id == actor.institute_id)
        .order_by(PersonLink.id.desc())
        .limit(MOST_LINES)
    ).all()
    at = _platforms({id_ for row in rows for id_ in (row.PersonLink.kept_id, row.PersonLink.other_id)})
    return [
        LinkLine(
            row.PersonLink.id,
            name_or_number(row.kept, row.PersonLink.kept_id),
            at.get(row.PersonLink.kept_id, ""),
            name_or_number(row.other, row.PersonLink.other_id),
            at.get(row.PersonLink.other_id, ""),
            row.PersonLink.linked_at,
            row.PersonLink.undone_at,
        )
        for row in rows
    ]


def _platforms(people: set[PersonId]) -> dict[PersonId, str]:
    """Return the names of the platforms that each person comes from."""
    found: dict[PersonId, list[str]] = {}
    for row in db.session.execute(
        select(LtiIdentity.person_id, Registration.name)
        .join(Registration, Registration.id == LtiIdentity.registration_id)
        .where(LtiIdentity.person_id.in_(people))
        .order_by(LtiIdentity.id)
    ):
        found.setdefault(row.person_id, []).append(row.name)
    return {person_id: ", ".join(dict.fromkeys(names)) for person_id, names in found.items()}
