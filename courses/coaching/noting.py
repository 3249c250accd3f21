"""The private note that a coach writes beside a new log: never part of the sheet, kept once the log is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from courses.notes.errors import NoteTooLongError
from courses.notes.models import NOTE_LENGTH
from courses.notes.subjects import Subject
from courses.notes.writing import keep_note
from courses.sessions.models import SessionLogId
from institute.actors import Actor
from institute.errors import DomainError
from institute.web.forms import storable


@dataclass(frozen=True, slots=True)
class NoteBeside:
    """What was typed into the note of a log's form."""

    text: str = ""

    @classmethod
    def of(cls, form: Mapping[str, str]) -> Self:
        """Read a form; what it lacks is empty."""
        return cls(storable(form.get("private_note", "")).strip())

    @property
    def problem(self) -> DomainError | None:
        """What has to be mended before the log is kept, or None."""
        fits = len(self.text) <= NOTE_LENGTH
        return None if fits else NoteTooLongError(most=NOTE_LENGTH, length=len(self.text))

    def keep(self, log_id: SessionLogId, *, actor: Actor) -> None:
        """Keep what was typed, if anything, as the actor's own note on the log. Raises as ``keep_note``."""
        if self.text:
            keep_note(Subject.LOG, log_id, self.text, actor=actor)
