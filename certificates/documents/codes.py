"""The QR code of a certificate as PDF operators: squares joined to runs, no image."""

from __future__ import annotations

import segno

from certificates.documents.artwork.curves import number

INK = "0.153 0.122 0.173"


def qr_code(content: str, *, x: float, y: float, size: float) -> str:
    """Return the operators that fill a code of ``size`` with its lower left corner at (x, y), in points.

    Error correction M: a fold or a stain across a printed page does not matter.
    """
    rows = [[bool(module) for module in row] for row in segno.make(content, error="m", micro=False).matrix]
    module = size / len(rows)
    drawn = [f"q {INK} rg {number(module, 5)} 0 0 {number(module, 5)} {number(x)} {number(y)} cm"]
    for index, row in enumerate(rows):
        drawn += [f"{start} {len(rows) - 1 - index} {length} 1 re" for start, length in _runs(row)]
    return "\n".join([*drawn, "f Q"])


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """Return where dark runs start and how long they are."""
    found: list[tuple[int, int]] = []
    start = None
    for at, dark in enumerate([*row, False]):
        if dark and start is None:
            start = at
        elif not dark and start is not None:
            found.append((start, at - start))
            start = None
    return found
