"""Reading the parts of a programme: what stands in module.toml, segment.toml and an instrument's file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from courses.catalogue.drafts import (
    ActivityDraft,
    AreaDraft,
    InstrumentAreaDraft,
    InstrumentDraft,
    ItemDraft,
    MaterialDraft,
    ModuleDraft,
    ObjectiveDraft,
    OnboardingDraft,
    OpeningDraft,
    ScalePointDraft,
    SegmentDraft,
    SessionDraft,
    StepDraft,
)
from courses.catalogue.models import ActivityKind, Audience, MaterialKind, ObjectiveKind, Purpose, Timing
from courses.packages import problems
from courses.packages.papers import stem_of
from courses.packages.tables import NUMBERS_END, Table
from institute.i18n import Localised, lazy_gettext

LONGEST_URL: Final = 2000

Texts = Callable[[str], Mapping[str, str]]
"""Gives the Markdown files of a name below the part's folder, by language: ``content``, ``materials/<key>``."""


def read_module(table: Table) -> ModuleDraft:
    """Return what a module.toml says."""
    draft = ModuleDraft(
        number=table.integer("number", least=1),
        slug=table.slug("slug"),
        title=table.localised("title"),
        description=table.localised("description"),
        reading=table.minutes("reading_minutes"),
        coaching=table.minutes("coaching_minutes"),
        objectives=_read_objectives(table),
        areas=tuple(_read_area(area) for area in table.tables("area")),
        tags=table.names("tags"),
        elements=table.names("elements"),
        core=table.flag("core"),
    )
    table.finish()
    return draft


def read_segment(table: Table, texts: Texts, *, folder: str) -> SegmentDraft:
    """Return what a segment.toml says, with the Markdown files beside it; ``folder`` is where they lie."""
    source = table.sheet.source
    activities = [_read_activity(member) for member in table.tables("activity")]
    activities += [_read_preparation(member) for member in table.tables("preparation")]
    draft = SegmentDraft(
        number=table.integer("number", least=1),
        slug=table.slug("slug"),
        title=table.localised("title"),
        content=table.localised("content", texts("content"), missing=f"{folder}/content.{source}.md"),
        reading=table.minutes("reading_minutes"),
        coaching=table.minutes("coaching_minutes"),
        objectives=_read_objectives(table),
        session=_read_session(table) if table.has("session") else None,
        activities=tuple(activities),
        materials=tuple(_read_material(member, texts, folder) for member in table.tables("material")),
        opens=_read_opening(table),
        tags=table.names("tags"),
        elements=table.names("elements"),
        core=table.flag("core"),
        local_note=table.optional_localised("local_note", texts("local-note")),
    )
    table.finish()
    return draft


def read_instrument(table: Table) -> InstrumentDraft:
    """Return what an instrument's file says."""
    scale = [
        ScalePointDraft(point.integer("value", least=1 - NUMBERS_END), point.localised("label"))
        for point in table.tables("scale")
    ]
    draft = InstrumentDraft(
        key=table.slug("key"),
        title=table.localised("title"),
        scale=tuple(scale),
        areas=tuple(
            InstrumentAreaDraft(area.slug("key"), area.localised("title"), _read_items(area))
            for area in table.tables("area")
        ),
        intro=table.optional_localised("intro"),
        priorities=table.integer("priorities", least=0, default=0),
        questions=_read_texts(table, "question"),
        core=table.flag("core"),
        purpose=table.choice("purpose", Purpose, Purpose.SELF_ASSESSMENT),
    )
    table.finish()
    return draft


def _read_items(area: Table) -> tuple[ItemDraft, ...]:
    return tuple(ItemDraft(item.slug("key"), item.localised("text")) for item in area.tables("item"))


def _read_texts(table: Table, name: str) -> tuple[Localised, ...]:
    return tuple(member.localised("text") for member in table.tables(name))


def _read_objectives(table: Table) -> tuple[ObjectiveDraft, ...]:
    return tuple(
        ObjectiveDraft(member.choice("kind", ObjectiveKind), member.localised("text"))
        for member in table.tables("objective")
    )


def _read_area(table: Table) -> AreaDraft:
    return AreaDraft(
        key=table.slug("key"),
        title=table.localised("title"),
        toolkit=table.optional_localised("toolkit"),
        resources=table.names("resources"),
    )


def _read_opening(segment: Table) -> OpeningDraft:
    table = segment.table("opens") if segment.has("opens") else None
    if table is None:
        return OpeningDraft()
    draft = OpeningDraft(table.names("after"), table.optional_integer("days", least=0))
    table.finish()
    return draft


def _read_session(segment: Table) -> SessionDraft | None:
    table = segment.table("session")
    if table is None:
        return None
    draft = SessionDraft(
        number=table.integer("number", least=1),
        minutes=table.minutes("minutes"),
        opening=table.optional_localised("opening"),
        wrap_up=table.optional_localised("wrap_up"),
        equity_prompt=table.optional_localised("equity_prompt"),
        steps=tuple(
            StepDraft(member.localised("text"), member.choice("audience", Audience, Audience.BOTH))
            for member in table.tables("step")
        ),
        questions=_read_texts(table, "question"),
        onboarding=_read_onboarding(table),
    )
    table.finish()
    return draft


def _read_onboarding(session: Table) -> OnboardingDraft | None:
    table = session.table("onboarding") if session.has("onboarding") else None
    if table is None:
        return None
    draft = OnboardingDraft(table.slug("overview"), table.names("assignment"))
    table.finish()
    return draft


def _read_activity(table: Table) -> ActivityDraft:
    return _read_step(table, table.choice("timing", Timing), table.choice("kind", ActivityKind))


def _read_preparation(table: Table) -> ActivityDraft:
    return _read_step(table, Timing.PREPARATION, ActivityKind.PREPARATION)


def _read_step(table: Table, timing: Timing, kind: ActivityKind) -> ActivityDraft:
    return ActivityDraft(
        key=table.slug("key"),
        timing=timing,
        kind=kind,
        title=table.localised("title"),
        note=table.optional_localised("note"),
        minutes=table.optional_integer("minutes", least=0),
        session_number=table.optional_integer("session", least=1),
        prompt=table.optional_localised("prompt"),
        material=table.slug("material") if table.has("material") else None,
        instrument=table.slug("instrument") if table.has("instrument") else None,
        elements=table.names("elements"),
        local=table.flag("local"),
    )


def _read_material(table: Table, texts: Texts, folder: str) -> MaterialDraft:
    key = table.slug("key")
    url = table.optional_text("url", longest=LONGEST_URL)
    if url is not None and not url.startswith(("https://", "http://")):
        table.wrong("url", lazy_gettext("an address that begins with https://"))
    draft = MaterialDraft(
        key=key,
        kind=table.choice("kind", MaterialKind),
        title=table.localised("title"),
        detail=table.optional_localised("detail"),
        body=table.optional_localised("body", texts(f"materials/{stem_of(key)}")),
        url=url,
        resource=table.optional_text("resource"),
        local=table.flag("local"),
    )
    unfinished = table.flag("unfinished")
    if draft.body is None and url is None and draft.resource is None and not unfinished:
        file = f"{folder}/materials/{stem_of(key)}.{table.sheet.source}.md"
        sentence = lazy_gettext(
            "“%(key)s” has no body, url or resource: the file %(file)s is missing.", key=key, file=file
        )
        table.sheet.problems.add(
            problems.MISSING_FILE, sentence, file=table.sheet.file, line=table.line("key"), key=key
        )
    return draft
