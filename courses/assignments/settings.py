"""What an administrator sets about coaches: the list of what is asked, and each programme's span and caseload."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from courses.assignments import errors
from courses.catalogue.models import Programme
from courses.coaches import qualifying
from courses.coaches.errors import KindError
from courses.coaches.models import CoachRequirement, RequirementId
from courses.coaches.periods import typed_number
from courses.coaches.requiring import RequirementChecked, RequirementSheet
from courses.cohorts.models import RecipientType
from courses.cohorts.tracks import LONGEST_SPAN, MOST_PEOPLE, Track, put_track, tracks_of
from institute.actors import Actor
from institute.db import db, transaction
from institute.errors import DomainError, NotFoundError
from institute.i18n import Localised, current_locale
from institute.web.forms import storable


@dataclass(frozen=True, slots=True)
class TrackLine:
    """A programme and how it is coached."""

    slug: str
    title: Localised
    track: Track


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """The list, what is asked no more, and the programmes."""

    asked: tuple[CoachRequirement, ...]
    retired: tuple[CoachRequirement, ...]
    programmes: tuple[TrackLine, ...]


@dataclass(frozen=True, slots=True)
class RequirementPage:
    """One requirement and its form."""

    requirement: CoachRequirement
    filled: RequirementChecked


@dataclass(frozen=True, slots=True)
class TrackSheet:
    """The form of how a programme is coached, as it was typed."""

    span: str = ""
    caseload: str = ""
    recipient_type: str = ""

    @classmethod
    def read(cls, form: Mapping[str, str]) -> TrackSheet:
        """Take the fields of a form."""
        return cls(**{name: storable(form.get(name, "")).strip()[:200] for name in cls.__dataclass_fields__})

    @classmethod
    def of(cls, track: Track) -> TrackSheet:
        """Fill the form with what holds."""
        return cls(str(track.span_months or ""), str(track.caseload), track.recipient_type or "")


@dataclass
class TrackChecked:
    """A sheet with what is wrong in it, by field."""

    sheet: TrackSheet
    problems: dict[str, DomainError] = field(default_factory=dict)

    @property
    def summary(self) -> list[tuple[str, str]]:
        """What has to be mended, as (field, sentence)."""
        return [(name, problem.text) for name, problem in self.problems.items()]


def settings_page(actor: Actor) -> SettingsPage:
    """Return what an institute asks of its coaches and how its programmes are coached."""
    everything = qualifying.requirements_of(actor.institute_id, retired=True)
    tracks = tracks_of(actor.institute_id)
    programmes = db.session.scalars(
        select(Programme).where(Programme.institute_id == actor.institute_id).order_by(Programme.id)
    )
    return SettingsPage(
        asked=tuple(one for one in everything if one.retired_at is None),
        retired=tuple(one for one in everything if one.retired_at is not None),
        programmes=tuple(TrackLine(one.slug, one.title, tracks.get(one.id, Track())) for one in programmes),
    )


def requirement_page(requirement_id: RequirementId, *, actor: Actor) -> RequirementPage:
    """Return one requirement of the actor's institute. Raises NotFoundError."""
    row = db.session.get(CoachRequirement, requirement_id)
    if row is None or row.institute_id != actor.institute_id:
        raise NotFoundError
    sheet = RequirementSheet(
        title=row.title.in_(current_locale()),
        kind=row.kind,
        within_months=str(row.within_months or ""),
        renews_months=str(row.renews_months or ""),
        minutes=str(row.minutes or ""),
    )
    return RequirementPage(row, RequirementChecked(sheet))


def save_track(slug: str, sheet: TrackSheet, *, actor: Actor) -> TrackChecked:
    """Say how a programme is coached; nothing happens where something is wrong. Raises NotFoundError."""
    with transaction() as session:
        programme = session.scalar(
            select(Programme).where(
                Programme.institute_id == actor.institute_id, Programme.slug == slug.replace("\0", "")
            )
        )
        if programme is None:
            raise NotFoundError
        checked = TrackChecked(sheet)
        span = typed_number(sheet.span, most=LONGEST_SPAN) if sheet.span else None
        if sheet.span and not span:
            checked.problems["span"] = errors.SpanError(most=LONGEST_SPAN)
        caseload = typed_number(sheet.caseload, most=MOST_PEOPLE)
        if not caseload:
            checked.problems["caseload"] = errors.CaseloadError(most=MOST_PEOPLE)
        if sheet.recipient_type and sheet.recipient_type not in list(RecipientType):
            checked.problems["recipient_type"] = KindError()
        if not checked.problems and caseload:
            kind = RecipientType(sheet.recipient_type) if sheet.recipient_type else None
            put_track(programme.id, Track(span, caseload, kind), actor=actor)
        return checked
