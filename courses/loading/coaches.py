"""The coaches of an institute's folder: ``coaches.toml``, what is asked of them, who they are, whom they reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from sqlalchemy import select

from courses.catalogue.models import ProgrammeId
from courses.coaches.languages import SPOKEN, is_spoken
from courses.coaches.models import CoachRequirement, RecordKind, RequirementKind
from courses.coaches.profiles import ProfileDraft, put_profile
from courses.coaches.qualifying import own_profile
from courses.coaches.recording import RecordSheet, record_qualification
from courses.coaches.requiring import RequirementDraft, put_requirement
from courses.cohorts.assigning import local_day
from courses.cohorts.models import (
    CoachingTrack,
    Cohort,
    Enrolment,
    EnrolmentId,
    NeedLevel,
    RecipientType,
    Setting,
)
from courses.cohorts.recipients import RecipientDraft, history_of, record_recipient
from courses.cohorts.tracks import LONGEST_SPAN, USUAL_CASELOAD, Track, put_track
from courses.loading.tables import Table, UnknownNameError, read_table
from institute.actors import Actor, PersonId
from institute.db import db
from institute.i18n import lazy_gettext
from institute.people.models import Organisation, OrganisationId

FILE: Final = "coaches.toml"


def read_coaches(folder: Path, *, source: str) -> Table | None:
    """Return the folder's ``coaches.toml``, None where there is none. Raises FolderError."""
    path = folder / FILE
    return read_table(path, folder=folder, source=source) if path.is_file() else None


def load_coaches(
    table: Table, people: Mapping[str, PersonId], programmes: Mapping[str, ProgrammeId], *, actor: Actor
) -> None:
    """Ask what the folder asks of coaches, and enter them with what was verified.

    Before anybody is assigned. What is there already stays as people made it since. Raises FolderError.
    """
    for entry in table.tables("track"):
        _load_track(entry, programmes, actor)
    there = set(
        db.session.scalars(
            select(CoachRequirement.key).where(CoachRequirement.institute_id == actor.institute_id)
        )
    )
    asked = [_read_requirement(entry) for entry in table.tables("requirement")]
    for draft in asked:
        if draft.key not in there:
            put_requirement(draft, actor=actor)
    keys = {draft.key for draft in asked}
    for entry in table.tables("coach"):
        _load_coach(entry, people, keys, actor)


def load_recipients(table: Table, people: Mapping[str, PersonId], *, actor: Actor) -> None:
    """Record what the folder knows of people as recipients, once they are in their cohorts. Raises FolderError."""
    for entry in table.tables("recipient"):
        person_id, cohort = _person(entry, "participant", people), entry.slug("cohort")
        draft = RecipientDraft(
            type=entry.choice("type", RecipientType),
            setting=entry.choice("setting", Setting),
            need=entry.choice("need", NeedLevel) if entry.has("need") else NeedLevel.STANDARD,
            language=_languages(entry, [entry.text("language")])[0],
            site_id=_organisation(entry, "site", actor),
        )
        entry.finish()
        enrolment_id, starts = _enrolment(entry, person_id, cohort, actor)
        if not history_of(enrolment_id):
            record_recipient(enrolment_id, draft, since=starts, actor=actor)


def first_day(cohort: Cohort) -> date:
    """Return the day from which a cohort's coaches have their role: its start, or today if that is still to come."""
    return min(cohort.starts, local_day(cohort.timezone))


def _load_track(entry: Table, programmes: Mapping[str, ProgrammeId], actor: Actor) -> None:
    slug = entry.text("programme")
    if slug not in programmes:
        raise UnknownNameError(file=entry.file, key=entry.key("programme"), name=slug)
    months = entry.position("span_months") if entry.has("span_months") else None
    if months is not None and months > LONGEST_SPAN:
        raise entry.wrong("span_months", lazy_gettext("%(most)s at most", most=LONGEST_SPAN))
    track = Track(
        span_months=months,
        caseload=entry.position("caseload") if entry.has("caseload") else USUAL_CASELOAD,
        recipient_type=entry.choice("recipient_type", RecipientType) if entry.has("recipient_type") else None,
    )
    entry.finish()
    if db.session.get(CoachingTrack, programmes[slug]) is None:
        put_track(programmes[slug], track, actor=actor)


