"""The clips of a participant, and those that somebody shows to the coach who asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import url_for
from sqlalchemy import func, select

from courses.cohorts.members import coached_today
from courses.cohorts.models import EnrolmentId
from courses.cohorts.pages import coach_name, own_enrolment
from courses.cohorts.queries import EnrolmentHere, find_enrolment
from courses.cohorts.rosters import Member
from courses.media import sharing
from courses.media.captioning import captions_of
from courses.media.clips import own_clip
from courses.media.models import (
    Caption,
    Clip,
    ClipId,
    Consent,
    ConsentState,
    MediaComment,
    Medium,
    PersonShown,
    PersonShownId,
    Speaker,
)
from courses.media.people import find_person
from courses.media.places import Sight
from courses.media.showing import MediaView, view_of
from institute.actors import Actor, Role
from institute.db import db
from institute.errors import NotFoundError
from institute.files.models import StoredFile, StoredFileId

PLACE: Final = "clip"


@dataclass(frozen=True, slots=True)
class ClipLine:
    """A clip as it is listed. ``waits`` counts the people shown who have not agreed, ``comments`` the coach's words."""

    id: ClipId
    title: str
    medium: Medium
    created_at: datetime
    duration_ms: int | None
    shared: bool
    hidden: bool
    declared: bool
    waits: int
    comments: int


@dataclass(frozen=True, slots=True)
class ClipList:
    """A participant's clips. ``coach_name`` is None where nobody coaches."""

    enrolment: EnrolmentHere
    lines: tuple[ClipLine, ...]
    coach_name: str | None


@dataclass(frozen=True, slots=True)
class CoachedClips:
    """What somebody shows to the coach who asks."""

    member: Member
    lines: tuple[ClipLine, ...]


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody who is shown, with what they say; ``consent`` is None before anybody asked."""

    person: PersonShown
    consent: Consent | None

    @property
    def may_ask(self) -> bool:
        """Whether they can be asked, or asked again."""
        return self.consent is None or self.consent.state is ConsentState.ASKED


@dataclass(frozen=True, slots=True)
class ClipPage:
    """A clip with all that belongs to it, for its participant. ``ready`` where others may see it."""

    clip: Clip
    view: MediaView
    people: tuple[PersonLine, ...]
    captions: tuple[Caption, ...]
    coach_name: str | None
    ready: bool
    hidden: bool

    @property
    def records(self) -> bool:
        """Whether people are seen or heard in it."""
        return self.clip.medium is not Medium.DOCUMENT

    @property
    def waiting(self) -> int:
        """How many have not agreed."""
        return sum(one.consent is None or one.consent.state is not ConsentState.GIVEN for one in self.people)


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One person who is shown, for the participant who named them."""

    clip: Clip
    line: PersonLine


@dataclass(frozen=True, slots=True)
class ShownPage:
    """A clip as the coach sees it."""

    clip: Clip
    member: Member
    view: MediaView


def own_list(actor: Actor) -> ClipList | None:
    """Return the actor's clips, None for somebody who is not enrolled."""
    enrolment = find_enrolment(actor)
    if enrolment is None:
        return None
    return ClipList(enrolment, _lines(enrolment.id), coach_name(enrolment))


def own_panel(actor: Actor) -> EnrolmentHere | None:
    """Return whose clips the home leads to; it asks for nothing that the home does not know already."""
    here = find_enrolment(actor)
    return here if here is not None and here.active else None


def shown_list(enrolment_id: EnrolmentId, *, actor: Actor) -> CoachedClips:
    """Return what somebody whom the actor coaches today shows. Raises NotFoundError."""
    member = coached_today(enrolment_id, actor=actor)
    lines = _lines(enrolment_id)
    return CoachedClips(member, tuple(line for line in lines if line.shared and not line.hidden))


def shown_section(actor: Actor, enrolment_id: int) -> CoachedClips | None:
    """Return what the coach's page of somebody says of what they show; None where there is nothing."""
    try:
        here = shown_list(EnrolmentId(enrolment_id), actor=actor)
    except NotFoundError:
        return None
    return here if here.lines else None


def shown_clip(clip_id: ClipId, *, actor: Actor) -> tuple[Clip, Member]:
    """Return a clip that somebody whom the actor coaches today shows. Raises NotFoundError."""
    clip = db.session.get(Clip, clip_id)
    if clip is None or clip.institute_id != actor.institute_id or clip.shared_at is None:
        raise NotFoundError
    return clip, coached_today(clip.enrolment_id, actor=actor)


