"""A programme and what comes with it as the texts of a package, by their paths."""

from __future__ import annotations

from collections.abc import Sequence

from courses.catalogue.drafts import (
    ActivityDraft,
    InstrumentDraft,
    MaterialDraft,
    ModuleDraft,
    ObjectiveDraft,
    OnboardingDraft,
    OpeningDraft,
    ProgrammeContent,
    ProgrammeDraft,
    SegmentDraft,
    SessionDraft,
)
from courses.catalogue.models import Purpose
from courses.frameworks.papers import framework_document, vocabularies_document
from courses.packages.carried import NOTHING_CARRIED, Carried
from courses.packages.papers import FORMAT, FRAMEWORKS, INSTRUMENTS, ROOT_FILE, VOCABULARIES_FILE, stem_of
from courses.packages.resources import write_resource
from courses.packages.spelling import Paper, text_document
from courses.packages.texts import Files, put_markdown
from institute.i18n import Localised


def files_of(content: ProgrammeContent, carried: Carried = NOTHING_CARRIED) -> tuple[Files, dict[str, str]]:
    """Return the texts of a package by their paths, and the SHA-256 of its other files by theirs."""
    source = content.programme.title.source
    files: Files = {ROOT_FILE: _programme(content.programme, content.instruments, source)}
    for module in content.modules:
        folder = stem_of(module.draft.slug)
        files[f"{folder}/module.toml"] = _module(module.draft, source)
        for segment in module.segments:
            files |= _segment(segment, f"{folder}/{stem_of(segment.slug)}", source)
    for instrument in content.instruments:
        files[f"{INSTRUMENTS}/{stem_of(instrument.key)}.toml"] = _instrument(instrument, source)
    held = _put_carried(files, carried, source)
    return files, held


def _put_carried(files: Files, carried: Carried, source: str) -> dict[str, str]:
    held: dict[str, str] = {}
    for resource in carried.resources:
        texts, paths = write_resource(resource.draft, source)
        files |= texts
        held |= paths
    for framework in carried.frameworks:
        paper = Paper(source)
        paper.put_document(framework_document(framework, lambda text: text_document(text, source)))
        files[f"{FRAMEWORKS}/{stem_of(framework.key)}.toml"] = paper.text()
    if carried.vocabularies:
        paper = Paper(source)
        paper.put_document(
            vocabularies_document(carried.vocabularies, lambda text: text_document(text, source))
        )
        files[VOCABULARIES_FILE] = paper.text()
    for companion, packed in carried.companions:
        files[f"{companion.folder}/{stem_of(packed.key)}.toml"] = companion.write(packed, source)
    return held


def _programme(draft: ProgrammeDraft, instruments: Sequence[InstrumentDraft], source: str) -> str:
    paper = Paper(source)
    paper.put("format", FORMAT)
    paper.put("source_language", source)
    paper.put("slug", draft.slug)
    paper.put("origin", draft.origin)
    paper.put("tags", draft.tags)
    keys = tuple(instrument.key for instrument in instruments)
    if keys != tuple(sorted(keys)):
        paper.put(INSTRUMENTS, keys)
    paper.put_text("title", draft.title)
    paper.put_text("summary", draft.summary)
    return paper.text()


def _module(draft: ModuleDraft, source: str) -> str:
    paper = Paper(source)
    _put_part(paper, draft)
    paper.put_text("description", draft.description)
    _add_objectives(paper, draft.objectives)
    for area in draft.areas:
        below = Paper(source)
        below.put("key", area.key)
        below.put("resources", area.resources)
        below.put_text("title", area.title)
        below.put_text("toolkit", area.toolkit)
        paper.add("area", below)
    return paper.text()


def _put_part(paper: Paper, draft: ModuleDraft | SegmentDraft) -> None:
    paper.put("number", draft.number)
    paper.put("slug", draft.slug)
    paper.put("reading_minutes", draft.reading)
    paper.put("coaching_minutes", draft.coaching)
    paper.put("core", draft.core)
    paper.put("tags", draft.tags)
    paper.put("elements", draft.elements)
    paper.put_text("title", draft.title)


def _add_objectives(paper: Paper, objectives: Sequence[ObjectiveDraft]) -> None:
    for objective in objectives:
        below = Paper(paper.source)
        below.put("kind", str(objective.kind))
        below.put_text("text", objective.text)
        paper.add("objective", below)


