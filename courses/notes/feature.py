"""What private notes bring to an application."""

from __future__ import annotations

from flask import Flask

from courses.notes.commands import rotate_notes_key
from courses.notes.queries import section_on_log, section_on_person
from courses.notes.views import coach
from institute.cli import institute_group
from institute.web import sections
from institute.web.sections import Section


def init_app(app: Flask) -> None:
    """Attach the notes to a coach's pages of sessions and people, and the command that rotates their key."""
    app.register_blueprint(coach.blueprint)
    sections.add(app, Section("coaching.coach_log", 10, "courses/notes/_section.html", section_on_log))
    sections.add(app, Section("coached.member", 90, "courses/notes/_section.html", section_on_person))
    institute_group.add_command(rotate_notes_key)
