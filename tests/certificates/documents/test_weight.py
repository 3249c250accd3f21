"""A web process stays light: what typesets and signs is loaded by the worker alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from institute.paths import ROOT

HEAVY = ("weasyprint", "pyhanko", "pyld", "pikepdf")
LIGHT_DOORS = ("certificate", "fitting", "issuer", "serials", "wording")


def loaded_after(code: str, folder: Path) -> set[str]:
    """Return which heavy packages a fresh process has loaded after some code."""
    asked = f"{code}\nimport sys; print('LOADED', *(name for name in {HEAVY!r} if name in sys.modules))"
    environment = {**os.environ, "DATA_DIR": str(folder), "PYTHONPATH": str(ROOT)}
    said = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, env=environment, cwd=ROOT
    ).stdout
    return set(said.rpartition("LOADED")[2].split())


def test_serving_pages_loads_neither_typesetting_nor_signing(tmp_path: Path) -> None:
    assert not loaded_after("import wsgi", tmp_path)


def test_what_pages_need_of_documents_is_light(tmp_path: Path) -> None:
    imports = "\n".join(f"import certificates.documents.{name}" for name in LIGHT_DOORS)
    assert not loaded_after(imports, tmp_path)


def test_the_workers_door_brings_everything(tmp_path: Path) -> None:
    code = "import importlib; importlib.import_module('certificates.documents.making')"
    assert {"weasyprint", "pyhanko", "pyld"} <= loaded_after(code, tmp_path)
