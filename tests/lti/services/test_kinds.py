"""What a link may send is told by its target, and a choice that is none of it counts for nothing."""

from __future__ import annotations

import pytest

from lti.services.kinds import GradeKind, chosen_kind, kinds_for, resource_id, targets_with

HOME_KINDS = [GradeKind.PROGRESS, GradeKind.HOURS, GradeKind.LEVEL, GradeKind.NONE]

LAWFUL = [
    (None, HOME_KINDS),
    ("", HOME_KINDS),
    ("programme:leadership", HOME_KINDS),
    ("module:leadership/module-1", [GradeKind.PROGRESS, GradeKind.NONE]),
    ("segment:leadership/module-1/segment-1", [GradeKind.PROGRESS, GradeKind.NONE]),
    ("evidence:plan", [GradeKind.EVIDENCE, GradeKind.NONE]),
    ("hours:mine", [GradeKind.HOURS, GradeKind.NONE]),
    ("certificates:mine", [GradeKind.LEVEL, GradeKind.NONE]),
    ("level:mine", [GradeKind.LEVEL, GradeKind.NONE]),
    ("something:else", [GradeKind.NONE]),
    ("gone:", [GradeKind.NONE]),
]


@pytest.mark.parametrize(("target", "kinds"), LAWFUL)
def test_what_a_link_may_send_follows_from_its_target(target: str | None, kinds: list[GradeKind]) -> None:
    assert list(kinds_for(target)) == kinds
    assert kinds[-1] is GradeKind.NONE


@pytest.mark.parametrize(("target", "kinds"), LAWFUL)
@pytest.mark.parametrize("choice", [None, "", "evidence", "hours", "PROGRESS", "nonsense"])
def test_an_unlawful_choice_counts_as_none(
    target: str | None, kinds: list[GradeKind], choice: str | None
) -> None:
    assert chosen_kind(choice, target) is (GradeKind(choice) if choice in list(kinds) else kinds[0])


def test_long_names_are_shortened_alike_each_time() -> None:
    assert resource_id("evidence:plan") == "evidence:plan"
    assert len(resource_id("x" * 300)) == 64
    assert resource_id("x" * 300) == resource_id("x" * 300) != resource_id("y" * 300)


def test_kinds_name_the_targets_that_show_them_by_themselves() -> None:
    assert targets_with(GradeKind.HOURS) == ("hours",)
    assert "level" in targets_with(GradeKind.LEVEL)
