"""Everything that a course may link to, with what each link may send to the gradebook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from institute.actors import Actor, InstituteId
from institute.web import openables
from institute.web.openables import Offer
from lti.deep_linking.asking import Asked
from lti.deep_linking.choosing import Choice, code_of
from lti.deep_linking.items import Chosen
from lti.services.kinds import ColumnFacts, GradeKind, column_facts, kinds_for


@dataclass(frozen=True, slots=True)
class Listed:
    """An offer with its code; ``kinds`` is what its link may send, what it sends by itself first."""

    offer: Offer
    code: str
    kinds: tuple[GradeKind, ...]

    def grade(self, choice: Choice) -> GradeKind:
        """Return what the link sends: what was decided, if that is lawful."""
        decided = choice.grades.get(self.code)
        return next((kind for kind in self.kinds if kind == decided), self.kinds[0])


class Columns:
    """The columns of an institute's gradebooks, each maximum asked for once."""

    def __init__(self, institute_id: InstituteId) -> None:
        self._institute_id = institute_id
        self._maxima: dict[tuple[GradeKind, str], int] = {}

    def facts(self, kind: GradeKind, target: str) -> ColumnFacts | None:
        """Return the column of what a link to ``target`` sends; None where it sends nothing."""
        return column_facts(kind, target or None, institute_id=self._institute_id)

    def points(self, kind: GradeKind, target: str) -> int:
        """Return how many points such a column has, 0 where there is none."""
        if kind is GradeKind.NONE:
            return 0
        key = (kind, target if kind is GradeKind.EVIDENCE else "")
        if key not in self._maxima:
            facts = self.facts(kind, target)
            self._maxima[key] = facts.score_maximum if facts else 0
        return self._maxima[key]


def list_offers(asked: Asked, actor: Actor) -> Sequence[Listed]:
    """Return what the course's cohort offers, in order; nothing while the course belongs to no cohort."""
    if asked.cohort_id is None:
        return ()
    here = replace(actor, place=asked.cohort_id)
    return [Listed(one, code_of(one.target), _kinds(one, asked)) for one in openables.offers(here)]


def choose(
    listed: Sequence[Listed], choice: Choice, *, asked: Asked, institute_id: InstituteId
) -> list[Chosen]:
    """Return the chosen ones of ``listed``, in its order, with their columns where the platform takes any."""
    columns = Columns(institute_id)
    return [
        Chosen(one.offer, kind, columns.facts(kind, one.offer.target) if asked.takes_columns else None)
        for one in listed
        if one.code in choice.codes
        for kind in (one.grade(choice),)
    ]


def _kinds(offer: Offer, asked: Asked) -> tuple[GradeKind, ...]:
    """Return the lawful kinds. Only what is graded by its nature has a column unless somebody wants one."""
    lawful = kinds_for(offer.target or None)
    scored = [kind for kind in lawful if kind is not GradeKind.EVIDENCE or offer.graded]
    if not asked.takes_columns:
        return (scored[0] if offer.graded else GradeKind.NONE,)
    if offer.graded or GradeKind.NONE not in scored:
        return tuple(scored)
    return (GradeKind.NONE, *(kind for kind in scored if kind is not GradeKind.NONE))