def _read_requirement(entry: Table) -> RequirementDraft:
    draft = RequirementDraft(
        key=entry.slug("key"),
        kind=entry.choice("kind", RequirementKind),
        title=entry.localised("title"),
        note=entry.optional_localised("note"),
        within_months=entry.number("within_months", 0),
        renews_months=entry.position("renews_months") if entry.has("renews_months") else None,
        minutes=entry.position("minutes") if entry.has("minutes") else None,
    )
    entry.finish()
    return draft


def _load_coach(entry: Table, people: Mapping[str, PersonId], keys: set[str], actor: Actor) -> None:
    person_id = _person(entry, "person", people)
    draft = ProfileDraft(
        organisation_id=_organisation(entry, "organisation", actor),
        languages=tuple(_languages(entry, entry.names("languages"))),
        specialties=tuple(entry.names("specialties")),
    )
    records = [
        (_read_record(one, keys), _verifier(one, people, actor), one) for one in entry.tables("record")
    ]
    entry.finish()
    if own_profile(person_id) is not None:
        return
    put_profile(person_id, draft, actor=actor)
    for sheet, verifier, one in records:
        checked = record_qualification(person_id, sheet, None, actor=verifier)
        if checked.problems:
            name, problem = next(iter(checked.problems.items()))
            raise one.wrong(name, problem.text)


def _read_record(entry: Table, keys: set[str]) -> RecordSheet:
    requirement = entry.slug("requirement")
    if requirement not in keys:
        raise UnknownNameError(file=entry.file, key=entry.key("requirement"), name=requirement)
    return RecordSheet(
        requirement=requirement,
        kind=entry.choice("kind", RecordKind) if entry.has("kind") else RecordKind.EVIDENCE,
        on=entry.day("on").isoformat(),
        expires=entry.day("expires").isoformat() if entry.has("expires") else "",
        minutes=str(entry.position("minutes")) if entry.has("minutes") else "",
        words=entry.optional_text("words") or "",
        reason=entry.optional_text("reason") or "",
        pathway=entry.optional_text("pathway") or "",
    )


def _verifier(entry: Table, people: Mapping[str, PersonId], actor: Actor) -> Actor:
    verifier = _person(entry, "verified_by", people)
    entry.finish()
    return replace(actor, person_id=verifier)


def _person(entry: Table, name: str, people: Mapping[str, PersonId]) -> PersonId:
    key = entry.text(name)
    if key not in people:
        raise UnknownNameError(file=entry.file, key=entry.key(name), name=key)
    return people[key]


def _languages(entry: Table, tags: list[str]) -> list[str]:
    if not all(map(is_spoken, tags)):
        raise entry.wrong("languages" if entry.has("languages") else "language", ", ".join(SPOKEN))
    return tags


def _organisation(entry: Table, name: str, actor: Actor) -> OrganisationId | None:
    key = entry.optional_text(name)
    return None if key is None else find_organisation(entry, name, key, actor)


def find_organisation(entry: Table, name: str, key: str, actor: Actor) -> OrganisationId:
    """Return the organisation of a key that stands under ``name``. Raises UnknownNameError."""
    found = db.session.scalar(
        select(Organisation.id).where(
            Organisation.institute_id == actor.institute_id, Organisation.key == key
        )
    )
    if found is None:
        raise UnknownNameError(file=entry.file, key=entry.key(name), name=key)
    return found


def _enrolment(entry: Table, person_id: PersonId, cohort: str, actor: Actor) -> tuple[EnrolmentId, date]:
    row = db.session.execute(
        select(Enrolment.id, Cohort)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(
            Enrolment.institute_id == actor.institute_id,
            Enrolment.person_id == person_id,
            Cohort.slug == cohort,
        )
    ).one_or_none()
    if row is None:
        raise UnknownNameError(file=entry.file, key=entry.key("cohort"), name=cohort)
    return row[0], first_day(row[1])
