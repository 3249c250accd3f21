"""What the tests of assignments make: coaches and what is asked of them."""

from __future__ import annotations

from tests.courses.assignments.conftest import make_coach, make_coordinator, make_requirement, verify

__all__ = ["make_coach", "make_coordinator", "make_requirement", "verify"]
