"""Named points at which a test can kill the process, to prove that a document is made once wherever it dies.

``INSTITUTE_KILL_AT`` names one point, or several with commas; reaching it is SIGKILL. It works only while
``INSTITUTE_TESTING`` is ``1``, which nothing but the tests sets.
"""

from __future__ import annotations

import os
import signal
from typing import Final

POINTS: Final = (
    "before-document",
    "after-typesetting",
    "after-keeping",
    "inside-attaching",
    "after-attaching",
    "inside-papers",
)
OF_PACKETS: Final = ("before-packet", "after-packet", "inside-packet")


def reach(point: str) -> None:
    """Die here if a test asked for it. Raises ValueError for a point that has no name."""
    if point not in {*POINTS, *OF_PACKETS}:
        raise ValueError(point)
    chosen = os.environ.get("INSTITUTE_KILL_AT", "").split(",")
    if point in chosen and os.environ.get("INSTITUTE_TESTING") == "1":
        os.kill(os.getpid(), signal.SIGKILL)
