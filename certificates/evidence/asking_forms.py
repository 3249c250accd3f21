"""The form of a requirement: read as it was typed, and turned into a draft or what to mend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from werkzeug.datastructures import MultiDict

from certificates.evidence.defining import RequirementDraft
from certificates.evidence.models import (
    LONGEST_TITLE,
    MOST_ATTEMPTS,
    MOST_FILES,
    MOST_LINKS,
    MOST_MINUTES,
    Owner,
    Requirement,
    RequirementKind,
)
from certificates.levels.models import LevelId
from courses.catalogue.naming import is_slug
from courses.coaches.periods import typed_number
from courses.frameworks.typed import rewritten
from courses.meetings.models import KEY_LENGTH, MeetingKind
from institute.i18n import LOCALES, Localised, current_locale, gettext
from institute.web.forms import storable

LONGEST_INSTRUCTIONS: Final = 4_000
KEY: Final = "key"
_LINES: Final = (
    "level", "owner", "kind", "choice", "files", "links", "attended", "attended_key", "attended_minutes", "attempts",
    "rubric",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RequirementSheet:
    """What stands in the form. Texts by locale; ``takes`` holds text, media and items as far as they are ticked.

    ``attended`` is a kind of meeting, "key" where ``attended_key`` names one meeting, or empty.
    """

    titles: Mapping[str, str] = field(default_factory=dict)
    instructions: Mapping[str, str] = field(default_factory=dict)
    level: str = ""
    owner: str = ""
    kind: str = ""
    choice: str = ""
    takes: frozenset[str] = frozenset()
    files: str = "0"
    links: str = "0"
    attended: str = ""
    attended_key: str = ""
    attended_minutes: str = ""
    attempts: str = ""
    rubric: str = ""
    revision: str = "0"

    @classmethod
    def read(cls, form: MultiDict[str, str]) -> RequirementSheet:
        """Take the fields of a form. Whatever it holds, this succeeds."""
        lines = {name: " ".join(storable(form.get(name, "")).split())[:2000] for name in _LINES}
        return cls(
            titles={one: " ".join(storable(form.get(f"title.{one}", "")).split()) for one in LOCALES},
            instructions={one: storable(form.get(f"instructions.{one}", "")).strip() for one in LOCALES},
            takes=frozenset(form.getlist("takes")) & {"text", "media", "items"},
            revision=storable(form.get("_revision", "0")),
            **lines,
        )

    @classmethod
    def of(cls, row: Requirement) -> RequirementSheet:
        """Fill the form with what is written."""
        takes = {"text": row.wants_text, "media": row.takes_media, "items": row.takes_items}
        return cls(
            titles=dict(row.title.texts),
            instructions=dict(row.instructions.texts),
            level=str(row.level_id),
            owner=row.owner,
            kind=row.kind,
            choice=row.choice or "",
            takes=frozenset(name for name, there in takes.items() if there),
            files=str(row.most_files),
            links=str(row.most_links),
            attended=row.attended_kind or (KEY if row.attended_key else ""),
            attended_key=row.attended_key or "",
            attended_minutes=str(row.attended_minutes or ""),
            attempts=str(row.most_attempts or ""),
            rubric=row.rubric_key or "",
            revision=str(row.revision),
        )


def check_sheet(
    sheet: RequirementSheet,
    *,
    levels: Mapping[str, LevelId],
    rubrics: frozenset[str],
    before: Requirement | None,
) -> tuple[RequirementDraft | None, dict[str, str]]:
    """Return the draft that a sheet says, or what has to be mended, by field."""
    problems: dict[str, str] = {}
    title = _text("title", sheet.titles, LONGEST_TITLE, before.title if before else None, problems)
    instructions = _text(
        "instructions",
        sheet.instructions,
        LONGEST_INSTRUCTIONS,
        before.instructions if before else None,
        problems,
    )
    if sheet.level not in levels:
        problems["level"] = gettext("Choose the level that asks for this.")
    if sheet.owner not in list(Owner):
        problems["owner"] = gettext("Say who hands it in.")
    if sheet.kind not in list(RequirementKind):
        problems["kind"] = gettext("Say whether it is handed in or presented.")
    if sheet.choice and not is_slug(sheet.choice):
        problems["choice"] = gettext("Use lower-case letters, digits and hyphens, 60 at most.")
    numbers = _numbers(sheet, problems)
    _check_attendance(sheet, numbers["attended_minutes"], problems)
    _check_scoring(sheet, rubrics, problems)
    _check_something(sheet, numbers, problems)
    if problems or title is None or instructions is None:
        return None, problems
    return _draft(sheet, title, instructions, numbers), {}


def _draft(
    sheet: RequirementSheet, title: Localised, instructions: Localised, numbers: Mapping[str, int]
) -> RequirementDraft:
    return RequirementDraft(
        level_key="",
        key="",
        title=title,
        instructions=instructions,
        most_files=numbers["files"],
        wants_text="text" in sheet.takes,
        rubric_key=sheet.rubric or None,
        owner=Owner(sheet.owner),
        kind=RequirementKind(sheet.kind),
        choice=sheet.choice or None,
        takes_media="media" in sheet.takes,
        most_links=numbers["links"],
        takes_items="items" in sheet.takes,
        attended_kind=MeetingKind(sheet.attended) if sheet.attended not in {"", KEY} else None,
        attended_key=sheet.attended_key if sheet.attended == KEY else None,
        attended_minutes=numbers["attended_minutes"] if sheet.attended else 0,
        most_attempts=numbers["attempts"] or None,
    )


def _text(
    name: str, typed: Mapping[str, str], most: int, before: Localised | None, problems: dict[str, str]
) -> Localised | None:
    texts = {locale: typed[locale] for locale in LOCALES if typed.get(locale)}
    for locale, text in texts.items():
        if len(text) > most:
            problems[f"{name}.{locale}"] = gettext("%(most)s characters at most.", most=most)
    here = before.source if before else current_locale()
    source = here if here in texts or not texts else next(iter(texts))
    if before is not None:
        source = before.source
    if source not in texts:
        problems[f"{name}.{source}"] = gettext(
            "Write this in the language that the others are translated from."
        )
        return None
    return rewritten(before, texts, source)


def _numbers(sheet: RequirementSheet, problems: dict[str, str]) -> dict[str, int]:
    limits = {
        "files": MOST_FILES,
        "links": MOST_LINKS,
        "attended_minutes": MOST_MINUTES,
        "attempts": MOST_ATTEMPTS,
    }
    found = {}
    for name, most in limits.items():
        text = getattr(sheet, name)
        number = typed_number(text, most=most) if text else 0
        if number is None:
            problems[name] = gettext("A whole number from 0 to %(most)s.", most=most)
        found[name] = number or 0
    return found


def _check_attendance(sheet: RequirementSheet, minutes: int, problems: dict[str, str]) -> None:
    if not sheet.attended:
        return
    if sheet.attended != KEY and sheet.attended not in list(MeetingKind):
        problems["attended"] = gettext("Choose a kind of meeting of the list.")
    if sheet.attended == KEY and not 1 <= len(sheet.attended_key) <= KEY_LENGTH:
        problems["attended_key"] = gettext(
            "Write the key of the meeting, %(most)s characters at most.", most=KEY_LENGTH
        )
    if not minutes:
        problems.setdefault("attended_minutes", gettext("Say how many minutes of it have to be attended."))


def _check_scoring(sheet: RequirementSheet, rubrics: frozenset[str], problems: dict[str, str]) -> None:
    if sheet.rubric and sheet.rubric not in rubrics:
        problems["rubric"] = gettext("Choose a rubric of the list.")
    if sheet.owner in {Owner.COACH, Owner.OFFICE}:
        if sheet.rubric:
            problems["rubric"] = gettext("Only what participants hand in is scored.")
        if sheet.kind == RequirementKind.PRESENTATION:
            problems["kind"] = gettext("Only participants present.")
        if "media" in sheet.takes:
            problems["takes"] = gettext("Film and sound are handed in by participants alone.")


def _check_something(sheet: RequirementSheet, numbers: Mapping[str, int], problems: dict[str, str]) -> None:
    if "media" in sheet.takes and not numbers["files"]:
        problems.setdefault("files", gettext("Say how many files there may be, film and sound among them."))
    asks = sheet.takes & {"text", "items"} or numbers["files"] or numbers["links"] or sheet.attended
    if not asks and sheet.kind != RequirementKind.PRESENTATION:
        problems.setdefault(
            "takes", gettext("Say what is handed in: a text, files, links, or meetings to attend.")
        )
