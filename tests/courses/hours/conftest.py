"""An administrator and a coordinator of the institute in which the pair of coaching works."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from institute.actors import Role
from institute.people.models import Person
from tests.browsing import Visitor
from tests.courses.coaching.conftest import make_pair, october, pair, stored  # noqa: F401  (fixtures)
from tests.courses.conftest import Studied


@pytest.fixture
def administrator(
    studied: Studied, make_person: Callable[..., Person], sign_in: Callable[..., Visitor]
) -> Visitor:
    """Somebody who builds the institute."""
    return sign_in(make_person(name="Ada Admin"), roles=[Role.ADMINISTRATOR])


@pytest.fixture
def coordinator(
    studied: Studied, make_person: Callable[..., Person], sign_in: Callable[..., Visitor]
) -> Visitor:
    """Somebody who coordinates the whole institute."""
    return sign_in(make_person(name="Cora Coordinator"), roles=[Role.COORDINATOR])
