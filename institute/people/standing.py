"""Standing: facts about people that one room knows and another must heed, without an import between them.

A feature reports conflicts ("rates this candidate", "supervises"); another asks before it joins two people.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

from flask import Flask, current_app

from institute.actors import PersonId
from institute.people.linking import same_person

SAME_PERSON: Final = "self"

# (institute_id, actor person, other person, relation wished) -> stable reason codes that forbid it
Conflicts = Callable[[int, int, int, str], list[str]]


def init_app(app: Flask) -> None:
    """Give the application an empty list of conflict reporters."""
    app.extensions["standing"] = []


def report(app: Flask, conflicts: Conflicts) -> None:
    """Let ``conflicts`` speak whenever two people are about to be joined."""
    cast("list[Conflicts]", app.extensions["standing"]).append(conflicts)


def conflicts_between(institute_id: int, one: int, other: int, relation: str) -> list[str]:
    """Return the reasons why ``one`` may not become ``relation`` (such as "coach") of ``other``.

    Somebody who has several rows is asked about with each of them, and is never a stranger to themselves.
    """
    reporters = cast("list[Conflicts]", current_app.extensions["standing"])
    ones, others = same_person(PersonId(one)), same_person(PersonId(other))
    if ones & others:
        return [SAME_PERSON]
    return [
        reason
        for reporter in reporters
        for this in sorted(ones)
        for that in sorted(others)
        for reason in reporter(institute_id, this, that, relation)
    ]
