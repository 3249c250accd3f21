"""A score on its way: reserved in the database before it is sent, marked after. Each function is one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Row, case, func, select, update
from sqlalchemy.orm import Session

from institute.clock import now
from institute.db import transaction
from lti.launches.models import Context, LtiIdentity, ResourceLink
from lti.platforms.models import Deployment, DeploymentState, Registration, RegistrationState
from lti.services.accounts import Account
from lti.services.columns import known_url
from lti.services.killpoints import reach
from lti.services.models import LineItem, LineItemId, LtiScore, ScoreId, ScoreState
from lti.services.scores import ScorePayload

# Moodle compares timestamps by the second.
STEP: Final = timedelta(seconds=1)
MOST_STALE_DOUBLINGS: Final = 17


Found = Row[LtiScore, Registration, str, DeploymentState, str | None, str | None, str | None]


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
    """Nothing to send before ``until``; with None, nothing to send at all."""

    reason: str = ""
    until: datetime | None = None


def reserve(score_id: ScoreId) -> Reservation | NotNow:
    """Take the latest version of a score and a timestamp later than all before, so that a retry is never stale.

    The timestamp is kept before anything is sent: killed after sending, the next try has a later one.
    """
    with transaction() as session:
        row = _select(session, score_id)
        refusal = _reason_to_wait(row)
        if row is None or refusal is not None:
            return refusal or NotNow()
        score: LtiScore = row.LtiScore
        at = _next_timestamp(score)
        reservation = Reservation(
            score_id=score_id,
            version=score.version,
            line_item_id=score.line_item_id,
            url=known_url(row.lineitem_url, row.url, row.gone_url),
            account=Account.of(row.Registration),
            payload=ScorePayload(
                user_id=row.sub,
                given=score.given,
                maximum=score.maximum,
                timestamp=at,
                submitted_at=min(score.submitted_at, at),
                comment=score.comment,
                complete=score.complete,
            ),
        )
        score.last_timestamp = at
        session.flush()
        reach("inside-reserve")
        return reservation


def _select(session: Session, score_id: ScoreId) -> Found | None:
    return session.execute(
        select(
            LtiScore,
            Registration,
            LtiIdentity.sub,
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
        .where(LtiScore.id == score_id)
        .with_for_update(of=LtiScore)
    ).one_or_none()


def _reason_to_wait(row: Found | None) -> NotNow | None:
    if row is None or row.LtiScore.state is not ScoreState.WAITING:
        return NotNow()
    if (
        row.Registration.state is not RegistrationState.ACTIVE
        or row.deployment_state is not DeploymentState.ACTIVE
    ):
        return NotNow("DISABLED", now() + timedelta(minutes=30))
    if row.LtiScore.next_try_at is not None and row.LtiScore.next_try_at > now():
        return NotNow(row.LtiScore.reason, row.LtiScore.next_try_at)
    return None


def _next_timestamp(score: LtiScore) -> datetime:
    """Return now, or a step after the last; after stale answers the steps double, to pass a clock that ran ahead."""
    at = now()
    if score.last_timestamp is not None:
        at = max(at, score.last_timestamp + STEP * 2 ** min(score.stale_answers, MOST_STALE_DOUBLINGS))
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def mark_sent(reservation: Reservation) -> bool:
    """Write down that the platform took this version; return whether it was the latest.

    A newer wish stays waiting. A later try that got through first is not set back.
    """
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
        reach("inside-mark")
        return latest is not False


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
