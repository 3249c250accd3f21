"""The fine lines: the same for all, small, and true to the level."""

from __future__ import annotations

import math
import zlib

import pytest

from certificates.documents.artwork.curves import arc, number, smooth
from certificates.documents.artwork.ornaments import seal
from certificates.documents.artwork.palette import palette
from certificates.documents.artwork.sheet import Ground, sheet

GROUNDS = {
    "classic": Ground(297, 210, (148.5, 164.5), 38),
    "standing": Ground(215.9, 279.4, (108, 170), 36, palette=palette("#0b4f6c", "#c0392b")),
    "modern": Ground(297, 210, (31, 168), 44, framed=False),
    "modern, mirrored and standing": Ground(210, 297, (165, 29), 42, framed=False, mirrored=True),
}
HEAVY, LIGHT = " 5 w", " 1.6 w"


@pytest.mark.parametrize("position", [1, 2, 3, 4])
def test_the_seal_has_one_heavy_arc_for_each_level_reached(position: int) -> None:
    drawn = seal(position, 4).splitlines()
    assert sum(line.endswith(HEAVY) for line in drawn) == position
    assert sum(line.endswith(LIGHT) for line in drawn) == 4 - position


def test_levels_that_an_institute_does_not_have_are_refused() -> None:
    for position, count in ((0, 4), (5, 4), (1, 0)):
        with pytest.raises(ValueError, match="no level"):
            seal(position, count)


@pytest.mark.parametrize("ground", GROUNDS.values(), ids=GROUNDS)
def test_a_sheet_is_made_once_and_weighs_little(ground: Ground) -> None:
    made = sheet(ground, 2, 4)
    assert sheet(ground, 2, 4) is made
    assert len(made.drawing) + sum(map(len, made.forms.values())) < 12_000


@pytest.mark.parametrize("ground", GROUNDS.values(), ids=GROUNDS)
def test_every_form_that_is_drawn_is_there(ground: Ground) -> None:
    made = sheet(ground, 1, 3)
    contents = [zlib.decompress(content).decode() for content in (made.drawing, *made.forms.values())]
    drawn = {word[1:] for content in contents for word in content.split() if word.startswith("/")}
    assert drawn == set(made.forms)


def test_an_institutes_colours_draw_all_lines() -> None:
    """Of the usual colours nothing is left."""
    made = sheet(GROUNDS["standing"], 2, 4)
    drawn = "".join(zlib.decompress(content).decode() for content in (made.drawing, *made.forms.values()))
    assert "0.043 0.31 0.424 RG" in drawn
    assert "0.349 0.173 0.384" not in drawn
    assert "0.714 0.471 0" not in drawn


def test_few_pieces_follow_a_curve_closely() -> None:
    """A quarter circle in one piece is nowhere more than a thousandth off."""
    path = arc(1, 0, math.pi / 2, 1).split()
    x1, y1, x2, y2 = (float(value) for value in path[3:7])
    middle = ((1 + 3 * x1 + 3 * x2 + 0) / 8, (0 + 3 * y1 + 3 * y2 + 1) / 8)
    assert math.hypot(*middle) == pytest.approx(1, abs=0.02)


def test_numbers_are_short() -> None:
    assert [number(value) for value in (1.0, -0.001, 0.5, 12.345)] == ["1", "0", "0.5", "12.35"]
    assert smooth(lambda at: (at, 0), 0, 3, 1) == "0 0 m\n1 0 2 0 3 0 c"
