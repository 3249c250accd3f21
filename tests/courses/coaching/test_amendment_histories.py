"""Whatever is proposed, accepted, declined, taken back and locked: each minute that both agreed on counts once."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.coaching.locking import lock_logs
from courses.hours.queries import hours_of
from courses.sessions.models import (
    AmendmentState,
    SessionAmendment,
    SessionLog,
    SessionLogId,
    SessionRevision,
    SessionState,
)
from institute.actors import Actor
from tests.courses.coaching.conftest import Pair, sheet

FIRST = date(2026, 8, 3)
SIDES = {"coach": "participant", "participant": "coach"}
steps = st.lists(
    st.one_of(
        st.tuples(st.just("propose"), st.sampled_from(sorted(SIDES)), st.integers(1, 50)),
        st.tuples(
            st.sampled_from(["accept", "decline", "withdraw"]), st.sampled_from(sorted(SIDES)), st.just(0)
        ),
        st.tuples(st.just("lock"), st.just("coach"), st.just(0)),
    ),
    min_size=1,
    max_size=7,
)


class History:
    """One confirmed session, and what it should say after each step."""

    def __init__(self, pair: Pair, session: Session, system: Actor, day: date) -> None:
        self.pair, self.session, self.system, self.day = pair, session, system, day.isoformat()
        self.log_id = pair.log(day=self.day, begins="10:00", ends="11:00")
        assert pair.answer(self.log_id) == 303
        self.minutes, self.accepted = 60, 0
        self.open: tuple[int, str, int] | None = None

    def take(self, verb: str, side: str, minutes: int) -> None:
        """Take one step, lawful or not, and hold the answer against what may happen."""
        visitor = getattr(self.pair, side)
        if verb == "lock":
            lock_logs(self.pair.enrolment_id, actor=self.system)
        elif verb == "propose":
            form = {**sheet(day=self.day, begins="10:00", ends=f"10:{minutes:02}"), "reason": "Shorter."}
            status = visitor.post(f"/{side}/amendments/{self.log_id}/new", form).status_code
            if self.open is not None:
                assert status == 409
            elif minutes == self.minutes:
                assert status == 422
            else:
                assert status == 303
                self.open = (self._newest(), side, minutes)
        elif self.open is not None:
            number, proposer, wanted = self.open
            status = visitor.post(f"/{side}/amendments/{self.log_id}/{number}/{verb}", {}).status_code
            lawful = (side == proposer) == (verb == "withdraw")
            assert status == (303 if lawful else 403)
            if lawful:
                self.open = None
                if verb == "accept":
                    self.minutes, self.accepted = wanted, self.accepted + 1

    def _newest(self) -> int:
        self.session.rollback()
        return int(
            self.session.scalars(select(SessionAmendment.id).order_by(SessionAmendment.id.desc())).first()
            or 0
        )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(taken=steps)
def test_a_minute_that_both_agreed_on_counts_once_through_any_history(
    pair: Pair, session: Session, system: Actor, taken: list[tuple[str, str, int]]
) -> None:
    session.rollback()
    before = hours_of(pair.enrolment_id).counted
    count = len(session.scalars(select(SessionLog.id)).all())
    history = History(pair, session, system, FIRST + timedelta(days=count))
    for step in taken:
        history.take(*step)
        session.rollback()
        log = session.get_one(SessionLog, SessionLogId(history.log_id))
        assert log.minutes == history.minutes
        assert log.state in {SessionState.CONFIRMED, SessionState.LOCKED}
        assert hours_of(pair.enrolment_id).counted == before + history.minutes
    kept = select(SessionRevision.id).where(SessionRevision.log_id == history.log_id)
    assert len(session.scalars(kept).all()) == 1 + history.accepted
    waiting = select(SessionAmendment.id).where(
        SessionAmendment.log_id == history.log_id, SessionAmendment.state == AmendmentState.PROPOSED
    )
    assert len(session.scalars(waiting).all()) == (history.open is not None)
