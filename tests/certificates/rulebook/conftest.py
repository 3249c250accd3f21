"""An administrator at a browser, in an institute with a ladder and people on it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from institute.actors import Role
from institute.people.models import Person
from tests.browsing import Visitor
from tests.certificates.awards.conftest import (  # noqa: F401  (fixtures)
    ladder,
    make_candidate,
    october,
)
from tests.courses.coaching.conftest import make_pair  # noqa: F401  (a fixture)
from tests.courses.conftest import make_enrolment, make_studied, studied  # noqa: F401  (fixtures)

LEVEL = "/administrator/levels/novice"


@pytest.fixture
def administrator(
    make_person: Callable[..., Person],
    sign_in: Callable[..., Visitor],
    ladder: None,  # noqa: F811
) -> Visitor:
    """Who writes the rules."""
    return sign_in(make_person(name="Ruth Ellison"), roles=[Role.ADMINISTRATOR])
