"""Valid content for tests, and the short way from one version to the next for everybody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from courses.catalogue.drafts import (
    ActivityDraft,
    MaterialDraft,
    MinuteRange,
    ModuleContent,
    ModuleDraft,
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
    ProgrammeId,
    ProgrammeVersion,
    ProgrammeVersionId,
    Timing,
)
from courses.catalogue.publishing import publish_version
from courses.catalogue.queries import newest_version
from courses.catalogue.reviving import content_of
from courses.cohorts.models import Cohort
from courses.cohorts.moving import move_cohort
from institute.actors import Actor
from institute.db import db
from institute.i18n import Localised


def english(text: str) -> Localised:
    """Return a content text that stands in English alone."""
    return Localised.of({"en": text})


def segment_draft(**given: Any) -> SegmentDraft:
    """Return a valid segment with a session, a step for each time and a material."""
    given.setdefault("number", 1)
    given.setdefault("slug", f"segment-{given['number']}")
    given.setdefault("title", english(f"Segment about {given['slug']}"))
    given.setdefault("content", english("A practice model lives in what leaders do."))
    given.setdefault("reading", MinuteRange(0, 60))
    given.setdefault("coaching", MinuteRange(60, 60))
    given.setdefault(
        "session",
        SessionDraft(
            number=given["number"],
            minutes=MinuteRange(30, 45),
            opening=english("Open with a welcome."),
            wrap_up=english("Ask what was useful."),
            equity_prompt=english("Whose voice is missing?"),
            steps=(
                StepDraft(english("Look back together")),
                StepDraft(english("Do not assess today"), Audience.COACH),
            ),
            questions=(english("What made it possible?"),),
        ),
    )
    given.setdefault(
        "activities", (activity("read"), activity("rank"), activity("prepare", Timing.PREPARATION))
    )
    given.setdefault(
        "materials",
        (MaterialDraft("sheet", MaterialKind.TEMPLATE, english("Sheet"), body=english("Write *here*.")),),
    )
    return SegmentDraft(**given)


def activity(key: str, timing: Timing = Timing.BEFORE, **given: Any) -> ActivityDraft:
    """Return a valid activity."""
    return ActivityDraft(key, timing, ActivityKind.READING, english(f"Do {key}"), minutes=10, **given)


def module(*segments: SegmentDraft, **given: Any) -> ModuleContent:
    """Return a valid module with these segments."""
    given.setdefault("number", 1)
    given.setdefault("slug", f"module-{given['number']}")
    given.setdefault("title", english("Core practice"))
    given.setdefault("description", english("Where it comes from."))
    given.setdefault("reading", MinuteRange(0, 120))
    given.setdefault("coaching", MinuteRange(120, 120))
    return ModuleContent(ModuleDraft(**given), segments)


def programme(
    *modules: ModuleContent, slug: str = "leadership", title: str = "Leadership"
) -> ProgrammeContent:
    """Return a valid programme with these modules, or with one of two segments."""
    whole = modules or (module(segment_draft(), segment_draft(number=2)),)
    return ProgrammeContent(ProgrammeDraft(slug, english(title)), whole)


def publish(content: ProgrammeContent, *, actor: Actor) -> ProgrammeId:
    """Publish, and return the programme's id."""
    version = db.session.get_one(ProgrammeVersion, publish_version(content, actor=actor))
    return version.programme_id


Change = Callable[[ProgrammeContent], ProgrammeContent]


def renew(change: Change, *, actor: Actor, slug: str = "leadership") -> ProgrammeVersionId:
    """Publish what ``change`` makes of a programme's newest version, and move everybody there."""
    changed = change(content_of(newest_version(actor.institute_id, slug)))
    version_id = publish_version(changed, actor=actor)
    programme_id = db.session.get_one(ProgrammeVersion, version_id).programme_id
    for cohort_id in db.session.scalars(select(Cohort.id).where(Cohort.programme_id == programme_id)).all():
        move_cohort(cohort_id, version_id, actor=actor)
    return version_id


def with_segment(segment: SegmentDraft, module_slug: str = "module-1") -> Change:
    """Return the change that puts a segment in the place of the one with its slug, or adds it."""

    def change(content: ProgrammeContent) -> ProgrammeContent:
        modules = (
            replace(one, segments=(*(found for found in one.segments if found.slug != segment.slug), segment))
            if one.draft.slug == module_slug
            else one
            for one in content.modules
        )
        return replace(content, modules=tuple(modules))

    return change


def with_modules(*modules: ModuleContent) -> Change:
    """Return the change that puts modules in the place of those with their slugs, or adds them."""
    slugs = {one.draft.slug for one in modules}

    def change(content: ProgrammeContent) -> ProgrammeContent:
        kept = (one for one in content.modules if one.draft.slug not in slugs)
        return replace(content, modules=(*kept, *modules))

    return change