def _segment(draft: SegmentDraft, folder: str, source: str) -> Files:
    files: Files = {}
    paper = Paper(source)
    _put_part(paper, draft)
    _put_opening(paper, draft.opens)
    put_markdown(paper, "content", draft.content, files, f"{folder}/content")
    put_markdown(paper, "local_note", draft.local_note, files, f"{folder}/local-note")
    _add_objectives(paper, draft.objectives)
    if draft.session is not None:
        _set_session(paper, draft.session)
    for activity in draft.activities:
        paper.add("activity", _activity(activity, source))
    for material in draft.materials:
        paper.add("material", _material(material, source, files, folder))
    files[f"{folder}/segment.toml"] = paper.text()
    return files


def _put_opening(paper: Paper, opens: OpeningDraft) -> None:
    said: dict[str, object] = {}
    if opens.after:
        said["after"] = opens.after
    if opens.days is not None:
        said["days"] = opens.days
    if said:
        paper.put("opens", said)


def _set_session(paper: Paper, draft: SessionDraft) -> None:
    session = Paper(paper.source)
    session.put("number", draft.number)
    session.put("minutes", draft.minutes)
    if draft.onboarding is not None:
        session.put("onboarding", _onboarding(draft.onboarding))
    session.put_text("opening", draft.opening)
    session.put_text("wrap_up", draft.wrap_up)
    session.put_text("equity_prompt", draft.equity_prompt)
    for step in draft.steps:
        below = Paper(paper.source)
        below.put("audience", str(step.audience))
        below.put_text("text", step.text)
        session.add("session.step", below)
    _add_texts(session, "session.question", draft.questions)
    paper.set("session", session)


def _onboarding(draft: OnboardingDraft) -> dict[str, object]:
    return {"overview": draft.overview, "assignment": draft.assignment}


def _add_texts(paper: Paper, name: str, texts: Sequence[Localised]) -> None:
    for text in texts:
        below = Paper(paper.source)
        below.put_text("text", text)
        paper.add(name, below)


def _activity(draft: ActivityDraft, source: str) -> Paper:
    paper = Paper(source)
    paper.put("key", draft.key)
    paper.put("timing", str(draft.timing))
    paper.put("session", draft.session_number)
    paper.put("kind", str(draft.kind))
    paper.put("minutes", draft.minutes)
    paper.put("material", draft.material)
    paper.put("instrument", draft.instrument)
    paper.put("elements", draft.elements)
    paper.put("local", draft.local)
    paper.put_text("title", draft.title)
    paper.put_text("note", draft.note)
    paper.put_text("prompt", draft.prompt)
    return paper


def _material(draft: MaterialDraft, source: str, files: Files, folder: str) -> Paper:
    paper = Paper(source)
    paper.put("key", draft.key)
    paper.put("kind", str(draft.kind))
    paper.put("url", draft.url)
    paper.put("resource", draft.resource)
    paper.put("local", draft.local)
    paper.put("unfinished", draft.body is None and draft.url is None and draft.resource is None)
    paper.put_text("title", draft.title)
    paper.put_text("detail", draft.detail)
    put_markdown(paper, "body", draft.body, files, f"{folder}/materials/{stem_of(draft.key)}")
    return paper


def _instrument(draft: InstrumentDraft, source: str) -> str:
    paper = Paper(source)
    paper.put("key", draft.key)
    paper.put("purpose", None if draft.purpose is Purpose.SELF_ASSESSMENT else draft.purpose.value)
    paper.put("priorities", draft.priorities or None)
    paper.put("core", draft.core)
    paper.put_text("title", draft.title)
    paper.put_text("intro", draft.intro)
    for point in draft.scale:
        below = Paper(source)
        below.put("value", point.value)
        below.put_text("label", point.label)
        paper.add("scale", below)
    for area in draft.areas:
        section = Paper(source)
        section.put("key", area.key)
        section.put_text("title", area.title)
        for item in area.items:
            below = Paper(source)
            below.put("key", item.key)
            below.put_text("text", item.text)
            section.add("area.item", below)
        paper.add("area", section)
    _add_texts(paper, "question", draft.questions)
    return paper.text()
