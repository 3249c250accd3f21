"""What draws pages is loaded by the worker alone, when it draws."""

from __future__ import annotations

import subprocess
import sys

from institute.paths import ROOT


def test_the_web_process_does_not_load_what_draws_pages() -> None:
    asked = "import sys, courses.media.feature; print('pypdfium2' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["False"]
