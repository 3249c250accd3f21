"""Evidence of a goal: addresses and files, added and taken out by the person whose plan it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from sqlalchemy import func, select

from courses.library.checking import is_web_address
from courses.plans.errors import (
    EvidenceMissingError,
    PlanFullError,
    WebAddressError,
    WordsMissingError,
    WordsTooLongError,
)
from courses.plans.models import (
    LONGEST_LABEL,
    LONGEST_URL,
    PlanEvidence,
    PlanEvidenceId,
    PlanGoalId,
)
from courses.plans.sheets import line_of
from courses.plans.writing import Written, own_goal
from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import transaction
from institute.errors import DomainError, NotFoundError
from institute.files.handing import KeptFile, keep_handed
from institute.files.storing import record

MOST_EVIDENCE: Final = 20


@dataclass(frozen=True, slots=True)
class EvidenceSheet:
    """What was typed and handed in: a label, and an address or a file."""

    label: str = ""
    url: str = ""
    kept: tuple[KeptFile, ...] = ()
    refused: tuple[DomainError, ...] = field(default=())

    def problems(self) -> dict[str, DomainError]:
        """Return what has to be mended, by field. A file may do without a label."""
        found: dict[str, DomainError] = {}
        if self.refused:
            found["file"] = self.refused[0]
        elif not self.kept and not self.url:
            found["url"] = EvidenceMissingError()
        if self.url and (len(self.url) > LONGEST_URL or not is_web_address(self.url)):
            found["url"] = WebAddressError()
        if len(self.label) > LONGEST_LABEL:
            found["label"] = WordsTooLongError(length=len(self.label), most=LONGEST_LABEL)
        elif not self.label and not self.kept and not self.refused:
            found["label"] = WordsMissingError()
        return found


def take_in(form: Mapping[str, str], files: Iterable[tuple[str, BinaryIO]]) -> EvidenceSheet:
    """Check and keep what a form brought. Call it outside any transaction; a file goes before an address."""
    kept, refused = keep_handed(files, most=1)
    return EvidenceSheet(line_of(form.get("label", "")), line_of(form.get("url", "")), kept[:1], refused)


def add_evidence(goal_id: PlanGoalId, sheet: EvidenceSheet, *, actor: Actor) -> Written:
    """Put evidence beside a goal. Raises NotFoundError, PlanClosedError, PlanFullError."""
    with transaction() as session:
        goal = own_goal(goal_id, session=session, actor=actor)
        problems = sheet.problems()
        if problems:
            return Written(problems)
        standing = select(func.count(PlanEvidence.id)).where(
            PlanEvidence.goal_id == goal.id, PlanEvidence.removed_at.is_(None)
        )
        if (session.scalar(standing) or 0) >= MOST_EVIDENCE:
            raise PlanFullError
        evidence = PlanEvidence(institute_id=goal.institute_id, goal_id=goal.id, label=sheet.label)
        if sheet.kept:
            file = sheet.kept[0]
            evidence.label = sheet.label or file.checked.name[:LONGEST_LABEL]
            evidence.file_id = record(
                file.blob,
                institute_id=goal.institute_id,
                name=file.checked.name,
                media_type=file.checked.media_type,
                owner_id=actor.person_id,
            )
        else:
            evidence.url = sheet.url
        session.add(evidence)
        session.flush()
        audit.record("plan_evidence.added", actor=actor, subject=("plan_evidence", evidence.id))
        return Written()


def remove_evidence(goal_id: PlanGoalId, evidence_id: PlanEvidenceId, *, actor: Actor) -> None:
    """Take evidence out of the plan; versions that were handed in keep it. Raises NotFoundError, PlanClosedError."""
    with transaction() as session:
        goal = own_goal(goal_id, session=session, actor=actor)
        evidence = session.get(PlanEvidence, evidence_id)
        if evidence is None or evidence.goal_id != goal.id:
            raise NotFoundError
        if evidence.removed_at is None:
            evidence.removed_at = now()
            audit.record("plan_evidence.removed", actor=actor, subject=("plan_evidence", evidence.id))
