"""The levels of an institute's folder: ``levels.toml``, read when the folder is loaded."""

from __future__ import annotations

import tomllib

from certificates.levels.defining import LevelDraft, define_levels
from institute.i18n import Localised
from institute.people.institutes import InstituteLoaded


def load_levels(loaded: InstituteLoaded) -> None:
    """Define what ``levels.toml`` says, lowest level first. A folder without the file defines none."""
    path = loaded.folder / "levels.toml"
    if not path.is_file():
        return
    with path.open("rb") as file:
        written = tomllib.load(file)
    source = written["source_language"]
    drafts = [
        LevelDraft(
            key=level["key"],
            name=Localised.of(level["name"], source),
            summary=Localised.of(level["summary"], source),
        )
        for level in written["level"]
    ]
    define_levels(drafts, actor=loaded.actor)
