"""Texts in Markdown files of their own, one for each language."""

from __future__ import annotations

from courses.packages.spelling import Paper, kept_texts
from institute.i18n import Localised

Files = dict[str, str]


def put_markdown(paper: Paper, name: str, text: Localised | None, files: Files, stem: str) -> None:
    """Write each language into a file of its own, where a file can hold it exactly, and the rest into the table."""
    if text is None:
        return
    whole = {
        locale: one
        for locale, one in kept_texts(text).items()
        if "\r" not in one and not one.startswith("\ufeff")
    }
    files |= {f"{stem}.{locale}.md": f"{one}\n" for locale, one in whole.items()}
    paper.put_text(name, text, elsewhere=tuple(whole))
