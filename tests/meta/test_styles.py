"""Style sheets: logical, so that one serves both directions of writing, and from here, so that nothing is fetched."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.meta import sources

OURS = [
    path
    for package in sources.PACKAGES
    for path in sources.files(package, ".css")
    if "vendor" not in path.parts
]
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
PHYSICAL = re.compile(
    r"""(?<![\w-])(?:
        (?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right)[\w-]*\s*:
      | (?:left|right)\s*:
      | (?:text-align|float|clear)\s*:\s*(?:left|right)
      | border-(?:top|bottom)-(?:left|right)-radius\s*:
    )""",
    re.VERBOSE,
)
ELSEWHERE = re.compile(r"(?:url\(\s*['\"]?|@import\s+['\"])(?:https?:)?//")


def test_there_are_style_sheets_to_look_at() -> None:
    assert {path.name for path in OURS} >= {"look.css", "tokens.css"}


@pytest.mark.parametrize("path", OURS, ids=sources.name)
def test_style_sheet_is_logical_and_fetches_nothing(path: Path) -> None:
    text = COMMENT.sub("", path.read_text(encoding="utf-8"))
    assert PHYSICAL.findall(text) == []
    assert ELSEWHERE.findall(text) == []
