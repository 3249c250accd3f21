"""What participants do in a segment: one activity as a form, and their order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from courses.authoring.checked import Checked
from courses.authoring.choices import Choices, addresses_in
from courses.authoring.entries import (
    LINE_MOST,
    MINUTES_MOST,
    SESSION_MOST,
    TEXT_MOST,
    TITLE_MOST,
    Entries,
    source_text,
)
from courses.authoring.keys import key_for
from courses.authoring.members import moved_member, without_member
from courses.authoring.sheets import Layout, Sheet
from courses.catalogue.drafts import ActivityDraft, SegmentDraft
from courses.catalogue.models import ActivityKind, Timing
from institute.i18n import Localised

LAYOUT: Final = Layout(
    fields=(
        "title", "note", "prompt", "kind", "timing", "session_number", "minutes", "material", "instrument",
    ),
    many=("elements",),
)  # fmt: skip
ORDER: Final = (Timing.BEFORE, Timing.DURING, Timing.AFTER, Timing.BETWEEN, Timing.PREPARATION)


@dataclass(frozen=True, slots=True)
class ActivityGroup:
    """The activities of one time. ``session_number`` is None where they belong to the segment's own session."""

    timing: Timing
    session_number: int | None
    activities: tuple[ActivityDraft, ...]


def fill_activity(activity: ActivityDraft | None) -> Sheet:
    """Return the form of an activity as the draft has it; of a new one for None."""
    if activity is None:
        fields = {**dict.fromkeys(LAYOUT.fields, ""), "timing": Timing.BEFORE.value}
        return Sheet(fields, {"elements": ()})
    return Sheet(
        fields={
            "title": source_text(activity.title),
            "note": source_text(activity.note),
            "prompt": source_text(activity.prompt),
            "kind": activity.kind.value,
            "timing": activity.timing.value,
            "session_number": str(activity.session_number or ""),
            "minutes": "" if activity.minutes is None else str(activity.minutes),
            "material": activity.material or "",
            "instrument": activity.instrument or "",
        },
        many={"elements": activity.elements},
    )


def activity_texts(activity: ActivityDraft | None) -> dict[str, Localised]:
    """Return the texts of an activity by the fields that show them."""
    if activity is None:
        return {}
    single = {"title": activity.title, "note": activity.note, "prompt": activity.prompt}
    return {name: text for name, text in single.items() if text}


def check_activity(
    sheet: Sheet, was: ActivityDraft | None, draft: SegmentDraft, choices: Choices, *, fixed: bool
) -> Checked[ActivityDraft]:
    """Return the activity as the form makes it; a new one (``was`` None) gets its key from its title, for good.

    What is added to a fixed segment is local.
    """
    entries = Entries(sheet, draft.title.source)
    title = entries.text("title", was.title if was else None, most=TITLE_MOST, needed=True)
    taken = {one.key for one in draft.activities}
    timing = entries.kind("timing", sheet["timing"], Timing)
    number = entries.number_or_none("session_number", least=1, most=SESSION_MOST)
    made = ActivityDraft(
        key=was.key if was else key_for(sheet["title"], taken, otherwise="activity"),
        timing=timing,
        kind=entries.kind("kind", sheet["kind"], ActivityKind),
        title=title,
        note=entries.text_or_none("note", was.note if was else None, most=LINE_MOST),
        minutes=entries.number_or_none("minutes", least=0, most=MINUTES_MOST),
        session_number=None if timing is Timing.PREPARATION else number,
        prompt=entries.text_or_none("prompt", was.prompt if was else None, most=TEXT_MOST),
        material=entries.one_of(
            "material", [one.key for one in draft.materials], was.material if was else None
        ),
        instrument=entries.one_of(
            "instrument", [one.value for one in choices.instruments], was.instrument if was else None
        ),
        elements=entries.chosen("elements", addresses_in(choices.elements), was.elements if was else ()),
        local=was.local if was else fixed,
    )
    return Checked(sheet, None if entries.problems else made, entries.problems, activity_texts(was))


def without_activity(draft: SegmentDraft, key: str) -> SegmentDraft:
    """Return the segment without an activity; a first assignment no longer names it."""
    session = draft.session
    if session and session.onboarding:
        assignment = tuple(one for one in session.onboarding.assignment if one != key)
        session = replace(session, onboarding=replace(session.onboarding, assignment=assignment))
    return replace(draft, activities=without_member(draft.activities, key), session=session)


def moved_activity(draft: SegmentDraft, key: str, steps: int) -> SegmentDraft:
    """Return the segment with an activity moved by ``steps`` among those of its own time; the others stay."""
    places = next(
        (group for group in _places(draft) if key in [draft.activities[at].key for at in group]), []
    )
    order = moved_member(tuple(draft.activities[at] for at in places), key, steps)
    activities = list(draft.activities)
    for at, activity in zip(places, order, strict=True):
        activities[at] = activity
    return replace(draft, activities=tuple(activities))


def group_activities(draft: SegmentDraft) -> list[ActivityGroup]:
    """Return the activities by the time at which they are done, in the order in which these come."""
    groups = []
    for places in _places(draft):
        members = tuple(draft.activities[at] for at in places)
        groups.append(ActivityGroup(members[0].timing, _session_of(draft, members[0]), members))
    return sorted(groups, key=_when)


def _when(group: ActivityGroup) -> tuple[bool, int, int]:
    last = group.timing is Timing.PREPARATION
    return (last, group.session_number or 0, ORDER.index(group.timing))


def _places(draft: SegmentDraft) -> Sequence[list[int]]:
    """Return, for each time, where its activities stand."""
    found: dict[tuple[Timing, int | None], list[int]] = {}
    for at, activity in enumerate(draft.activities):
        found.setdefault((activity.timing, _session_of(draft, activity)), []).append(at)
    return list(found.values())


def _session_of(draft: SegmentDraft, activity: ActivityDraft) -> int | None:
    own = draft.session.number if draft.session else None
    return None if activity.timing is Timing.PREPARATION else activity.session_number or own
