"""Scores on their way: reserved in the database before they are sent, marked after, a transaction for each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, bindparam, case, func, select, update
from sqlalchemy.orm import Session

from institute.clock import now
from institute.db import transaction
from lti.launches.models import Context, LtiIdentity, ResourceLink
from lti.platforms.models import (
    Deployment,
    DeploymentState,
    Registration,
    RegistrationId,
    RegistrationState,
)
from lti.services.accounts import Account
from lti.services.columns import known_url
from lti.services.killpoints import reach
from lti.services.models import LineItem, LineItemId, LtiScore, ScoreId, ScoreState
from lti.services.scores import ScorePayload

# Moodle compares timestamps by the second.
STEP: Final = timedelta(seconds=1)
MOST_STALE_DOUBLINGS: Final = 17
SWITCHED_OFF_PAUSE: Final = timedelta(minutes=30)
HELD_PAUSE: Final = timedelta(seconds=1)

# Built once. A row that somebody is writing to is left alone: waiting for it with others in hand could be a deadlock.
_FOUND: Final = (
    select(
        LtiScore.id,
        LtiScore.line_item_id,
        LtiScore.version,
        LtiScore.given,
        LtiScore.maximum,
        LtiScore.comment,
        LtiScore.complete,
        LtiScore.submitted_at,
        LtiScore.state,
        LtiScore.reason,
        LtiScore.next_try_at,
        LtiScore.last_timestamp,
        LtiScore.stale_answers,
        LtiIdentity.sub,
        Registration.id.label("registration_id"),
        Registration.state.label("registration_state"),
        Registration.issuer,
        Registration.client_id,
        Registration.token_url,
        Registration.token_audience,
        Deployment.state.label("deployment_state"),
        ResourceLink.lineitem_url,
        LineItem.url,
        LineItem.gone_url,
    )
    .join(LineItem, LineItem.id == LtiScore.line_item_id)
    .outerjoin(ResourceLink, ResourceLink.id == LineItem.resource_link_id)
    .outerjoin(Context, Context.id == LineItem.context_id)
    .join(Deployment, Deployment.id == func.coalesce(ResourceLink.deployment_id, Context.deployment_id))
    .join(Registration, Registration.id == Deployment.registration_id)
    .join(LtiIdentity, LtiIdentity.id == LtiScore.identity_id)
    .where(LtiScore.id.in_(bindparam("ids", expanding=True)))
    .order_by(LtiScore.id)
    .with_for_update(of=LtiScore, skip_locked=True)
)
_THERE: Final = select(LtiScore.id).where(LtiScore.id.in_(bindparam("ids", expanding=True)))
_FREE: Final = (
    select(LtiScore.id, LtiScore.version, LtiScore.sent_version)
    .where(LtiScore.id.in_(bindparam("ids", expanding=True)))
    .order_by(LtiScore.id)
    .with_for_update(skip_locked=True)
)


@dataclass(frozen=True, slots=True)
class Reservation:
    """One try: which version is sent, with which timestamp, on whose account, for which column."""

    score_id: ScoreId
    version: int
    line_item_id: LineItemId
    url: str | None
    """The column's address, where it is known."""
    account: Account
    payload: ScorePayload


@dataclass(frozen=True, slots=True)
class NotNow:
    """Nothing to send before ``until``; with None, nothing to send at all. ``rests``: the platform as a whole does."""

    reason: str = ""
    until: datetime | None = None
    rests: bool = False


Refuse = Callable[[ScoreId, RegistrationId, LineItemId], NotNow | None]
"""Tells why nothing is sent to a platform, or to one of its columns, at present."""


