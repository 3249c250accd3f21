"""An application that waits, and a certificate that was issued."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.awards.models import Application, Award
from certificates.awards.states import ApplicationState
from certificates.levels.models import Level, RuleSet
from institute.actors import PersonId
from institute.clock import now
from institute.db import transaction
from institute.files import storing
from institute.i18n import Localised
from institute.people.models import Institute, Person
from tests.meta.furnishing.room import Room

FORM = {
    "level": "novice",
    "name": "Lucía Ortega",
    "locale": "es",
    "second_locale": "en",
    "reason": "As in the passport",
    "reason_class": "other",
    "note": "A note that stays here",
    "return_reason": "Add the date of your plan.",
    "deny_reason": "Not your own work.",
    "seen": "what was looked at",
}


def furnish(room: Room) -> dict[str, object]:
    """Let Mei-Ling's application for the first level wait, and Lucía hold the level, with its document."""
    document = storing.keep(b"%PDF-1.7 a certificate")
    with transaction() as session:
        waiting = _application(room, room.people["meiling"], ApplicationState.UNDER_REVIEW, session)
        decided = _application(room, room.people["lucia"], ApplicationState.AWARDED, session)
        award = _award(room, decided, session)
        file_id = storing.record(
            document,
            institute_id=room.institute_id,
            name=f"{award.serial}.pdf",
            media_type="application/pdf",
            owner_id=None,
        )
        award.document_file_id, award.document_sha256 = file_id, document.sha256
        return {"application_id": waiting.id, "award_id": award.id}


def _application(room: Room, person_id: PersonId, state: ApplicationState, session: Session) -> Application:
    level = session.scalars(
        select(Level).where(Level.institute_id == room.institute_id, Level.position == 1)
    ).one()
    rules = session.scalars(select(RuleSet).where(RuleSet.level_id == level.id)).one()
    made = Application(
        institute_id=room.institute_id,
        enrolment_id=room.enrolment_id,
        person_id=person_id,
        level_id=level.id,
        rule_set_id=rules.id,
        state=state,
        name=session.get_one(Person, person_id).name,
        locale="es",
        second_locale="en",
    )
    session.add(made)
    session.flush()
    return made


def _award(room: Room, application: Application, session: Session) -> Award:
    institute = session.get_one(Institute, room.institute_id)
    made = Award(
        institute_id=room.institute_id,
        application_id=application.id,
        enrolment_id=application.enrolment_id,
        person_id=application.person_id,
        level_id=application.level_id,
        rule_set_id=application.rule_set_id,
        code=f"{institute.slug.upper():A<26}"[:26],
        serial=f"{institute.slug.upper()}-2026-00001-0",
        year=2026,
        number=1,
        name_frozen=application.name,
        locale="es",
        institute_name=institute.name,
        level_name=Localised.of({"en": "Novice"}),
        title=Localised.of({"en": "Novice"}),
        level_position=1,
        signatory="Ruth Mensah",
        minutes=540,
        issued_at=now(),
        issued_by=room.people["ruth"],
        snapshot={},
        snapshot_sha256="0" * 64,
        status_index=7,
    )
    session.add(made)
    session.flush()
    return made
