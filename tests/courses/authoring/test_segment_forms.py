"""What an author's form makes of a segment, without pages: nothing is lost on the way there and back."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from courses.authoring.choices import Choices, Place
from courses.authoring.keys import key_for
from courses.authoring.sections import (
    Section,
    activity_section,
    material_section,
    reading_section,
    session_section,
)
from courses.authoring.sheets import Sheet, read_press, read_sheet
from courses.catalogue.drafts import (
    ActivityDraft,
    MaterialDraft,
    MinuteRange,
    ObjectiveDraft,
    OnboardingDraft,
    OpeningDraft,
    SegmentDraft,
    SessionDraft,
    StepDraft,
)
from courses.catalogue.models import ActivityKind, Audience, MaterialKind, ObjectiveKind, Timing
from courses.catalogue.naming import is_slug
from institute.i18n import Localised

CHOICES = Choices(address="module-1/segment-2", places=(Place("module-0", 1, None, Localised({"en": "x"})),))

few = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])

words = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30).filter(
    lambda text: bool(text.strip()) and text == text.rstrip()
)


@st.composite
def localised(draw: st.DrawFn) -> Localised:
    """A text in English, perhaps with a Spanish translation that may be stale."""
    text = draw(words)
    if not draw(st.booleans()):
        return Localised({"en": text})
    made = Localised.of({"en": text, "es": draw(words)})
    return made.revised(draw(words)) if draw(st.booleans()) else made


ranges = st.tuples(st.integers(0, 500), st.integers(0, 500)).map(lambda pair: MinuteRange(*sorted(pair)))
keys = st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), unique=True, max_size=4)


@st.composite
def activities(draw: st.DrawFn, materials: list[str]) -> list[ActivityDraft]:
    """Activities of every kind and time."""
    found = []
    for key in draw(keys):
        timing = draw(st.sampled_from(Timing))
        number = None if timing is Timing.PREPARATION else draw(st.none() | st.integers(1, 9))
        found.append(
            ActivityDraft(
                key=key,
                timing=timing,
                kind=draw(st.sampled_from(ActivityKind)),
                title=draw(localised()),
                note=draw(st.none() | localised()),
                minutes=draw(st.none() | st.integers(0, 600)),
                session_number=number,
                prompt=draw(st.none() | localised()),
                material=draw(st.none() | st.sampled_from(materials)) if materials else None,
                local=draw(st.booleans()),
            )
        )
    return found


@st.composite
def materials(draw: st.DrawFn) -> list[MaterialDraft]:
    """Materials of every origin."""
    found = []
    for key in draw(keys):
        origin = draw(st.sampled_from(["text", "web", "library"]))
        found.append(
            MaterialDraft(
                key=key,
                kind=draw(st.sampled_from(MaterialKind)),
                title=draw(localised()),
                detail=draw(st.none() | localised()),
                body=draw(st.none() | localised()),
                url="https://example.org/a" if origin == "web" else None,
                resource="primer" if origin == "library" else None,
            )
        )
    return found


@st.composite
def segments(draw: st.DrawFn) -> SegmentDraft:
    """A segment with everything that its forms show."""
    given_materials = draw(materials())
    steps = draw(activities([one.key for one in given_materials]))
    session = None
    if draw(st.booleans()):
        onboarding = None
        if draw(st.booleans()) and given_materials:
            onboarding = OnboardingDraft(given_materials[0].key, tuple(one.key for one in steps[:2]))
        session = SessionDraft(
            number=draw(st.integers(1, 99)),
            minutes=draw(ranges),
            opening=draw(st.none() | localised()),
            wrap_up=draw(st.none() | localised()),
            equity_prompt=draw(st.none() | localised()),
            steps=tuple(
                StepDraft(one, draw(st.sampled_from(Audience)))
                for one in draw(st.lists(localised(), max_size=3))
            ),
            questions=tuple(draw(st.lists(localised(), max_size=3))),
            onboarding=onboarding,
        )
    return SegmentDraft(
        number=2,
        slug="segment-2",
        title=draw(localised()),
        content=draw(localised()),
        reading=draw(ranges),
        coaching=draw(ranges),
        objectives=tuple(
            ObjectiveDraft(draw(st.sampled_from(ObjectiveKind)), one)
            for one in draw(st.lists(localised(), max_size=4))
        ),
        session=session,
        activities=tuple(steps),
        materials=tuple(given_materials),
        opens=OpeningDraft(
            ("module-0",) if draw(st.booleans()) else (), draw(st.none() | st.integers(0, 99))
        ),
        tags=("values/family",) if draw(st.booleans()) else (),
        elements=("coach/listening",) if draw(st.booleans()) else (),
        core=draw(st.booleans()),
        local_note=draw(st.none() | localised()),
    )


def sections_of(draft: SegmentDraft, *, fixed: bool = False) -> list[Section[SegmentDraft]]:
    """Return every form of a segment that exists."""
    return [
        reading_section(draft, CHOICES, fixed=fixed),
        session_section(draft, CHOICES, fixed=fixed),
        *(activity_section(one.key, draft, CHOICES, fixed=fixed) for one in draft.activities),
        *(material_section(one.key, draft, CHOICES, fixed=fixed) for one in draft.materials),
    ]


def sent(section: Section[SegmentDraft], sheet: Sheet) -> Sheet:
    """Return a sheet as it comes back from a browser."""
    form: list[tuple[str, str]] = [(name, text) for name, text in sheet.fields.items() if text]
    form += [(name, one) for name, values in sheet.many.items() for one in values]
    for name, rows in sheet.rows.items():
        for number, row in enumerate(rows, start=1):
            form += [(f"{name}-{number}-{field}", text.replace("\n", "\r\n")) for field, text in row.items()]
    return read_sheet(MultiDict(form), section.layout)


@few
@given(segments())
def test_a_form_sent_as_it_came_changes_nothing(draft: SegmentDraft) -> None:
    for section in sections_of(draft):
        checked = section.check(sent(section, section.sheet))
        assert checked.problems == {}
        assert checked.draft == draft, section.name


@few
@given(segments())
def test_of_a_fixed_segment_only_what_is_local_changes(draft: SegmentDraft) -> None:
    for section in sections_of(draft, fixed=True):
        blank = replace(section.sheet, fields=dict.fromkeys(section.sheet.fields, ""))
        checked = section.check(blank)
        members = draft.activities if section.name == "activity" else draft.materials
        if any(one.key == section.key and one.local for one in members):
            assert "title" in checked.problems
        else:
            assert checked.draft == (replace(draft, local_note=None) if section.name == "reading" else draft)


@few
@given(segments(), st.data())
def test_rows_that_move_take_their_translations_along(draft: SegmentDraft, data: st.DataObject) -> None:
    order = data.draw(st.permutations(draft.objectives))
    section = reading_section(draft, CHOICES, fixed=False)
    rows = list(section.sheet.rows["objectives"])
    places = [next(at for at, one in enumerate(draft.objectives) if one is wished) for wished in order]
    moved = replace(
        section.sheet, rows={**section.sheet.rows, "objectives": tuple(rows[at] for at in places)}
    )
    made = section.check(sent(section, moved)).draft
    assert made is not None
    assert sorted(map(repr, made.objectives)) == sorted(map(repr, draft.objectives))


def test_a_changed_row_keeps_its_translation_which_is_stale_from_now_on() -> None:
    text = Localised.of({"en": "Listen", "es": "Escuchar"})
    draft = _segment(objectives=(ObjectiveDraft(ObjectiveKind.SKILL, text),))
    section = reading_section(draft, CHOICES, fixed=False)
    row = {**section.sheet.rows["objectives"][0], "text": "Listen closely"}
    made = section.check(replace(section.sheet, rows={**section.sheet.rows, "objectives": (row,)})).draft
    assert made is not None
    shown = made.objectives[0].text.shown("es")
    assert (shown.text, shown.stale) == ("Escuchar", True)


def test_everything_wrong_is_told_at_once_beside_its_field() -> None:
    section = reading_section(_segment(), CHOICES, fixed=False)
    form = MultiDict(
        {
            "title": "",
            "content": "x" * 200_001,
            "reading_least": "90",
            "reading_most": "60",
            "coaching_most": "an hour",
            "days": "-1",
            "tags": "values/nowhere",
            "objectives-1-text": "Listen",
            "objectives-1-kind": "wish",
            "after-1-address": "module-1",
            "after-2-address": "module-7",
        }
    )
    checked = section.check(read_sheet(form, section.layout))
    assert checked.draft is None
    assert set(checked.problems) == {
        "title", "content", "reading_most", "coaching_most", "days", "tags", "objectives-1-kind",
        "after-1-address", "after-2-address",
    }  # fmt: skip
    assert len(checked.sheet["content"]) == 200_001


def test_a_first_assignment_without_an_overview_is_asked_for_one() -> None:
    draft = _segment(activities=(ActivityDraft("read", Timing.BEFORE, ActivityKind.READING, _text("Read")),))
    section = session_section(draft, CHOICES, fixed=False)
    form = MultiDict([("has_session", "1"), ("number", "1"), ("assignment", "read")])
    assert set(section.check(read_sheet(form, section.layout)).problems) == {"overview"}


def test_rows_are_added_moved_and_taken_away_by_buttons() -> None:
    section = session_section(_segment(), CHOICES, fixed=False)
    sheet = section.sheet

    def press(button: str) -> None:
        nonlocal sheet
        sheet = sheet.pressed(read_press(MultiDict({"do": button})), section.layout)

    press("add:questions")
    press("add:questions")
    rows = [{"text": "One?", "was": ""}, {"text": "Two?", "was": ""}]
    sheet = replace(sheet, rows={**sheet.rows, "questions": tuple(rows)})
    press("up:questions:2")
    assert [row["text"] for row in sheet.rows["questions"]] == ["Two?", "One?"]
    assert sheet.focus == "questions-1-text"
    press("up:questions:1")
    press("down:questions:9")
    press("drop:nothing:1")
    press("drop:questions:1")
    assert [row["text"] for row in sheet.rows["questions"]] == ["One?"]
    for button in ("drop:questions:99999999999", "add:", "::", "up:questions:-1", "\0"):
        press(button)
    assert len(sheet.rows["questions"]) == 1


def test_keys_are_made_of_titles_in_any_language_and_never_twice() -> None:
    assert key_for("Qué escuchamos", (), otherwise="activity") == "que-escuchamos"
    assert key_for("听", (), otherwise="activity") == "activity"
    assert key_for("Read!", {"read", "read-2"}, otherwise="activity") == "read-3"


@given(st.text(max_size=300), st.sets(st.just("activity")))
def test_keys_are_always_slugs(text: str, taken: set[str]) -> None:
    key = key_for(text, taken, otherwise="activity")
    assert is_slug(key)
    assert key not in taken


def _text(text: str) -> Localised:
    return Localised({"en": text})


def _segment(**given: object) -> SegmentDraft:
    plain = SegmentDraft(
        2, "segment-2", _text("Listening"), _text("Read."), MinuteRange(0, 60), MinuteRange(0, 60)
    )
    return replace(plain, **given)  # type: ignore[arg-type]
