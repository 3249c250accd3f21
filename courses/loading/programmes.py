"""A programme's folder: programme.toml, a folder per module, in it a folder per segment."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import select

from courses.catalogue.drafts import (
    ActivityDraft,
    AreaDraft,
    MaterialDraft,
    ModuleContent,
    ModuleDraft,
    ObjectiveDraft,
    ProgrammeContent,
    ProgrammeDraft,
    SegmentDraft,
    SessionDraft,
    StepDraft,
)
from courses.catalogue.models import (
    ActivityKind,
    Audience,
    MaterialKind,
    ObjectiveKind,
    ProgrammeId,
    ProgrammeVersion,
    Timing,
)
from courses.catalogue.publishing import publish_version
from courses.coaching.models import Kind, Mode
from courses.coaching.policies import DEFAULT as USUAL
from courses.coaching.policies import Policy, set_policy
from courses.loading.tables import FileMissingError, Table, read_markdown, read_table
from institute.actors import Actor
from institute.db import db
from institute.i18n import lazy_gettext

URL_LENGTH: Final = 2000


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the files below ``folder``; ``source`` is the language that texts are translated from."""

    folder: Path
    source: str

    def table(self, path: Path) -> Table:
        """Read one TOML file. Raises FolderError."""
        return read_table(path, folder=self.folder, source=self.source)


def load_programme(path: Path, *, reader: Reader, actor: Actor) -> ProgrammeId:
    """Publish a programme with its modules and segments. Raises FolderError for what cannot be used."""
    table = reader.table(path / "programme.toml")
    draft = ProgrammeDraft(table.slug("slug"), table.localised("title"), table.optional_localised("summary"))
    policy = _read_policy(table.table("coaching")) if table.has("coaching") else None
    table.finish()
    modules = (
        ModuleContent(
            _read_module(folder, reader),
            tuple(_read_segment(below, reader) for below in _folders_with(folder, "segment.toml")),
        )
        for folder in _folders_with(path, "module.toml")
    )
    version_id = publish_version(ProgrammeContent(draft, tuple(modules)), actor=actor)
    programme_id = db.session.scalars(
        select(ProgrammeVersion.programme_id).where(ProgrammeVersion.id == version_id)
    ).one()
    if policy is not None:
        set_policy(programme_id, policy, actor=actor)
    return programme_id


def _read_policy(table: Table) -> Policy:
    counting = set()
    for pair in table.names("counting"):
        kind, _, mode = pair.partition("/")
        if kind not in list(Kind) or mode not in list(Mode):
            raise table.wrong("counting", lazy_gettext("a list of kind/mode such as one_to_one/video"))
        counting.add((Kind(kind), Mode(mode)))
    minimum = table.number("minimum_minutes", USUAL.minimum)
    target = table.number("target_minutes", max(USUAL.target, minimum))
    if target < minimum:
        raise table.wrong("target_minutes", lazy_gettext("a number that is not below minimum_minutes"))
    table.finish()
    return Policy(minimum, target, frozenset(counting) if table.has("counting") else USUAL.counting)


def _folders_with(path: Path, name: str) -> list[Path]:
    return sorted(folder for folder in path.iterdir() if (folder / name).is_file())


def _read_module(path: Path, reader: Reader) -> ModuleDraft:
    table = reader.table(path / "module.toml")
    draft = ModuleDraft(
        number=table.position("number"),
        slug=table.slug("slug"),
        title=table.localised("title"),
        description=table.localised("description"),
        reading=table.minutes("reading_minutes"),
        coaching=table.minutes("coaching_minutes"),
        objectives=_read_objectives(table),
        areas=tuple(_read_area(area) for area in table.tables("area")),
    )
    table.finish()
    return draft


def _read_objectives(table: Table) -> tuple[ObjectiveDraft, ...]:
    objectives = []
    for member in table.tables("objective"):
        objectives.append(ObjectiveDraft(member.choice("kind", ObjectiveKind), member.localised("text")))
        member.finish()
    return tuple(objectives)


def _read_area(table: Table) -> AreaDraft:
    draft = AreaDraft(table.slug("key"), table.localised("title"), table.optional_localised("toolkit"))
    table.finish()
    return draft


def _read_segment(path: Path, reader: Reader) -> SegmentDraft:
    table = reader.table(path / "segment.toml")
    content = read_markdown(path, "content", folder=reader.folder, source=reader.source)
    if content is None:
        name = f"content.{reader.source}.md"
        raise FileMissingError(file=str((path / name).relative_to(reader.folder)))
    activities = [_read_activity(member) for member in table.tables("activity")]
    activities += [_read_preparation(member) for member in table.tables("preparation")]
    draft = SegmentDraft(
        number=table.position("number"),
        slug=table.slug("slug"),
        title=table.localised("title"),
        content=content,
        reading=table.minutes("reading_minutes"),
        coaching=table.minutes("coaching_minutes"),
        objectives=_read_objectives(table),
        session=_read_session(table.table("session")) if table.has("session") else None,
        activities=tuple(activities),
        materials=tuple(_read_material(member, path, reader) for member in table.tables("material")),
    )
    table.finish()
    return draft


def _read_session(table: Table) -> SessionDraft:
    steps = []
    for member in table.tables("step"):
        steps.append(StepDraft(member.localised("text"), member.choice("audience", Audience, Audience.BOTH)))
        member.finish()
    questions = []
    for member in table.tables("question"):
        questions.append(member.localised("text"))
        member.finish()
    draft = SessionDraft(
        number=table.position("number"),
        minutes=table.minutes("minutes"),
        opening=table.optional_localised("opening"),
        wrap_up=table.optional_localised("wrap_up"),
        equity_prompt=table.optional_localised("equity_prompt"),
        steps=tuple(steps),
        questions=tuple(questions),
    )
    table.finish()
    return draft


def _read_activity(table: Table) -> ActivityDraft:
    draft = ActivityDraft(
        key=table.slug("key"),
        timing=table.choice("timing", Timing),
        kind=table.choice("kind", ActivityKind),
        title=table.localised("title"),
        note=table.optional_localised("note"),
        minutes=table.number("minutes") if table.has("minutes") else None,
        session_number=table.position("session") if table.has("session") else None,
    )
    table.finish()
    return draft


def _read_preparation(table: Table) -> ActivityDraft:
    draft = ActivityDraft(
        key=table.slug("key"),
        timing=Timing.PREPARATION,
        kind=ActivityKind.PREPARATION,
        title=table.localised("title"),
        note=table.optional_localised("note"),
        minutes=table.number("minutes") if table.has("minutes") else None,
    )
    table.finish()
    return draft


def _read_material(table: Table, path: Path, reader: Reader) -> MaterialDraft:
    key = table.slug("key")
    url = table.optional_text("url", longest=URL_LENGTH)
    if url is not None and not url.startswith(("https://", "http://")):
        raise table.wrong("url", lazy_gettext("an address that begins with https://"))
    draft = MaterialDraft(
        key=key,
        kind=table.choice("kind", MaterialKind),
        title=table.localised("title"),
        detail=table.optional_localised("detail"),
        body=read_markdown(path / "materials", key, folder=reader.folder, source=reader.source),
        url=url,
    )
    table.finish()
    if draft.body is None and draft.url is None:
        name = f"materials/{key}.{reader.source}.md"
        raise FileMissingError(file=str((path / name).relative_to(reader.folder)))
    return draft
