"""A web process stays light: what typesets and signs is loaded by the worker alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from institute.paths import ROOT

HEAVY = ("weasyprint", "pyhanko", "pyld", "pikepdf", "fontTools")
LIGHT_DOORS = ("certificate", "fitting", "issuer", "serials", "wording")


def loaded_after(code: str, folder: Path) -> set[str]:
    """Return which heavy packages a fresh process has loaded after some code."""
    asked = f"{code}\nimport sys; print('LOADED', *(name for name in {HEAVY!r} if name in sys.modules))"
    environment = {**os.environ, "DATA_DIR": str(folder), "PYTHONPATH": str(ROOT)}
    said = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, env=environment, cwd=ROOT
    ).stdout
    return set(said.rpartition("LOADED")[2].split())


def test_pages_load_neither_typesetting_nor_signing(tmp_path: Path) -> None:
    """Nor does what they need of the documents: facts, checked names, serials and the issuer's profile."""
    doors = [f"import certificates.documents.{name}" for name in LIGHT_DOORS]
    assert not loaded_after("\n".join(["import wsgi", *doors]), tmp_path)
