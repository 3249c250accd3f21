"""Curves as PDF path operators. Lengths are millimetres, angles radians, and y grows upwards."""

from __future__ import annotations

import math
from collections.abc import Callable

Point = tuple[float, float]

# The control points of a quarter circle of radius 1 stand this far from its ends.
QUARTER = 4 / 3 * math.tan(math.pi / 8)


def number(value: float, digits: int = 2) -> str:
    """Return a number as short as a path needs it: no trailing zeros, no minus zero."""
    text = f"{value:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"", "-0"} else text


def points(*pairs: Point) -> str:
    """Return the coordinates of points, as operators take them."""
    return " ".join(f"{number(x)} {number(y)}" for x, y in pairs)


def smooth(curve: Callable[[float], Point], start: float, end: float, pieces: int) -> str:
    """Return a path along ``curve`` from ``start`` to ``end``, made of cubic pieces.

    Each piece has the curve's own ends and tangents, so that few pieces follow it closely.
    """
    step = (end - start) / pieces
    written = [f"{points(curve(start))} m"]
    for index in range(pieces):
        here, there = start + index * step, start + (index + 1) * step
        (x0, y0), (x1, y1) = curve(here), curve(there)
        (u0, v0), (u1, v1) = _tangent(curve, here), _tangent(curve, there)
        third = step / 3
        control = points((x0 + u0 * third, y0 + v0 * third), (x1 - u1 * third, y1 - v1 * third), (x1, y1))
        written.append(f"{control} c")
    return "\n".join(written)


def wave(*, length: float, turns: int, phase: float, middle: float, swell: float, pieces: int) -> str:
    """Return one tile of a wave along x, from 0 to ``length``, that swells once: widest at both ends.

    Its height is between ``middle - swell`` and ``middle + swell``; it turns ``turns`` times.
    """

    def curve(x: float) -> Point:
        height = middle + swell * math.cos(2 * math.pi * x / length)
        return x, height * math.sin(2 * math.pi * turns * x / length + phase)

    return smooth(curve, 0, length, pieces)


def petals(*, middle: float, swing: float, lobes: int, sector: int, pieces: int) -> str:
    """Return the first ``sector`` lobes of a ring of ``lobes`` lobes around the origin."""

    def curve(angle: float) -> Point:
        radius = middle + swing * math.cos(lobes * angle)
        return radius * math.cos(angle), radius * math.sin(angle)

    return smooth(curve, 0, 2 * math.pi * sector / lobes, pieces * sector)


def circle(x: float, y: float, radius: float) -> str:
    """Return a closed circle."""
    k = radius * QUARTER
    return "\n".join(
        [
            f"{points((x + radius, y))} m",
            f"{points((x + radius, y + k), (x + k, y + radius), (x, y + radius))} c",
            f"{points((x - k, y + radius), (x - radius, y + k), (x - radius, y))} c",
            f"{points((x - radius, y - k), (x - k, y - radius), (x, y - radius))} c",
            f"{points((x + k, y - radius), (x + radius, y - k), (x + radius, y))} c h",
        ]
    )


def arc(radius: float, start: float, end: float, pieces: int = 4) -> str:
    """Return an open arc around the origin."""
    return smooth(lambda at: (radius * math.cos(at), radius * math.sin(at)), start, end, pieces)


def turned(angle: float, name: str) -> str:
    """Return the operators that draw the form ``name`` turned around the origin."""
    cos, sin = number(math.cos(angle), 5), number(math.sin(angle), 5)
    return f"q {cos} {sin} {number(-math.sin(angle), 5)} {cos} 0 0 cm /{name} Do Q"


def moved(x: float, y: float, name: str, *, across: Point = (1, 0), up: Point = (0, 1)) -> str:
    """Return the operators that draw the form ``name`` at a place, with its axes where they are said to lie."""
    axes = " ".join(number(value, 5) for value in (*across, *up))
    return f"q {axes} {number(x)} {number(y)} cm /{name} Do Q"


def _tangent(curve: Callable[[float], Point], at: float) -> Point:
    step = 1e-5
    (x0, y0), (x1, y1) = curve(at - step), curve(at + step)
    return (x1 - x0) / (2 * step), (y1 - y0) / (2 * step)
