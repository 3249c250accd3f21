"""Refusals: each is of one kind, so that it has a status, and has a code and a sentence of its own."""

from __future__ import annotations

import re
from collections import Counter

import pytest

import wsgi
from institute.errors import DomainError
from institute.web.errors import STATUS

KINDS = set(STATUS)
CODE = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*")


def below(kind: type[DomainError]) -> set[type[DomainError]]:
    """Return all classes that derive from ``kind``."""
    return {found for child in kind.__subclasses__() for found in {child} | below(child)}


# Made at import, so that every module of every feature has been read.
assert wsgi.app is not None
CONCRETE = sorted(below(DomainError) - KINDS, key=lambda kind: kind.__qualname__)


def test_each_kind_has_a_status_of_its_own() -> None:
    assert CONCRETE
    assert len(set(STATUS.values())) == len(KINDS)
    assert all(kind.__base__ is DomainError for kind in KINDS)


@pytest.mark.parametrize("kind", CONCRETE, ids=lambda kind: kind.__qualname__)
def test_refusal_is_of_one_kind_and_speaks_for_itself(kind: type[DomainError]) -> None:
    assert sum(issubclass(kind, one) for one in KINDS) == 1
    assert kind.__name__.endswith("Error")
    assert CODE.fullmatch(kind.code)
    assert "code" in vars(kind), "it shares its code with the class it derives from"
    assert "sentence" in vars(kind), "it shares its sentence with the class it derives from"
    assert str(kind.sentence).strip()


def test_no_two_refusals_share_a_code() -> None:
    counted = Counter(kind.code for kind in {*CONCRETE, *KINDS})
    assert [code for code, count in counted.items() if count > 1] == []
