"""What a participant works towards, told to the form of a log by whichever room keeps plans."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import cast

from flask import Flask, current_app

from courses.cohorts.models import EnrolmentId
from institute.actors import InstituteId

Provider = Callable[[EnrolmentId, InstituteId], Iterable[str]]


def provide(app: Flask, provider: Provider) -> None:
    """Let ``provider(enrolment_id, institute_id)`` tell the open goals of somebody, the most important first."""
    cast("list[Provider]", app.extensions.setdefault("session_goals", [])).append(provider)


def goals_of(enrolment_id: EnrolmentId, institute_id: InstituteId) -> list[str]:
    """Return the open goals of an enrolment, each once and in one line; none where no room keeps any."""
    providers = cast("list[Provider]", current_app.extensions.get("session_goals", []))
    told = (goal for provider in providers for goal in provider(enrolment_id, institute_id))
    return list(dict.fromkeys(line for line in (" ".join(goal.split()) for goal in told) if line))
