"""A coach and a participant, as coaching has them, and their plans as they are stored."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.schedule.models import PlannedMember, PlannedSession
from tests.courses.coaching.conftest import make_pair, october, pair  # noqa: F401  (fixtures)


@pytest.fixture
def planned(session: Session) -> Callable[[int], PlannedSession]:
    """Read a plan as it is stored."""

    def read(planned_id: int) -> PlannedSession:
        statement = select(PlannedSession).where(PlannedSession.id == planned_id)
        return session.scalars(statement.execution_options(populate_existing=True)).one()

    return read


@pytest.fixture
def member_of(session: Session) -> Callable[[int], PlannedMember]:
    """Read the one who takes part in a plan."""

    def read(planned_id: int) -> PlannedMember:
        statement = select(PlannedMember).where(PlannedMember.planned_id == planned_id)
        return session.scalars(statement.execution_options(populate_existing=True)).one()

    return read
