"""Where the checkout lies, and what in it is asked for by its place."""

from __future__ import annotations

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
MIGRATIONS: Final = ROOT / "institute" / "migrations"
