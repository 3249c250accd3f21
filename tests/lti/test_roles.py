"""What a platform's role names mean here."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from institute.actors import Role
from lti.launches.roles import TEST_USER, MappedRoles, map_roles

LIS = "http://purl.imsglobal.org/vocab/lis/v2/"
CONTEXT = LIS + "membership#"
SUB = LIS + "membership/"

LEARNER = MappedRoles(is_learner=True)
STAFF = MappedRoles(is_staff=True)
MENTOR = MappedRoles(is_mentor=True)
NOBODY = MappedRoles()

TABLE: list[tuple[list[str], MappedRoles]] = [
    ([CONTEXT + "Learner"], LEARNER),
    (["Learner"], LEARNER),
    ([SUB + "Learner#GuestLearner"], LEARNER),
    ([CONTEXT + "Instructor"], STAFF),
    (["Instructor"], STAFF),
    ([SUB + "Instructor#PrimaryInstructor"], STAFF),
    ([SUB + "Instructor#TeachingAssistant"], STAFF),
    ([CONTEXT + "Administrator"], STAFF),
    (["Administrator"], STAFF),
    ([CONTEXT + "Learner", CONTEXT + "Instructor"], MappedRoles(is_learner=True, is_staff=True)),
    ([CONTEXT + "Mentor"], MENTOR),
    (["Mentor"], MENTOR),
    ([SUB + "Mentor#Advisor"], MENTOR),
    ([CONTEXT + "Mentor", CONTEXT + "Learner"], MappedRoles(is_learner=True, is_mentor=True)),
    ([CONTEXT + "ContentDeveloper"], NOBODY),
    ([CONTEXT + "Member"], NOBODY),
    ([], NOBODY),
    ([""], NOBODY),
    (["http://example.test/role#Instructor"], NOBODY),
    ([LIS + "membershipx#Instructor"], NOBODY),
    ([LIS + "membership"], NOBODY),
    ([LIS + "membership/Instructor"], NOBODY),
    (["instructor"], NOBODY),
    ([LIS + "institution/person#Instructor"], NOBODY),
    ([LIS + "institution/person#Faculty"], NOBODY),
    ([LIS + "institution/person#Student"], NOBODY),
    ([LIS + "system/person#User"], NOBODY),
    ([LIS + "system/person#User", CONTEXT + "Learner"], LEARNER),
    ([LIS + "institution/person#Administrator"], MappedRoles(is_administrator=True)),
    ([LIS + "system/person#Administrator"], MappedRoles(is_administrator=True)),
    ([LIS + "system/person#SysAdmin"], MappedRoles(is_administrator=True)),
    ([LIS + "person#Administrator"], MappedRoles(is_administrator=True)),
    ([LIS + "institution/person#Administrator", CONTEXT + "Learner"], LEARNER),
    (
        [LIS + "institution/person#Administrator", CONTEXT + "Instructor"],
        MappedRoles(is_staff=True, is_administrator=True),
    ),
    ([CONTEXT + "Learner", TEST_USER], MappedRoles(is_learner=True, is_test_user=True)),
]


@pytest.mark.parametrize(("names", "meant"), TABLE, ids=lambda value: str(value)[-60:])
def test_role_names_mean_what_the_table_says(names: list[str], meant: MappedRoles) -> None:
    assert map_roles(names) == meant


SAID: list[tuple[dict[str, str], list[str], MappedRoles]] = [
    ({CONTEXT + "Instructor": "learner"}, ["Instructor"], LEARNER),
    ({"Instructor": "learner"}, [CONTEXT + "Instructor"], LEARNER),
    ({"ContentDeveloper": "staff"}, [CONTEXT + "ContentDeveloper"], STAFF),
    ({LIS + "institution/person#Faculty": "staff"}, [LIS + "institution/person#Faculty"], STAFF),
    ({LIS + "institution/person#Administrator": "nothing"}, [LIS + "person#Administrator"], NOBODY),
    ({"urn:example:coach": "mentor"}, ["urn:example:coach"], MENTOR),
    ({"urn:example:chief": "administrator"}, ["urn:example:chief"], MappedRoles(is_administrator=True)),
    (
        {"urn:example:chief": "administrator"},
        ["urn:example:chief", CONTEXT + "Learner"],
        LEARNER,
    ),
    ({SUB + "Instructor#TeachingAssistant": "learner"}, [SUB + "Instructor#TeachingAssistant"], LEARNER),
    (
        {SUB + "Instructor#TeachingAssistant": "learner"},
        [CONTEXT + "Instructor", SUB + "Instructor#TeachingAssistant"],
        LEARNER,
    ),
    ({SUB + "Instructor#TeachingAssistant": "learner"}, [CONTEXT + "Instructor"], STAFF),
    ({"Instructor": "nothing"}, [SUB + "Instructor#PrimaryInstructor"], NOBODY),
    ({"Learner": "staff"}, [CONTEXT + "Learner", TEST_USER], MappedRoles(is_staff=True, is_test_user=True)),
    ({TEST_USER: "staff"}, [TEST_USER], MappedRoles(is_staff=True, is_test_user=True)),
]


@pytest.mark.parametrize(("said", "names", "meant"), SAID, ids=lambda value: str(value)[-60:])
def test_what_an_administrator_says_of_a_role_wins_over_the_table(
    said: dict[str, str], names: list[str], meant: MappedRoles
) -> None:
    assert map_roles(names, said) == meant


def test_test_users_and_who_leads_the_course_are_never_enrolled_or_graded() -> None:
    assert map_roles(["Learner"]).is_enrollable
    for names in (["Learner", TEST_USER], ["Learner", "Instructor"], ["Instructor"], ["Mentor"], []):
        assert not map_roles(names).is_enrollable
    assert not map_roles(["Learner", "Manager"], {"Manager": "administrator"}).is_enrollable


@given(st.lists(st.text()))
def test_unknown_names_never_give_power(names: list[str]) -> None:
    known = {"Instructor", "Administrator", "Mentor"}
    held = map_roles([name for name in names if name not in known]).held(trust_administrators=True)
    assert held == {Role.PARTICIPANT}


def test_platform_administrator_is_administrator_here_only_where_trusted() -> None:
    mapped = MappedRoles(is_administrator=True)
    assert mapped.held(trust_administrators=False) == {Role.PLATFORM_ADMINISTRATOR}
    assert mapped.held(trust_administrators=True) == {Role.ADMINISTRATOR}
    assert not MappedRoles(is_learner=True, is_test_user=True).is_enrollable
