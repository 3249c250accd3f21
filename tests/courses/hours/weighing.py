"""What tests of the rules share: sessions as pieces, and hours worked out of them without a database."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from courses.hours.asking import Stay, asking_of, figures_of
from courses.hours.counting import Piece, sum_months, weigh
from courses.hours.figures import HoursFigures
from courses.hours.models import CarryOver, PartialMonth, Rounding
from courses.hours.months import month_of
from courses.hours.policies import DEFAULT, Cap, Period, Policy, Subject
from courses.sessions.models import Kind, Mode, SessionState

TODAY = date(2026, 10, 14)
SINCE = date(2026, 9, 1)
BEGUN = datetime(2026, 5, 1, 17, tzinfo=UTC)

SUBJECTS = st.one_of(
    st.just(Subject()),
    st.sampled_from(Kind).map(lambda kind: Subject(kind=kind)),
    st.sampled_from(Mode).map(lambda mode: Subject(mode=mode)),
)
CAPS = st.lists(
    st.builds(Cap, period=st.sampled_from(Period), subject=SUBJECTS, minutes=st.integers(0, 600)),
    max_size=4,
    unique_by=lambda cap: (cap.period, cap.subject),
).map(tuple)
COUNTING = st.frozensets(st.tuples(st.sampled_from(Kind), st.sampled_from(Mode)), max_size=20)
POLICIES = st.builds(
    Policy,
    minimum=st.integers(0, 270),
    target=st.integers(270, 400),
    counting=COUNTING,
    caps=CAPS,
    one_to_one_minimum=st.booleans(),
    rounding=st.sampled_from(Rounding),
    partial_month=st.sampled_from(PartialMonth),
    carry_over=st.sampled_from(CarryOver),
)


def piece(minutes: int, number: int = 1, **given: object) -> Piece:
    """Return a confirmed one-to-one session in person of this month; ``number`` orders sessions."""
    at = datetime(2026, 10, 1, 17, tzinfo=UTC) + timedelta(hours=number)
    facts: dict[str, object] = {
        "log_id": number,
        "at": at,
        "month": month_of(TODAY),
        "state": SessionState.CONFIRMED,
        "kind": Kind.ONE_TO_ONE,
        "mode": Mode.IN_PERSON,
        **given,
    }
    return Piece(minutes=minutes, **facts)  # type: ignore[arg-type]


@st.composite
def sessions(draw: st.DrawFn, most: int = 12) -> list[Piece]:
    """Draw sessions of several months that follow one another, each with a number of its own."""
    days = draw(st.lists(st.integers(0, 160), max_size=most, unique=True))
    found = []
    for number, day in enumerate(sorted(days), start=1):
        at = BEGUN + timedelta(days=day)
        found.append(
            Piece(
                log_id=number,
                at=at,
                month=month_of(at.date()),
                state=draw(st.sampled_from(SessionState)),
                kind=draw(st.sampled_from(Kind)),
                mode=draw(st.sampled_from(Mode)),
                minutes=draw(st.integers(1, 600)),
            )
        )
    return found


def hours(
    pieces: Iterable[Piece], policy: Policy = DEFAULT, stay: Stay | None = None, today: date = TODAY
) -> HoursFigures:
    """Return what comes of sessions."""
    sums = sum_months(weigh(pieces, policy), policy)
    return figures_of(sums, asking_of(policy), stay or Stay(SINCE), today=today)
