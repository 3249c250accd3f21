"""What scoring tells the other rooms."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from certificates.evidence.models import RequirementId, SubmissionId
from courses.cohorts.models import CohortId, EnrolmentId
from institute.actors import InstituteId, PersonId


@dataclass(frozen=True, slots=True)
class ScoresReleased:
    """The scores of a submission were released to its participant, with the exact mean and the highest level."""

    institute_id: InstituteId
    cohort_id: CohortId
    enrolment_id: EnrolmentId
    person_id: PersonId
    submission_id: SubmissionId
    requirement_id: RequirementId
    requirement_key: str
    score: Fraction
    maximum: Fraction
    passed: bool


@dataclass(frozen=True, slots=True)
class AppealJudged:
    """The readers of an appeal came to a result, and the participant may know it: ``changed``, or what stood stands."""

    institute_id: InstituteId
    submission_id: SubmissionId
    changed: bool
