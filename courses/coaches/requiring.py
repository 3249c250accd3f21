"""The list of what an institute asks of its coaches: put, changed, retired."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, select

from courses.coaches import errors
from courses.coaches.models import MOST_MONTHS, CoachRequirement, RequirementId, RequirementKind
from courses.coaches.periods import typed_number
from courses.frameworks.naming import not_taken, slug_of
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import transaction
from institute.errors import DomainError, NotFoundError
from institute.i18n import Localised, current_locale
from institute.web.forms import storable

TITLE_LENGTH = 300


@dataclass(frozen=True, slots=True)
class RequirementDraft:
    """A requirement, known by its key within the institute."""

    key: str
    kind: RequirementKind
    title: Localised
    note: Localised | None = None
    within_months: int = 0
    renews_months: int | None = None
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class RequirementSheet:
    """The form of a requirement, as it was typed: months as numbers, empty for none."""

    title: str = ""
    kind: str = ""
    within_months: str = ""
    renews_months: str = ""
    minutes: str = ""

    @classmethod
    def read(cls, form: Mapping[str, str]) -> RequirementSheet:
        """Take the fields of a form."""
        return cls(
            **{
                name: " ".join(storable(form.get(name, "")).split())[:2000]
                for name in cls.__dataclass_fields__
            }
        )


@dataclass
class RequirementChecked:
    """A sheet with what is wrong in it, by field."""

    sheet: RequirementSheet
    problems: dict[str, DomainError] = field(default_factory=dict)

    @property
    def summary(self) -> list[tuple[str, str]]:
        """What has to be mended, as (field, sentence)."""
        return [(name, problem.text) for name, problem in self.problems.items()]


def put_requirement(draft: RequirementDraft, *, actor: Actor) -> RequirementId:
    """Make the requirement of that key last in the list, or bring it up to date; return its id."""
    with transaction() as session:
        row = session.scalar(
            select(CoachRequirement).where(
                CoachRequirement.institute_id == actor.institute_id, CoachRequirement.key == draft.key
            )
        )
        if row is None:
            last = session.scalar(
                select(func.max(CoachRequirement.position)).where(
                    CoachRequirement.institute_id == actor.institute_id
                )
            )
            row = CoachRequirement(institute_id=actor.institute_id, key=draft.key, position=(last or 0) + 1)
            session.add(row)
        row.kind, row.title, row.note = draft.kind, draft.title, draft.note
        row.within_months, row.renews_months = draft.within_months, draft.renews_months
        row.minutes = draft.minutes if draft.kind is RequirementKind.TRAINING else None
        if row in session.new or session.is_modified(row):
            session.flush()
            audit.record("coach.requirement-put", actor=actor, subject=("coach_requirement", row.id))
        return row.id


def write_requirement(
    requirement_id: RequirementId | None, sheet: RequirementSheet, *, actor: Actor
) -> RequirementChecked:
    """Make or change a requirement as a form says it; nothing happens where something is wrong.

    The title is kept in the language of the page. Raises NotFoundError.
    """
    with transaction() as session:
        row = session.get(CoachRequirement, requirement_id) if requirement_id is not None else None
        if requirement_id is not None and (row is None or row.institute_id != actor.institute_id):
            raise NotFoundError
        checked = RequirementChecked(sheet)
        within, renews, minutes = _read(checked)
        if checked.problems:
            return checked
        locale = current_locale()
        taken = session.scalars(
            select(CoachRequirement.key).where(CoachRequirement.institute_id == actor.institute_id)
        ).all()
        title = (
            _titled(row.title, sheet.title, locale) if row else Localised.of({locale: sheet.title}, locale)
        )
        key = row.key if row else not_taken(slug_of(sheet.title) or "requirement", taken)
        put_requirement(
            RequirementDraft(
                key=key,
                kind=RequirementKind(sheet.kind),
                title=title,
                note=row.note if row else None,
                within_months=within,
                renews_months=renews,
                minutes=minutes,
            ),
            actor=actor,
        )
        return checked


def retire_requirement(requirement_id: RequirementId, *, retired: bool, actor: Actor) -> None:
    """Ask for something no more, or again; what was verified stays. Raises NotFoundError."""
    with transaction() as session:
        row = session.get(CoachRequirement, requirement_id)
        if row is None or row.institute_id != actor.institute_id:
            raise NotFoundError
        if (row.retired_at is not None) == retired:
            return
        row.retired_at = now() if retired else None
        audit.record(
            "coach.requirement-retired" if retired else "coach.requirement-restored",
            actor=actor,
            subject=("coach_requirement", row.id),
        )


def _titled(before: Localised, text: str, locale: str) -> Localised:
    if before.in_(locale) == text:
        return before
    if locale == before.source:
        return before.revised(text)
    return Localised.of({**before.texts, locale: text}, before.source)


def _read(checked: RequirementChecked) -> tuple[int, int | None, int | None]:
    sheet, problems = checked.sheet, checked.problems
    if not sheet.title:
        problems["title"] = errors.TitleMissingError()
    elif len(sheet.title) > TITLE_LENGTH:
        problems["title"] = errors.WordsTooLongError(length=len(sheet.title), most=TITLE_LENGTH)
    if sheet.kind not in list(RequirementKind):
        problems["kind"] = errors.KindError()
    found: dict[str, int] = {}
    for name in ("within_months", "renews_months"):
        text = getattr(sheet, name)
        number = typed_number(text, most=MOST_MONTHS) if text else 0
        if number is None:
            problems[name] = errors.MonthsError(most=MOST_MONTHS)
        found[name] = number or 0
    minutes = typed_number(sheet.minutes, most=60_000) if sheet.minutes else 0
    if minutes is None:
        problems["minutes"] = errors.MinutesError()
    return found["within_months"], found["renews_months"] or None, minutes or None
