"""The requirements of an institute's folder: ``[[level.requirement]]`` in ``levels.toml``."""

from __future__ import annotations

from typing import Final

from certificates.evidence.defining import RequirementDraft, define_requirements
from certificates.evidence.models import MOST_FILES
from courses.loading.tables import Table, read_table
from institute.i18n import lazy_gettext
from institute.people.institutes import InstituteLoaded

FILE: Final = "levels.toml"


def load_requirements(loaded: InstituteLoaded) -> None:
    """Define what each level asks for, in the order of the file. A folder without the file asks for nothing.

    Raises FolderError, whose sentence names the key that cannot be used.
    """
    path = loaded.folder / FILE
    if not path.is_file():
        return
    table = read_table(path, folder=loaded.folder)
    table.source = table.text("source_language")
    drafts: list[RequirementDraft] = []
    for level in table.tables("level"):
        for requirement in level.tables("requirement"):
            draft = _read(requirement, level.slug("key"))
            if any(one.key == draft.key for one in drafts):
                raise requirement.wrong("key", lazy_gettext("a key that no other requirement has"))
            drafts.append(draft)
    define_requirements(drafts, actor=loaded.actor)


def _read(table: Table, level_key: str) -> RequirementDraft:
    draft = RequirementDraft(
        level_key=level_key,
        key=table.slug("key"),
        title=table.localised("title"),
        instructions=table.localised("instructions"),
        most_files=table.number("files", 0),
        wants_text=table.flag("text", default=True),
        rubric_key=table.slug("rubric") if table.has("rubric") else None,
    )
    table.finish()
    if draft.most_files > MOST_FILES:
        raise table.wrong("files", lazy_gettext("a whole number from 0 to %(most)s", most=MOST_FILES))
    if not draft.wants_text and draft.most_files == 0:
        raise table.wrong("files", lazy_gettext("a whole number from 1 where no text is asked for"))
    return draft
