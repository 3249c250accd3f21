"""What is in the database, so that a test can say that nothing was written."""

from __future__ import annotations

from sqlalchemy import func, select

from institute.db import Base, db
from lti.launches.models import LtiLogin, LtiRefusal

ALLOWED = frozenset({LtiLogin.__tablename__, LtiRefusal.__tablename__})


def rows() -> dict[str, int]:
    """Return how many rows each table has, without those that a refused launch may write."""
    tables = [table for table in Base.metadata.sorted_tables if table.name not in ALLOWED]
    counts = db.session.execute(
        select(*(select(func.count()).select_from(table).scalar_subquery() for table in tables))
    ).one()
    db.session.rollback()
    return {table.name: count for table, count in zip(tables, counts, strict=True)}


def refusals() -> list[str]:
    """Return the codes of all refusals, in order."""
    found = list(db.session.scalars(select(LtiRefusal.code).order_by(LtiRefusal.id)))
    db.session.rollback()
    return found
