"""What people of a sample handed in before: ``[[evidence]]`` in its history."""

from __future__ import annotations

from certificates.evidence.submitting import submit
from certificates.evidence.uploading import digest_of, take_in
from courses.loading.history import HistoryTold, as_role
from institute.actors import Role
from institute.clock import frozen, now


def tell_evidence(told: HistoryTold) -> None:
    """Submit what the history says, each text at its time. Raises FolderError for a text that is not taken."""
    for entry in told.tables("evidence"):
        key, requirement, at = entry.text("participant"), entry.slug("requirement"), entry.instant("at")
        text = entry.prose("text")
        entry.finish()
        if key not in told.begun or at > now():
            continue
        with frozen(at):
            actor = as_role(told.cast[key], Role.PARTICIPANT)
            saved = submit(requirement, take_in(text, digest_of(""), ()), actor=actor)
        for field, sentence in saved.problems:
            raise entry.wrong(field, sentence)
