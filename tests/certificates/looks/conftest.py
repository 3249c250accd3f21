"""An institute with a level, its administrator, and pictures as people hand them in."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image

from certificates.levels.models import Level
from institute.actors import Role
from institute.db import transaction
from institute.i18n import Localised
from institute.people.models import Institute, Person
from tests.browsing import Visitor

LOOKS = "/administrator/looks"


@pytest.fixture
def administrator(
    institute: Institute, make_person: Callable[..., Person], sign_in: Callable[..., Visitor]
) -> Visitor:
    """An administrator of an institute with one level, two languages and a person with a long name."""
    with transaction() as session:
        session.get_one(Institute, institute.id).languages = "en ar"
        session.add(
            Level(
                institute_id=institute.id,
                position=1,
                key="career",
                name=Localised.of({"en": "Career", "ar": "مهني"}),
                summary=Localised.of({"en": "For coaches."}),
                title=Localised.of({"en": "Certified Leadership Coach"}),
            )
        )
    make_person(name="María del Carmen de la Concepción Fernández-Villaverde y Rui")
    return sign_in(make_person(name="Rosa Vega"), roles=[Role.ADMINISTRATOR])


def png(width: int, height: int, mode: str = "RGB") -> io.BytesIO:
    """Make a picture."""
    written = io.BytesIO()
    Image.new(mode, (width, height), 7 if mode == "L" else None).save(written, "PNG")
    written.seek(0)
    return written


@pytest.fixture
def make_others(
    make_institute: Callable[..., Institute],
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
) -> Callable[[], list[Visitor]]:
    """Make another administrator of the institute, and one of another institute."""

    def make() -> list[Visitor]:
        people = [make_person(name="Ana"), make_person(name="Eve", institute_id=make_institute().id)]
        return [sign_in(person, roles=[Role.ADMINISTRATOR]) for person in people]

    return make
