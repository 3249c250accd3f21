"""An institute whose registry holds whom a test puts there, and an administrator who looks at it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.awards.holders.models import HolderChoice
from certificates.awards.models import Application, Award, AwardId
from certificates.awards.states import ApplicationState, AwardStatus
from certificates.levels.models import Level, RuleSet, Track
from courses.coaches.models import CoachProfile
from courses.cohorts.models import NeedLevel, Recipient, RecipientType, Setting
from institute.actors import PersonId, Role
from institute.db import transaction
from institute.i18n import Localised
from institute.people.granting import grant_role
from institute.people.models import Institute, Organisation, OrganisationKind, Person
from tests.browsing import Visitor
from tests.certificates.awards.conftest import (  # noqa: F401  (fixtures)
    Candidate,
    Office,
    award,
    candidate,
    ladder,
    make_candidate,
    make_office,
    october,
    office,
)
from tests.courses.coaching.conftest import NOW, make_pair  # noqa: F401  (a fixture)
from tests.courses.conftest import (  # noqa: F401  (fixtures)
    Studied,
    make_enrolment,
    make_studied,
    studied,
)

REGISTRY = "/administrator/registry"


@dataclass
class Hall:
    """An institute with three levels, two of them a participant's and one a coach's, and whoever a test puts there."""

    institute: Institute
    issuer: Person
    make_person: Callable[..., Person]
    levels: dict[str, tuple[int, int]]
    numbers: Any

    def hold(
        self,
        name: str,
        level: str = "novice",
        *,
        status: AwardStatus = AwardStatus.VALID,
        listed: bool = False,
        locale: str = "en",
        valid_until: datetime | None = None,
        languages: tuple[str, ...] = (),
        specialties: tuple[str, ...] = (),
        place: Organisation | None = None,
        enrolment_id: int | None = None,
        person: Person | None = None,
        snapshot: dict[str, Any] | None = None,
        shared: tuple[str, ...] = (),
    ) -> AwardId:
        """Let somebody hold a level."""
        who = person or self.make_person(name=name, institute_id=self.institute.id)
        number, (level_id, rules_id) = next(self.numbers), self.levels[level]
        with transaction() as session:
            applied = Application(
                institute_id=self.institute.id,
                enrolment_id=enrolment_id,
                person_id=who.id,
                level_id=level_id,
                rule_set_id=rules_id,
                state=ApplicationState.AWARDED,
                name=name,
                locale=locale,
            )
            session.add(applied)
            session.flush()
            made = Award(
                institute_id=self.institute.id,
                application_id=applied.id,
                enrolment_id=enrolment_id,
                person_id=who.id,
                level_id=level_id,
                rule_set_id=rules_id,
                code=f"{self.institute.id:03}{number:023}",
                serial=f"VALLEY-2026-{number:05}-0",
                year=2026,
                number=number,
                name_frozen=name,
                locale=locale,
                institute_name=self.institute.name,
                level_name=Localised.of({"en": level.capitalize()}),
                title=Localised.of({"en": level.capitalize()}),
                level_position=1,
                signatory="Ruth Mensah",
                minutes=540,
                issued_at=NOW,
                issued_by=self.issuer.id,
                valid_until=valid_until,
                snapshot=snapshot or {},
                snapshot_sha256="0" * 64,
                status=status,
                status_index=number,
            )
            session.add(made)
            session.flush()
            if listed or shared:
                session.add(
                    HolderChoice(
                        award_id=made.id,
                        institute_id=self.institute.id,
                        person_id=who.id,
                        listed=listed,
                        evidence=list(shared),
                    )
                )
            if languages or specialties or (place is not None and enrolment_id is None):
                session.add(
                    CoachProfile(
                        institute_id=self.institute.id,
                        person_id=who.id,
                        organisation_id=place.id if place else None,
                        languages=list(languages),
                        specialties=list(specialties),
                    )
                )
            if place is not None and enrolment_id is not None:
                session.add(
                    Recipient(
                        institute_id=self.institute.id,
                        enrolment_id=enrolment_id,
                        since=NOW.date(),
                        type=RecipientType.LEAD_TEACHER,
                        setting=Setting.CENTRE,
                        need=NeedLevel.STANDARD,
                        site_id=place.id,
                    )
                )
            return made.id

    def place(self, name: str, kind: OrganisationKind, above: Organisation | None = None) -> Organisation:
        """Let the institute's tree have an organisation."""
        with transaction() as session:
            made = Organisation(
                institute_id=self.institute.id,
                parent_id=above.id if above else None,
                key=name.lower().replace(" ", "-"),
                kind=kind,
                name=Localised.of({"en": name}),
            )
            session.add(made)
            session.flush()
            session.expunge(made)
        return made


@pytest.fixture
def make_hall(make_person: Callable[..., Person]) -> Callable[[Institute], Hall]:
    """Make a hall for an institute."""

    def make(institute: Institute) -> Hall:
        issuer = make_person(name="Ruth Mensah", institute_id=institute.id)
        levels: dict[str, tuple[int, int]] = {}
        with transaction() as session:
            for key, track, position in (
                ("novice", Track.PARTICIPANT, 1),
                ("career", Track.PARTICIPANT, 2),
                ("guide", Track.COACH, 1),
            ):
                name = Localised.of({"en": key.capitalize()})
                level = Level(
                    institute_id=institute.id,
                    key=key,
                    track=track,
                    position=position,
                    name=name,
                    summary=name,
                )
                session.add(level)
                session.flush()
                rules = RuleSet(
                    institute_id=institute.id, level_id=level.id, version=1, rules=[], sha256="0" * 64
                )
                session.add(rules)
                session.flush()
                levels[key] = (level.id, rules.id)
        return Hall(institute, issuer, make_person, levels, count(1))

    return make


@pytest.fixture
def hall(institute: Institute, make_hall: Callable[[Institute], Hall]) -> Hall:
    """The registry that a test is about."""
    return make_hall(institute)


@pytest.fixture
def clerk(hall: Hall, sign_in: Callable[..., Visitor], system: Any) -> Visitor:
    """An administrator of the hall's institute at a browser."""
    grant_role(PersonId(hall.issuer.id), Role.ADMINISTRATOR, actor=system)
    return sign_in(hall.issuer)


def stored(session: Session, award_id: AwardId) -> Award:
    """Return an award as it is stored."""
    session.rollback()
    return session.scalars(select(Award).where(Award.id == award_id)).one()
