"""The sample institute as tests change it: with one module of its nine, which is most of what loading it takes."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from institute.paths import ROOT

SAMPLE: Final = ROOT / "courses" / "sample"


def copy_sample(to: Path) -> Path:
    """Copy the sample's folder, with the first of its modules alone; return the copy."""
    return Path(shutil.copytree(SAMPLE, to, ignore=shutil.ignore_patterns("module-[2-9]")))
