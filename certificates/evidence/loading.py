"""The requirements of an institute's folder: ``[[level.requirement]]`` in ``levels.toml``."""

from __future__ import annotations

from certificates.evidence.defining import RequirementDraft, define_requirements
from certificates.evidence.models import (
    MOST_ATTEMPTS,
    MOST_FILES,
    MOST_LINKS,
    MOST_MINUTES,
    Owner,
    RequirementKind,
)
from certificates.levels.loading import level_tables
from courses.loading.tables import Table
from courses.meetings.models import MeetingKind
from institute.i18n import lazy_gettext
from institute.people.institutes import InstituteLoaded


def load_requirements(loaded: InstituteLoaded) -> None:
    """Define what each level asks for, in the order of the files. A folder without levels asks for nothing.

    Raises FolderError, whose sentence names the key that cannot be used.
    """
    levels = level_tables(loaded)
    if not levels:
        return
    drafts: list[RequirementDraft] = []
    for level in levels:
        for requirement in level.tables("requirement"):
            draft = _read(requirement, level.slug("key"))
            if any(one.key == draft.key for one in drafts):
                raise requirement.wrong("key", lazy_gettext("a key that no other requirement has"))
            drafts.append(draft)
    define_requirements(drafts, actor=loaded.actor)


def _read(table: Table, level_key: str) -> RequirementDraft:
    minutes = table.number("attended_minutes", 0)
    draft = RequirementDraft(
        level_key=level_key,
        key=table.slug("key"),
        title=table.localised("title"),
        instructions=table.localised("instructions"),
        most_files=table.number("files", 0),
        wants_text=table.flag("text", default=True),
        rubric_key=table.slug("rubric") if table.has("rubric") else None,
        owner=table.choice("owner", Owner) if table.has("owner") else Owner.CANDIDATE,
        kind=table.choice("kind", RequirementKind) if table.has("kind") else RequirementKind.EVIDENCE,
        choice=table.slug("choice") if table.has("choice") else None,
        takes_media=table.flag("media"),
        most_links=table.number("links", 0),
        takes_items=table.flag("items"),
        attended_kind=table.choice("attended_kind", MeetingKind) if table.has("attended_kind") else None,
        attended_key=table.optional_text("attended_key", longest=120),
        attended_minutes=minutes,
        most_attempts=table.position("attempts") if table.has("attempts") else None,
    )
    table.finish()
    _refuse(table, draft)
    return draft


def _refuse(table: Table, draft: RequirementDraft) -> None:
    """Refuse what cannot stand together. Raises FolderError."""
    limits = (
        ("files", draft.most_files, MOST_FILES),
        ("links", draft.most_links, MOST_LINKS),
        ("attended_minutes", draft.attended_minutes, MOST_MINUTES),
        ("attempts", draft.most_attempts or 0, MOST_ATTEMPTS),
    )
    for name, value, most in limits:
        if value > most:
            raise table.wrong(name, lazy_gettext("a whole number from 0 to %(most)s", most=most))
    attends = _refuse_attendance(table, draft)
    given = draft.wants_text or draft.most_files or draft.most_links or draft.takes_items
    if not given and not attends and draft.kind is RequirementKind.EVIDENCE:
        raise table.wrong("files", lazy_gettext("a whole number from 1 where no text is asked for"))
    if draft.owner is not Owner.CANDIDATE:
        _refuse_of_others(table, draft)


def _refuse_attendance(table: Table, draft: RequirementDraft) -> bool:
    """Return whether meetings have to be attended. Raises FolderError where that is said by halves."""
    attends = draft.attended_kind is not None or draft.attended_key is not None
    if attends != (draft.attended_minutes > 0):
        raise table.wrong("attended_minutes", lazy_gettext("the minutes of meetings that are named"))
    if draft.attended_kind is not None and draft.attended_key is not None:
        raise table.wrong("attended_key", lazy_gettext("left out where a kind of meeting is named"))
    return attends


def _refuse_of_others(table: Table, draft: RequirementDraft) -> None:
    """Refuse what only participants hand in. Raises FolderError."""
    apart = {"rubric": draft.rubric_key is not None, "media": draft.takes_media}
    apart["kind"] = draft.kind is RequirementKind.PRESENTATION
    for name, there in apart.items():
        if there:
            raise table.wrong(name, lazy_gettext("left out where the coach or the office hands it in"))
