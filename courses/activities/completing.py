"""What must be there before a step is done, and what follows from it."""

from __future__ import annotations

from courses.activities.attaching import files_of
from courses.activities.desks import Desk
from courses.activities.errors import (
    AnswerMissingError,
    FileMissingError,
    NothingFirstError,
    TextMissingError,
)
from courses.catalogue.doing import Way
from courses.instruments.filling import Filled, open_items
from courses.plans.areas import Answered, ChosenArea, choose_areas


def gaps_of(desk: Desk) -> tuple[tuple[str, str], ...]:
    """Return what is missing before the step is done, as (field id, sentence)."""
    match desk.place.way:
        case Way.WRITE | Way.DOCUMENT:
            written = desk.work is not None and bool(desk.work.text.strip())
            return () if written else (("text", TextMissingError().text),)
        case Way.UPLOAD:
            added = desk.work is not None and bool(files_of(desk.work.id, desk.session))
            return () if added else (("files", FileMissingError().text),)
        case Way.ASSESS:
            return _gaps_of_instrument(desk)
    return ()


def put_into_plan(desk: Desk) -> None:
    """Make the areas that were put in order goals of the plan, the first with its answers."""
    instrument = desk.place.instrument
    if instrument is None or desk.work is None or not instrument.priorities:
        return
    filled = Filled.of(desk.work.filled).within(instrument)
    titles = {area.key: area.title for area in instrument.areas}
    answers = tuple(
        Answered(question, answer)
        for question, answer in zip(instrument.questions, filled.answers, strict=False)
    )
    chosen = [
        ChosenArea(key, titles[key], answers if place == 0 else ()) for place, key in enumerate(filled.order)
    ]
    choose_areas(
        desk.enrolment.id,
        desk.place.step.id,
        chosen,
        institute_id=desk.enrolment.institute_id,
        session=desk.session,
    )


def _gaps_of_instrument(desk: Desk) -> tuple[tuple[str, str], ...]:
    instrument = desk.place.instrument
    if instrument is None:
        return ()
    filled = Filled.of(desk.work.filled if desk.work else None).within(instrument)
    gaps = [(f"item-{key}", AnswerMissingError().text) for key in open_items(instrument, filled)]
    if instrument.priorities and not filled.order:
        gaps.append(("places", NothingFirstError().text))
    elif instrument.priorities:
        gaps += [
            (f"answer-{number}", TextMissingError().text)
            for number in range(1, len(instrument.questions) + 1)
            if not "".join(filled.answers[number - 1 : number])
        ]
    return tuple(gaps)
