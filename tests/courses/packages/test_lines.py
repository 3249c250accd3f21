"""The line of every value in a TOML file."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.catalogue.drafts import ProgrammeContent
from courses.packages.composing import files_of
from courses.packages.lines import DEEPEST, Place, TooIntricateError, line_of, lines_of
from courses.packages.spelling import spelled
from tests.courses.packages.contents import TEXTS, contents

WRITTEN = """\
# a comment = "with" [[brackets]]
number = 1
title.en = "One"
title.es = '''
Uno
dos'''
"quoted key".x = "a # b ] } ="
list = [ "a", # first
  "b", [1,
  2], { min = 0, max = 60 } ]
[session]
minutes = { min = 1, max = 2 }
[[session.step]]
text.en = \"\"\"
a \\\"\"\"
[[no.table]]
b\"\"\"\"
[[session.step]]
audience = "coach"
[session.step.below]
when = 2026-01-01T00:00:00Z
"""


def places(value: Any, here: Place = ()) -> set[Place]:
    """Return the place of everything below a value that the standard library read."""
    found = {here} if here else set()
    if isinstance(value, dict):
        for name, below in value.items():
            found |= places(below, (*here, name))
    elif isinstance(value, list):
        for number, below in enumerate(value, start=1):
            found |= places(below, (*here, number))
    return found


def test_every_value_is_found_in_its_line() -> None:
    found = lines_of(WRITTEN)
    assert set(found) == places(tomllib.loads(WRITTEN))
    lines = {
        ("number",): 2, ("title",): 3, ("title", "en"): 3, ("title", "es"): 4, ("quoted key", "x"): 7, ("list", 1): 8,
        ("list", 2): 9, ("list", 3): 9, ("list", 3, 2): 10, ("list", 4, "max"): 10, ("session",): 11,
        ("session", "minutes", "max"): 12, ("session", "step", 1): 13, ("session", "step", 1, "text", "en"): 14,
        ("session", "step", 2): 18, ("session", "step", 2, "audience"): 19,
        ("session", "step", 2, "below", "when"): 21,
    }  # fmt: skip
    assert {place: found[place] for place in lines} == lines
    assert line_of(("session", "step", 2, "text", "en"), found) == 18
    assert line_of(("nothing",), found) == 1


@settings(deadline=None, max_examples=25)
@given(contents())
def test_what_is_found_is_what_the_standard_library_reads(content: ProgrammeContent) -> None:
    for name, text in files_of(content)[0].items():
        if name.endswith(".toml"):
            found = lines_of(text)
            assert set(found) == places(tomllib.loads(text))
            written = text.split("\n")
            for place, line in found.items():
                last = next(part for part in reversed(place) if isinstance(part, str))
                assert last in written[line - 1]


VALUES = st.recursive(
    TEXTS | st.integers(-99, 99) | st.booleans(),
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(TEXTS.filter(lambda t: "\n" not in t), below, max_size=3)
    ),
    max_leaves=12,
)


@settings(deadline=None, max_examples=150)
@given(st.dictionaries(st.from_regex(r"[a-z]{1,4}", fullmatch=True), VALUES, max_size=6))
def test_any_values_are_spelled_and_found(values: dict[str, Any]) -> None:
    lines = [f"{name} = {spelled(value)}" for name, value in values.items()]
    text = "\n".join(lines)
    assert tomllib.loads(text) == values
    found = lines_of(text)
    assert set(found) == places(values)
    assert all(
        found[(name,)] == "\n".join(lines[:at]).count("\n") + 1 + (at > 0) for at, name in enumerate(values)
    )


@settings(deadline=None, max_examples=150)
@given(st.text(alphabet="ab.=[]{}\"'\\#,\n 1", max_size=60))
def test_whatever_is_written_is_followed_or_left(text: str) -> None:
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        lines_of(text)
    else:
        assert set(lines_of(text)) == places(values)


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 100_000,
        "a = 1\nb = " + "{ x = " * 100_000,
        ".".join("a" * 300_000) + " = 1",
        "[" + ".".join("a" * 300_000) + "]",
        "a = [" + "1," * 300_000 + "]",
    ],
)
def test_what_nests_or_numbers_beyond_measure_is_refused_at_once(text: str) -> None:
    with pytest.raises(TooIntricateError):
        lines_of(text)


def test_a_bearable_depth_is_followed() -> None:
    assert len(lines_of(f"a = {'[' * (DEEPEST - 2)}1{']' * (DEEPEST - 2)}")) == DEEPEST - 1
