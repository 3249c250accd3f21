"""What the evidence tells the other rooms."""

from __future__ import annotations

from dataclasses import dataclass

from certificates.evidence.models import RequirementId, SubmissionId
from courses.cohorts.models import CohortId, EnrolmentId
from institute.actors import InstituteId, PersonId


@dataclass(frozen=True, slots=True)
class EvidenceSubmitted:
    """A participant submitted an attempt: from now on its text and files stand."""

    institute_id: InstituteId
    cohort_id: CohortId
    enrolment_id: EnrolmentId
    person_id: PersonId
    submission_id: SubmissionId
    requirement_id: RequirementId


@dataclass(frozen=True, slots=True)
class AttemptBegun:
    """A participant begins anew after ``previous_id``; whoever must refuse it raises."""

    institute_id: InstituteId
    enrolment_id: EnrolmentId
    person_id: PersonId
    previous_id: SubmissionId
    submission_id: SubmissionId
