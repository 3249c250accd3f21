"""What is looked at once a day, such as which deadlines come near: a job for each day, done by one worker."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final, cast

from flask import Flask, current_app

from institute.clock import now
from institute.db import insert_into, transaction
from institute.jobs import worker
from institute.jobs.models import JobState, OutboxRow
from institute.jobs.outbox import LeasedJob
from institute.jobs.outcomes import Dead, Done, Outcome

KIND: Final = "daily"

Task = Callable[[date], None]


def init_app(app: Flask) -> None:
    """Give the application an empty table of tasks, and let the worker do them."""
    app.extensions["daily"] = {}
    app.extensions["daily_wished"] = None
    worker.handle(app, KIND, _do)
    worker.at_each_beat(app, wish_for_today)


def add(app: Flask, name: str, task: Task) -> None:
    """Have ``task`` called once a day with the day it is in UTC. It is tried again until it succeeds: twice is once."""
    cast("dict[str, Task]", app.extensions["daily"])[name] = task


def wish_for_today() -> None:
    """Wish for today's tasks, unless somebody did; costs nothing after the first time on a day."""
    today = now().date()
    if current_app.extensions["daily_wished"] == today:
        return
    names = sorted(cast("dict[str, Task]", current_app.extensions["daily"]))
    if names:
        with transaction() as session:
            fresh = insert_into(session, OutboxRow).on_conflict_do_nothing(index_elements=["kind", "key"])
            session.execute(fresh, [_row(name, today) for name in names])
    current_app.extensions["daily_wished"] = today


def _row(name: str, today: date) -> dict[str, object]:
    return {
        "kind": KIND,
        "key": f"{name}/{today.isoformat()}",
        "payload": {"task": name, "day": today.isoformat()},
        "version": 1,
        "state": JobState.READY,
        "attempts": 0,
        "next_at": now(),
        "reason": "",
        "created_at": now(),
    }


def _do(job: LeasedJob) -> Outcome:
    task = cast("dict[str, Task]", current_app.extensions["daily"]).get(job.payload["task"])
    if task is None:
        return Dead("task-unknown")
    task(date.fromisoformat(job.payload["day"]))
    return Done()
