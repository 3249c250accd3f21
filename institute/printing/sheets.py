"""The style of a document's sheets: their size, what stands around the text, and the faces of every language."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from institute.printing.papers import Paper
from institute.printing.scripts import CHINESE_FACES, families

# A box to tick, and other signs that no face of letters has.
SIGNS: Final = "Noto Sans Symbols 2"
SHEETS: Final = {Paper.A4: "A4", Paper.LETTER: "Letter"}
_SHEET: Final = Path(__file__).parent / "sheet.css"


def sheet_style(paper: Paper, start: str, own: str) -> str:
    """Return a whole style sheet: a paper's, with ``own`` rules, for a direction of writing."""
    rules = [f'html {{ font-family: {families("en", display=False)}, "{SIGNS}"; }}']
    rules += [
        f'[lang="{tag}"] {{ font-family: {families(tag, display=False)}, "{SIGNS}"; }}'
        for tag in CHINESE_FACES
    ]
    latin = "".join(f':not([lang="{tag}"])' for tag in CHINESE_FACES)
    rules.append(f"html{latin} h1:not([lang]) {{ font-family: {families('en', display=True)}; }}")
    left, right = ("END", "START") if start == "rtl" else ("START", "END")
    sheet = _SHEET.read_text("utf-8").replace("SIZE", SHEETS[paper])
    sheet = sheet.replace(f"-{left}", "-left").replace(f"-{right}", "-right")
    return sheet + own + "\n".join(rules)