def own_page(clip_id: ClipId, *, actor: Actor) -> ClipPage:
    """Return a clip of the actor's own with all that belongs to it. Raises NotFoundError."""
    clip = own_clip(clip_id, actor=actor)
    file_id = clip.file_id or StoredFileId(0)
    rows = db.session.execute(
        select(PersonShown, Consent)
        .outerjoin(Consent, Consent.person_shown_id == PersonShown.id)
        .where(PersonShown.clip_id == clip.id)
        .order_by(PersonShown.id)
    )
    return ClipPage(
        clip=clip,
        view=view_of(Role.PARTICIPANT, PLACE, clip.id, file_id, actor=actor),
        people=tuple(PersonLine(person, consent) for person, consent in rows),
        captions=captions_of(file_id, institute_id=clip.institute_id),
        coach_name=coach_name(own_enrolment(actor)),
        ready=sharing.shareable(file_id, institute_id=clip.institute_id),
        hidden=sharing.somebody_disagrees(clip),
    )


def person_page(clip_id: ClipId, person_id: PersonShownId, *, actor: Actor) -> PersonPage:
    """Return one person shown in a clip of the actor's own. Raises NotFoundError."""
    clip = own_clip(clip_id, actor=actor)
    person = find_person(clip_id, person_id, actor=actor)
    consent = db.session.scalar(select(Consent).where(Consent.person_shown_id == person.id))
    return PersonPage(clip, PersonLine(person, consent))


def shown_page(clip_id: ClipId, *, actor: Actor) -> ShownPage:
    """Return the page of a clip for today's coach. Raises NotFoundError."""
    clip, member = shown_clip(clip_id, actor=actor)
    view = view_of(Role.COACH, PLACE, clip.id, clip.file_id or 0, actor=actor)
    return ShownPage(clip, member, view)


def own_sight(actor: Actor, key: int, file_id: int) -> Sight | None:
    """Return a participant's own clip as they see it: before anybody agreed, and not once somebody does not."""
    try:
        clip = own_clip(ClipId(key), actor=actor)
    except NotFoundError:
        return None
    back = url_for("participant_media.show", clip_id=clip.id)
    return _sight(clip, file_id, back, Speaker.PARTICIPANT, owner=True)


def coached_sight(actor: Actor, key: int, file_id: int) -> Sight | None:
    """Return a clip as today's coach sees it."""
    try:
        clip, _ = shown_clip(ClipId(key), actor=actor)
    except NotFoundError:
        return None
    return _sight(clip, file_id, url_for("coach_media.show", clip_id=clip.id), Speaker.COACH, owner=False)


def _sight(clip: Clip, file_id: int, back: str, speaker: Speaker, *, owner: bool) -> Sight | None:
    if clip.file_id != file_id:
        return None
    file = db.session.get_one(StoredFile, clip.file_id)
    return Sight(file=file, name=file.name, back=back, speaker=speaker, coaching=True, owner=owner)


def _lines(enrolment_id: EnrolmentId) -> tuple[ClipLine, ...]:
    clips = db.session.scalars(
        select(Clip)
        .where(Clip.enrolment_id == enrolment_id, Clip.removed_at.is_(None))
        .order_by(Clip.created_at.desc(), Clip.id.desc())
    ).all()
    here = [clip.id for clip in clips]
    said = dict(
        db.session.execute(
            select(MediaComment.file_id, func.count())
            .where(
                MediaComment.file_id.in_([clip.file_id for clip in clips]),
                MediaComment.role == Speaker.COACH,
            )
            .group_by(MediaComment.file_id)
        ).all()
    )
    waits = dict(
        db.session.execute(
            select(PersonShown.clip_id, func.count())
            .outerjoin(Consent, (Consent.person_shown_id == PersonShown.id) & (Consent.state == "given"))
            .where(PersonShown.clip_id.in_(here), Consent.id.is_(None))
            .group_by(PersonShown.clip_id)
        ).all()
    )
    return tuple(
        ClipLine(
            id=clip.id,
            title=clip.title,
            medium=clip.medium,
            created_at=clip.created_at,
            duration_ms=clip.duration_ms,
            shared=clip.shared_at is not None,
            hidden=sharing.somebody_disagrees(clip),
            declared=clip.declared_at is not None,
            waits=waits.get(clip.id, 0),
            comments=said.get(clip.file_id or StoredFileId(0), 0),
        )
        for clip in clips
    )
