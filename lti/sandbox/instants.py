"""Instants as tools write them."""

from datetime import datetime


def read_instant(value: object) -> datetime | None:
    """Return an instant written in ISO 8601 with date, time and zone; None for everything else."""
    if not isinstance(value, str):
        return None
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        return None
    return instant if instant.tzinfo is not None and "T" in value else None
