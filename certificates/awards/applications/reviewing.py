"""What a decision is looked up in: evidence with its scores and the raters' words, the log of hours, the meetings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select

from certificates.awards.models import Application, ApplicationId
from certificates.evidence.models import SubmissionId
from certificates.evidence.queries import requirement_states
from certificates.evidence.reading import EvidencePacket, packet, packet_file
from certificates.scoring.outcomes.lines import ScoreLine, score_lines
from certificates.scoring.outcomes.results import ScoreRelease
from courses.cohorts.models import Cohort, Enrolment, EnrolmentId
from courses.meetings.attendance import counted_of
from courses.meetings.models import Meeting, MeetingKind
from courses.sessions.models import Kind, Mode, SessionLog, SessionState
from courses.sessions.wording import say_session_state
from institute.actors import Actor, InstituteId
from institute.db import db
from institute.errors import NotFoundError
from institute.files.models import StoredFile, StoredFileId
from institute.files.reading import find_file
from institute.i18n import Localised
from institute.people.models import Institute, Person
from institute.people.naming import name_or_number


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One accepted submission with its released scores; none where it is not scored. Raters are numbers."""

    packet: EvidencePacket
    release: ScoreRelease | None
    lines: Sequence[ScoreLine]


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One session of the log, its state in words. ``counts`` where both sides confirmed it."""

    day: date
    minutes: int
    kind: Kind
    mode: Mode
    coach_name: str
    state: str
    counts: bool


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """One meeting that counts, in minutes, and how many of them were made up for."""

    kind: MeetingKind
    day: date
    minutes: int
    made_up: int


@dataclass(frozen=True)
class ReviewPacket:
    """All that the figures of an application come from."""

    evidence: Sequence[EvidenceLine]
    sessions: Sequence[SessionLine]
    meetings: Sequence[MeetingLine]
    cohort: Localised | None

    @property
    def counted(self) -> int:
        """How many minutes of the log are confirmed."""
        return sum(one.minutes for one in self.sessions if one.counts)


def review_packet(application_id: ApplicationId, actor: Actor) -> ReviewPacket:
    """Return what an application of the actor's institute stands on, with its names. Raises NotFoundError."""
    application = _find(application_id, actor)
    enrolment_id = application.enrolment_id
    zone = ZoneInfo(db.session.get_one(Institute, application.institute_id).timezone)
    meetings = counted_of(application.person_id, Meeting.institute_id == application.institute_id)
    return ReviewPacket(
        evidence=_evidence(enrolment_id, application.institute_id) if enrolment_id is not None else [],
        sessions=_sessions(enrolment_id) if enrolment_id is not None else [],
        meetings=[
            MeetingLine(one.kind, one.starts.astimezone(zone).date(), one.minutes, one.made_up)
            for one in meetings.values()
            if one.minutes
        ],
        cohort=_cohort_name(enrolment_id) if enrolment_id is not None else None,
    )


def evidence_file(
    application_id: ApplicationId, submission_id: SubmissionId, file_id: StoredFileId, actor: Actor
) -> StoredFile:
    """Return a file of the evidence that an application stands on. Raises NotFoundError, also for one withdrawn."""
    application = _find(application_id, actor)
    if application.enrolment_id is None or submission_id not in _submissions(application.enrolment_id):
        raise NotFoundError
    if packet_file(submission_id, file_id, institute_id=actor.institute_id).withdrawn:
        raise NotFoundError
    return find_file(file_id, institute_id=actor.institute_id)


def _find(application_id: ApplicationId, actor: Actor) -> Application:
    application = db.session.get(Application, application_id)
    if application is None or application.institute_id != actor.institute_id:
        raise NotFoundError
    return application


def _submissions(enrolment_id: EnrolmentId) -> list[SubmissionId]:
    states = requirement_states(enrolment_id)
    found = [one.submission_id for one in states.values() if one.submission_id is not None and one.met]
    return list(dict.fromkeys(found))


def _evidence(enrolment_id: EnrolmentId, institute_id: InstituteId) -> list[EvidenceLine]:
    submissions = _submissions(enrolment_id)
    releases: dict[SubmissionId, ScoreRelease] = {}
    for release in db.session.scalars(
        select(ScoreRelease).where(ScoreRelease.submission_id.in_(submissions)).order_by(ScoreRelease.round)
    ):
        releases[release.submission_id] = release
    found = []
    for submission_id in submissions:
        one = releases.get(submission_id)
        found.append(
            EvidenceLine(
                packet(submission_id, institute_id=institute_id, blind=False),
                one,
                score_lines(one.id, submission_id, passed=one.passed) if one is not None else (),
            )
        )
    return found


def _sessions(enrolment_id: EnrolmentId) -> list[SessionLine]:
    rows = db.session.execute(
        select(SessionLog, Person.name)
        .join(Person, Person.id == SessionLog.coach_id)
        .where(SessionLog.enrolment_id == enrolment_id, SessionLog.state != SessionState.DRAFT)
        .order_by(SessionLog.local_day, SessionLog.id)
    )
    confirmed = {SessionState.CONFIRMED, SessionState.LOCKED}
    return [
        SessionLine(
            log.local_day,
            log.minutes,
            log.kind,
            log.mode,
            name_or_number(name, log.coach_id),
            say_session_state(log.state),
            log.state in confirmed,
        )
        for log, name in rows
    ]


def _cohort_name(enrolment_id: EnrolmentId) -> Localised | None:
    named = (
        select(Cohort.name)
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .where(Enrolment.id == enrolment_id)
    )
    return db.session.scalar(named)
