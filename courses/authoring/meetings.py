"""The second section of a segment: the plan of its coaching session."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from courses.authoring import mistakes
from courses.authoring.checked import Checked
from courses.authoring.choices import Choices
from courses.authoring.entries import (
    LINE_MOST,
    SESSION_MOST,
    TEXT_MOST,
    Entries,
    known_by,
    source_text,
    texts_by_hash,
)
from courses.authoring.readings import range_fields
from courses.authoring.sheets import Layout, Sheet
from courses.catalogue.drafts import OnboardingDraft, SegmentDraft, SessionDraft, StepDraft
from courses.catalogue.models import Audience
from institute.i18n import Localised

LAYOUT: Final = Layout(
    fields=(
        "has_session", "number", "minutes_least", "minutes_most", "opening", "wrap_up", "equity_prompt",
        "overview",
    ),
    many=("assignment",),
    rows={"steps": ("text", "audience", "was"), "questions": ("text", "was")},
)  # fmt: skip
PATHS: Final = ("session",)


def fill_session(draft: SegmentDraft, choices: Choices) -> Sheet:
    """Return the form of a segment's session as the draft has it; one without is offered the next number."""
    plan = draft.session
    if plan is None:
        empty = Sheet(dict.fromkeys(LAYOUT.fields, ""), {"assignment": ()}, dict.fromkeys(LAYOUT.rows, ()))
        return empty.with_fields(number=str(choices.next_session))
    onboarding = plan.onboarding
    return Sheet(
        fields={
            "has_session": "1",
            "number": str(plan.number),
            **range_fields("minutes", plan.minutes),
            "opening": source_text(plan.opening),
            "wrap_up": source_text(plan.wrap_up),
            "equity_prompt": source_text(plan.equity_prompt),
            "overview": onboarding.overview if onboarding else "",
        },
        many={"assignment": onboarding.assignment if onboarding else ()},
        rows={
            "steps": tuple(
                {"text": source_text(one.text), "audience": one.audience.value, "was": known_by(one.text)}
                for one in plan.steps
            ),
            "questions": tuple({"text": source_text(one), "was": known_by(one)} for one in plan.questions),
        },
    )


def session_texts(draft: SegmentDraft) -> dict[str, Localised]:
    """Return the texts of the section by the fields that show them."""
    plan = draft.session
    if plan is None:
        return {}
    single = {"opening": plan.opening, "wrap_up": plan.wrap_up, "equity_prompt": plan.equity_prompt}
    return {
        **{name: text for name, text in single.items() if text},
        **texts_by_hash("steps", [one.text for one in plan.steps]),
        **texts_by_hash("questions", plan.questions),
    }


def check_session(
    sheet: Sheet, draft: SegmentDraft, choices: Choices, *, fixed: bool
) -> Checked[SegmentDraft]:
    """Return the segment as the form makes it; a fixed one stays as it is."""
    texts = session_texts(draft)
    if not fixed and draft.session is None and not sheet["has_session"] and _is_begun(sheet):
        # Nothing of it would be kept, and the page would still say that it was saved.
        return Checked(sheet, None, {"has_session": mistakes.SessionUntickedError()}, texts)
    if fixed or not sheet["has_session"]:
        return Checked(sheet, draft if fixed else replace(draft, session=None), {}, texts)
    entries = Entries(sheet, draft.title.source)
    was = draft.session or SessionDraft(1, draft.coaching)
    plan = SessionDraft(
        number=entries.number("number", sheet["number"], least=1, most=SESSION_MOST),
        minutes=entries.range("minutes"),
        opening=entries.text_or_none("opening", was.opening, most=TEXT_MOST),
        wrap_up=entries.text_or_none("wrap_up", was.wrap_up, most=TEXT_MOST),
        equity_prompt=entries.text_or_none("equity_prompt", was.equity_prompt, most=LINE_MOST),
        steps=_steps(entries, was),
        questions=tuple(line.text for line in entries.texts("questions", was.questions, most=LINE_MOST)),
        onboarding=_onboarding(entries, draft, was),
    )
    made = None if entries.problems else replace(draft, session=plan)
    return Checked(sheet, made, entries.problems, texts)


def _is_begun(sheet: Sheet) -> bool:
    """Tell whether something of a session was written; the number is offered, and does not count."""
    typed = [value for name, value in sheet.fields.items() if name not in {"has_session", "number"}]
    rows = [row["text"] for name in LAYOUT.rows for row in sheet.rows[name]]
    return any(typed) or any(rows) or any(sheet.many["assignment"])


def _steps(entries: Entries, was: SessionDraft) -> tuple[StepDraft, ...]:
    return tuple(
        StepDraft(line.text, entries.kind(f"steps-{line.number}-audience", line.row["audience"], Audience))
        for line in entries.texts("steps", [one.text for one in was.steps], most=LINE_MOST)
    )


def _onboarding(entries: Entries, draft: SegmentDraft, was: SessionDraft) -> OnboardingDraft | None:
    """Return the onboarding; a first assignment without an overview is asked for one."""
    before = was.onboarding
    overview = entries.one_of(
        "overview", [one.key for one in draft.materials], before.overview if before else None
    )
    assignment = entries.chosen("assignment", [one.key for one in draft.activities], ())
    if overview is None and assignment:
        entries.refuse("overview", mistakes.NotOfferedError())
    return OnboardingDraft(overview, assignment) if overview else None
