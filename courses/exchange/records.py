"""Sessions with everything that is known around them, one enrolment after another, for what leaves the house."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from courses.catalogue.models import Module, Programme, ProgrammeId, ProgrammeVersion, Segment, SegmentId
from courses.coaches.models import CoachProfile
from courses.cohorts.models import Cohort, Enrolment, EnrolmentId, Recipient
from courses.cohorts.recipients import confidential_in
from courses.hours.counting import weigh
from courses.hours.explaining import Explained, explain_all
from courses.hours.pieces import pieces_of
from courses.hours.policies import Policy, policy_of
from courses.sessions.delivered import SENT
from courses.sessions.models import AgreedAction, SessionLog, SessionLogId
from institute.actors import InstituteId, PersonId
from institute.db import db
from institute.people.models import Organisation, OrganisationId, OrganisationKind, Person

AT_ONCE: Final = 100
DEEPEST: Final = 20


class Study(NamedTuple):
    """Who studies what, where."""

    enrolment_id: EnrolmentId
    person_id: PersonId
    name: str
    email: str
    cohort: str
    programme_id: ProgrammeId
    programme: str
    version: int


class Where(NamedTuple):
    """The keys of a site and of the region above it, empty where there is none."""

    site: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A session that was sent, with what was true of everybody on its day."""

    log: SessionLog
    study: Study
    explained: Explained
    recipient: Recipient | None
    where: Where
    segment: str
    coach: Person
    profile: CoachProfile | None
    agreed: int
    done: int
    confidential: bool

    @property
    def begins(self) -> datetime:
        """When it began, on the clock of its zone."""
        return self.log.start_utc.astimezone(ZoneInfo(self.log.zone))

    @property
    def ends(self) -> datetime:
        """When it ended, on the clock of its zone."""
        return self.log.end_utc.astimezone(ZoneInfo(self.log.zone))


def session_records(institute_id: InstituteId) -> Iterator[SessionRecord]:
    """Yield every session of an institute that was sent and stands, by programme, enrolment and time.

    They are read for some enrolments at a time, so that an institute of any size fits into memory.
    """
    around = _Around(institute_id)
    rows = db.session.execute(
        select(
            Enrolment.id,
            Enrolment.person_id,
            Person.name,
            Person.email,
            Cohort.slug,
            Programme.id,
            Programme.slug,
            ProgrammeVersion.number,
        )
        .join(Person, Person.id == Enrolment.person_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .join(ProgrammeVersion, ProgrammeVersion.id == Enrolment.version_id)
        .where(Enrolment.institute_id == institute_id)
        .order_by(Programme.id, Enrolment.id)
    ).all()
    for programme_id, studies in groupby((Study(*row) for row in rows), key=lambda study: study.programme_id):
        policy = policy_of(programme_id)
        while some := list(islice(studies, AT_ONCE)):
            yield from _of_some(some, policy, around)


class _Around:
    """What many sessions share, read once."""

    def __init__(self, institute_id: InstituteId) -> None:
        self.institute_id = institute_id
        self.confidential = confidential_in(institute_id)
        rows = db.session.scalars(select(Organisation).where(Organisation.institute_id == institute_id))
        self.organisations = {row.id: row for row in rows}
        profiles = db.session.scalars(select(CoachProfile).where(CoachProfile.institute_id == institute_id))
        self.profiles = {profile.person_id: profile for profile in profiles}
        self.coaches: dict[PersonId, Person] = {}
        self.segments: dict[SegmentId, str] = {}

    def coach(self, person_id: PersonId) -> Person:
        if person_id not in self.coaches:
            self.coaches[person_id] = db.session.get_one(Person, person_id)
        return self.coaches[person_id]

    def segment(self, segment_id: SegmentId | None) -> str:
        if segment_id is None:
            return ""
        if segment_id not in self.segments:
            address = select(Module.slug, Segment.slug).join(Module, Module.id == Segment.module_id)
            row = db.session.execute(address.where(Segment.id == segment_id)).one()
            self.segments[segment_id] = f"{row[0]}/{row[1]}"
        return self.segments[segment_id]

    def where(self, site_id: OrganisationId | None) -> Where:
        site = self.organisations.get(site_id) if site_id is not None else None
        above = site
        for _ in range(DEEPEST):
            if above is None or above.kind is OrganisationKind.REGION:
                break
            above = self.organisations.get(above.parent_id) if above.parent_id is not None else None
        return Where(site.key if site else "", above.key if above else "")


def _of_some(studies: list[Study], policy: Policy, around: _Around) -> Iterator[SessionRecord]:
    ids = [study.enrolment_id for study in studies]
    logs: dict[EnrolmentId, list[SessionLog]] = defaultdict(list)
    for log in db.session.scalars(
        select(SessionLog)
        .where(SessionLog.enrolment_id.in_(ids), SessionLog.state.in_(SENT))
        .order_by(SessionLog.start_utc, SessionLog.id)
    ):
        logs[log.enrolment_id].append(log)
    pieces = pieces_of(ids, policy)
    history: dict[EnrolmentId, list[Recipient]] = defaultdict(list)
    for row in db.session.scalars(
        select(Recipient).where(Recipient.enrolment_id.in_(ids)).order_by(Recipient.since.desc())
    ):
        history[row.enrolment_id].append(row)
    actions = _actions(ids)
    for study in studies:
        explained = explain_all(weigh(pieces.get(study.enrolment_id, ()), policy))
        for log in logs[study.enrolment_id]:
            known = history[study.enrolment_id]
            recipient = next((one for one in known if one.since <= log.local_day), None)
            agreed, done = actions.get(log.id, (0, 0))
            yield SessionRecord(
                log=log,
                study=study,
                explained=explained.get(log.id, Explained(log.minutes)),
                recipient=recipient,
                where=around.where(recipient.site_id if recipient else None),
                segment=around.segment(log.segment_id),
                coach=around.coach(log.coach_id),
                profile=around.profiles.get(log.coach_id),
                agreed=agreed,
                done=done,
                confidential=study.enrolment_id in around.confidential,
            )


def _actions(ids: Sequence[EnrolmentId]) -> Mapping[SessionLogId, tuple[int, int]]:
    """Return how many actions each session agreed on, and how many of them are done."""
    rows = db.session.execute(
        select(AgreedAction.log_id, func.count(), func.count(AgreedAction.done_at))
        .where(AgreedAction.enrolment_id.in_(ids))
        .group_by(AgreedAction.log_id)
    )
    return {log_id: (agreed, done) for log_id, agreed, done in rows}
