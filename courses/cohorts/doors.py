"""What a participant may open by a mailed link, without a launch."""

from __future__ import annotations

from sqlalchemy import select

from courses.cohorts.models import Cohort, Enrolment, EnrolmentState
from institute.actors import Role
from institute.db import db
from institute.i18n import current_locale
from institute.messages.doors import Door
from institute.people.models import Person


def participant_doors(person: Person) -> list[Door]:
    """Return the cohort of a person's newest active enrolment, as a door of a participant."""
    found = db.session.execute(
        select(Cohort.id, Cohort.name)
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .where(
            Enrolment.person_id == person.id,
            Enrolment.institute_id == person.institute_id,
            Enrolment.state == EnrolmentState.ACTIVE,
        )
        .order_by(Cohort.starts.desc(), Enrolment.id.desc())
        .limit(1)
    ).one_or_none()
    if found is None:
        return []
    return [Door((Role.PARTICIPANT,), found.id, found.name.in_(current_locale()))]
