"""The forms of a programme itself: beginning one, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sqlalchemy import select

from courses.authoring.checked import Checked
from courses.authoring.choices import Choices, addresses_in
from courses.authoring.entries import TEXT_MOST, TITLE_MOST, Entries, source_text
from courses.authoring.keys import key_for
from courses.authoring.mistakes import NotOfferedError
from courses.authoring.sections import Section
from courses.authoring.sheets import Layout, Sheet
from courses.authoring.shelf import new_programme
from courses.catalogue.drafts import ProgrammeDraft
from courses.catalogue.models import Programme
from institute.actors import Actor
from institute.db import db
from institute.i18n import LOCALES
from institute.people.models import Institute

LAYOUT: Final = Layout(fields=("title", "summary"), many=("tags",))
NEW_LAYOUT: Final = Layout(fields=("title", "summary", "source"))
PATHS: Final = ("title", "summary", "tags")


def settings_section(draft: ProgrammeDraft, choices: Choices, *, fixed: bool) -> Section[ProgrammeDraft]:
    """Return what is said of a programme."""
    texts = {"title": draft.title} | ({"summary": draft.summary} if draft.summary else {})
    return Section(
        "settings",
        LAYOUT,
        PATHS,
        Sheet(
            fields={"title": source_text(draft.title), "summary": source_text(draft.summary)},
            many={"tags": draft.tags},
        ),
        texts,
        lambda sheet: _check_settings(sheet, draft, choices, fixed=fixed),
        locked=fixed,
    )


def blank_programme(source: str) -> Checked[ProgrammeDraft]:
    """Return the form of a new programme, written in ``source``."""
    return Checked(Sheet(fields={"title": "", "summary": "", "source": source}))


def languages_for(actor: Actor) -> tuple[str, ...]:
    """Return the languages in which an institute may write."""
    found = db.session.get_one(Institute, actor.institute_id).languages.split()
    return tuple(locale for locale in found if locale in LOCALES)


def begin_programme(sheet: Sheet, *, actor: Actor) -> Checked[ProgrammeDraft]:
    """Begin a programme as the form says, under a short name made of its title, or tell what has to be mended."""
    offered = languages_for(actor)
    source = sheet["source"] if sheet["source"] in offered else offered[0]
    entries = Entries(sheet, source)
    if sheet["source"] != source:
        entries.refuse("source", NotOfferedError())
    title = entries.text("title", None, most=TITLE_MOST, needed=True)
    summary = entries.text_or_none("summary", None, most=TEXT_MOST)
    if entries.problems:
        return Checked(sheet, None, entries.problems)
    taken = set(
        db.session.scalars(select(Programme.slug).where(Programme.institute_id == actor.institute_id))
    )
    draft = ProgrammeDraft(key_for(sheet["title"], taken, otherwise="programme"), title, summary)
    new_programme(draft, actor=actor)
    return Checked(sheet, draft)


def _check_settings(
    sheet: Sheet, draft: ProgrammeDraft, choices: Choices, *, fixed: bool
) -> Checked[ProgrammeDraft]:
    entries = Entries(sheet, draft.title.source)
    made = replace(draft, tags=entries.chosen("tags", addresses_in(choices.tags), draft.tags))
    if not fixed:
        made = replace(
            made,
            title=entries.text("title", draft.title, most=TITLE_MOST, needed=True),
            summary=entries.text_or_none("summary", draft.summary, most=TEXT_MOST),
        )
    return Checked(sheet, None if entries.problems else made, entries.problems)
