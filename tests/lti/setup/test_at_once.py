"""Administrators who act at the same moment: one is first, the others are told, nothing is half done."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from institute.audit.models import AuditEvent
from institute.db import db
from institute.people.models import Institute
from lti.platforms.keys import ensure_key, published_keys
from lti.platforms.models import Registration, RegistrationId
from lti.setup.models import RegistrationCheck
from tests.lti.setup.conftest import TYPED, Office, stored

DESKS = 4


def at_once(desks: list[Office], path: str, forms: list[dict[str, str]]) -> list[int]:
    """Send one form from each desk at the same moment and return the statuses in order of size."""

    def send(number: int) -> int:
        return desks[number].visitor.post(path, forms[number]).status_code

    with ThreadPoolExecutor(DESKS) as threads:
        return sorted(threads.map(send, range(len(desks))))


def desks_of(make_office: Callable[..., Office], institute: Institute) -> list[Office]:
    """Seat several administrators, each with a browser."""
    return [make_office(institute) for _ in range(DESKS)]


def test_of_several_saves_at_once_one_is_kept_and_the_others_are_told(
    make_office: Callable[..., Office], institute: Institute, registration_id: RegistrationId
) -> None:
    desks = desks_of(make_office, institute)
    forms = [{**TYPED, "name": f"Name {number}", "edition": "1"} for number in range(DESKS)]
    path = f"/administrator/platforms/{registration_id}/edit"
    assert at_once(desks, path, forms) == [303, 409, 409, 409]
    assert stored(registration_id).edition == 2


def test_same_platform_typed_in_at_once_is_registered_once(
    make_office: Callable[..., Office], institute: Institute
) -> None:
    ensure_key()
    desks = desks_of(make_office, institute)
    statuses = at_once(desks, "/administrator/platforms/new", [TYPED] * DESKS)
    assert statuses[0] == 303
    assert set(statuses[1:]) <= {303, 409, 422}
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Registration)) == 1


def test_roles_set_at_once_are_all_kept(
    make_office: Callable[..., Office], institute: Institute, registration_id: RegistrationId
) -> None:
    desks = desks_of(make_office, institute)
    forms = [{"role": f"Role{number}", "meaning": "staff"} for number in range(DESKS)]
    assert at_once(desks, f"/administrator/platforms/{registration_id}/roles", forms) == [303] * DESKS
    assert len(stored(registration_id).role_overrides) == DESKS


def test_key_and_check_asked_for_at_once_are_one(
    make_office: Callable[..., Office], institute: Institute, registration_id: RegistrationId
) -> None:
    desks = desks_of(make_office, institute)
    nothing: list[dict[str, str]] = [{}] * DESKS
    assert at_once(desks, "/administrator/platforms/keys", nothing) == [303, 409, 409, 409]
    db.session.rollback()
    assert len(published_keys()) == 2
    assert at_once(desks, f"/administrator/platforms/{registration_id}/check", nothing) == [303] * DESKS
    db.session.rollback()
    steps = db.session.scalars(select(RegistrationCheck.step)).all()
    assert len(steps) == len(set(steps)) == 9
    asked = select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "lti.check_asked")
    assert db.session.scalar(asked) == 1