def reserve_several(score_ids: Collection[ScoreId], refuse: Refuse) -> dict[ScoreId, Reservation | NotNow]:
    """Take the latest version of scores, each with a timestamp later than all before, so that a retry is never stale.

    The timestamps are kept before anything is sent: killed after sending, the next try has a later one.
    """
    with transaction() as session:
        rows = session.execute(_FOUND, {"ids": list(score_ids)}).all()
        taken: dict[ScoreId, Reservation | NotNow] = {}
        at = now()
        at = at.replace(microsecond=at.microsecond // 1000 * 1000)
        accounts: dict[RegistrationId, Account] = {}
        stamps: dict[ScoreId, datetime] = {}
        for row in rows:
            refusal = _reason_to_wait(row) or refuse(row.id, row.registration_id, row.line_item_id)
            if refusal is not None:
                taken[row.id] = refusal
                continue
            account = accounts.get(row.registration_id)
            if account is None:
                account = accounts[row.registration_id] = Account(
                    registration_id=row.registration_id,
                    issuer=row.issuer,
                    client_id=row.client_id,
                    token_url=row.token_url,
                    audience=row.token_audience or row.token_url,
                )
            stamps[row.id] = _next_timestamp(row, at)
            taken[row.id] = _reservation(row, account, stamps[row.id])
        _keep(session, stamps, at)
        _explain_missing(session, score_ids, taken)
        reach("inside-reserve")
        return taken


def _reservation(row: Row[*tuple[Any, ...]], account: Account, at: datetime) -> Reservation:
    return Reservation(
        score_id=row.id,
        version=row.version,
        line_item_id=row.line_item_id,
        url=known_url(row.lineitem_url, row.url, row.gone_url),
        account=account,
        payload=ScorePayload(
            user_id=row.sub,
            given=row.given,
            maximum=row.maximum,
            timestamp=at,
            submitted_at=min(row.submitted_at, at),
            comment=row.comment,
            complete=row.complete,
        ),
    )


def _reason_to_wait(row: Row[*tuple[Any, ...]]) -> NotNow | None:
    if row.state is not ScoreState.WAITING:
        return NotNow()
    if (
        row.registration_state is not RegistrationState.ACTIVE
        or row.deployment_state is not DeploymentState.ACTIVE
    ):
        return NotNow("DISABLED", now() + SWITCHED_OFF_PAUSE)
    if row.next_try_at is not None and row.next_try_at > now():
        return NotNow(row.reason, row.next_try_at)
    return None


def _next_timestamp(row: Row[*tuple[Any, ...]], at: datetime) -> datetime:
    """Return now, or a step after the last; after stale answers the steps double, to pass a clock that ran ahead."""
    if row.last_timestamp is None:
        return at
    later: datetime = row.last_timestamp + STEP * 2 ** min(row.stale_answers, MOST_STALE_DOUBLINGS)
    return max(at, later)


def _keep(session: Session, stamps: dict[ScoreId, datetime], at: datetime) -> None:
    """Write the timestamps down: those of now, nearly all, in one statement."""
    present = [score_id for score_id, stamp in stamps.items() if stamp == at]
    if present:
        session.execute(update(LtiScore).where(LtiScore.id.in_(present)).values(last_timestamp=at))
    for score_id, stamp in stamps.items():
        if stamp != at:
            session.execute(update(LtiScore).where(LtiScore.id == score_id).values(last_timestamp=stamp))


def _explain_missing(
    session: Session, score_ids: Collection[ScoreId], taken: dict[ScoreId, Reservation | NotNow]
) -> None:
    """Scores that were not found are gone, or somebody is writing to them just now."""
    missing = [score_id for score_id in score_ids if score_id not in taken]
    if missing:
        there = set(session.scalars(_THERE, {"ids": missing}))
        for score_id in missing:
            taken[score_id] = NotNow("HELD", now() + HELD_PAUSE) if score_id in there else NotNow()


def mark_sent_several(reservations: Sequence[Reservation]) -> set[ScoreId]:
    """Write down that the platform took these versions; return the scores of which a newer one is wished.

    A newer wish stays waiting. A later try that got through first is not set back.
    """
    at = now()
    with transaction() as session:
        rows = {
            row.id: row for row in session.execute(_FREE, {"ids": [one.score_id for one in reservations]})
        }
        latest: list[Reservation] = []
        rest: list[Reservation] = []
        for one in reservations:
            row = rows.get(one.score_id)
            is_plain = row is not None and row.version == one.version and row.sent_version <= one.version
            (latest if is_plain else rest).append(one)
        if latest:
            session.execute(
                update(LtiScore)
                .where(LtiScore.id.in_([one.score_id for one in latest]))
                .values(
                    sent_version=LtiScore.version,
                    sent_at=at,
                    state=ScoreState.SENT,
                    reason="",
                    failures=0,
                    stale_answers=0,
                    next_try_at=None,
                )
            )
        reach("inside-mark")
    return {one.score_id for one in rest if not _mark_sent(one)}


def _mark_sent(reservation: Reservation) -> bool:
    """Write down that the platform took this version; return whether it was the latest."""
    with transaction() as session:
        is_latest = LtiScore.version == reservation.version
        latest = session.scalar(
            update(LtiScore)
            .where(LtiScore.id == reservation.score_id, LtiScore.sent_version <= reservation.version)
            .values(
                sent_version=reservation.version,
                sent_at=now(),
                state=case((is_latest, ScoreState.SENT), else_=LtiScore.state),
                reason="",
                failures=0,
                stale_answers=0,
                next_try_at=None,
            )
            .returning(is_latest)
        )
        return latest is not False


def hold_back(score_ids: Sequence[ScoreId], reason: str, until: datetime) -> None:
    """Let scores wait until a platform, or a column, is tried again; those that somebody writes to are left alone."""
    with transaction() as session:
        free = [row.id for row in session.execute(_FREE, {"ids": list(score_ids)})]
        session.execute(
            update(LtiScore)
            .where(LtiScore.id.in_(free), LtiScore.state == ScoreState.WAITING)
            .values(reason=reason, next_try_at=until)
        )


def settle(reservation: Reservation, state: ScoreState, reason: str) -> None:
    """Give up on this version for a ``reason`` (a stable code). A newer wish is left to be tried."""
    with transaction() as session:
        session.execute(
            update(LtiScore)
            .where(
                LtiScore.id == reservation.score_id,
                LtiScore.version == reservation.version,
                LtiScore.state == ScoreState.WAITING,
            )
            .values(state=state, reason=reason, next_try_at=None)
        )


def count_failure(
    reservation: Reservation, reason: str, pause: Callable[[int], timedelta]
) -> tuple[int, datetime]:
    """Count a try that did not get through, and hold the score back for ``pause(failures in a row)``.

    Returns the number of failures and the instant before which no try begins, not even for a newer wish.
    """
    with transaction() as session:
        failures = session.scalar(
            update(LtiScore)
            .where(LtiScore.id == reservation.score_id)
            .values(failures=LtiScore.failures + 1, reason=reason)
            .returning(LtiScore.failures)
        )
        until = now() + pause(failures or 1)
        session.execute(update(LtiScore).where(LtiScore.id == reservation.score_id).values(next_try_at=until))
        return failures or 1, until


def count_stale(reservation: Reservation) -> int:
    """Count an answer that our timestamp is not late enough; return how many there were in a row.

    Where a later try of our own has begun meanwhile, the answer is about that one and counts as none: 0.
    """
    with transaction() as session:
        return (
            session.scalar(
                update(LtiScore)
                .where(
                    LtiScore.id == reservation.score_id,
                    LtiScore.last_timestamp == reservation.payload.timestamp,
                )
                .values(stale_answers=LtiScore.stale_answers + 1, reason="STALE")
                .returning(LtiScore.stale_answers)
            )
            or 0
        )
