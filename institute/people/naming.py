"""What a person is called on a page: by their name, or by a number until a platform shares one."""

from __future__ import annotations

from flask import Flask
from markupsafe import Markup

from institute.actors import PersonId
from institute.i18n import gettext


def name_or_number(name: str, person_id: PersonId | int) -> str:
    """Return a name, or where none is shared a neutral one in the reader's language that is the same on every page."""
    return name or gettext("Person %(number)s", number=str(person_id))


def who(name: str, person_id: PersonId | int) -> Markup:
    """Return the same for the middle of a sentence: a name may run in another direction than the text around it."""
    return Markup("<bdi>{}</bdi>").format(name_or_number(name, person_id))


def init_app(app: Flask) -> None:
    """Give both to every template."""
    app.jinja_env.globals.update(who=who, name_or_number=name_or_number)
