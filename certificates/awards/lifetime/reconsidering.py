"""Deciding about an award that was flagged: keep it, correct its figures, suspend it or revoke it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from certificates.awards.applications.applying import recheck
from certificates.awards.errors import DecisionUnknownError
from certificates.awards.lifetime import revoking
from certificates.awards.lifetime.correcting import correct_figures
from certificates.awards.lifetime.flagging import settle_flag
from certificates.awards.models import Application, Award, AwardFlag, AwardFlagId, AwardId
from certificates.awards.states import AwardStatus, ReasonClass
from certificates.levels.eligibility import all_met
from certificates.levels.models import Level
from certificates.levels.queries import levels_of
from certificates.levels.wording import RuleWords, say_result
from institute.actors import Actor
from institute.db import db, transaction
from institute.errors import NotFoundError


class Decision(StrEnum):
    """What becomes of a flagged award."""

    KEEP = "keep"
    CORRECT = "correct"
    SUSPEND = "suspend"
    REVOKE = "revoke"


@dataclass(frozen=True, slots=True)
class StandsNow:
    """How the award's own rules stand by what is true now: the minutes that count, and the rules that are open."""

    minutes: int
    met: bool
    open: tuple[RuleWords, ...]
    ways: tuple[Decision, ...]


def stands_now(award: Award) -> StandsNow:
    """Hold the rules that an award was issued by against what is true now. The caller checked whose it is."""
    application = db.session.get_one(Application, award.application_id)
    gathered, results, _ = recheck(application, db.session())
    names = gathered.names(levels_of(award.institute_id, db.session.get_one(Level, award.level_id).track))
    met = all_met(results)
    ways = [Decision.KEEP]
    if award.status is AwardStatus.VALID:
        ways += [Decision.CORRECT, Decision.SUSPEND] if met else [Decision.SUSPEND]
    if award.status in {AwardStatus.VALID, AwardStatus.SUSPENDED}:
        ways.append(Decision.REVOKE)
    return StandsNow(
        gathered.facts.counted,
        met,
        tuple(say_result(one, gathered.facts, names) for one in results if not one.met),
        tuple(ways),
    )


def decide_flag(
    award_id: AwardId, flag_id: AwardFlagId, *, decision: str, note: str, actor: Actor
) -> AwardId:
    """Settle a flag and do what was decided, in one transaction; return the award that stands then.

    A flag that somebody settled before stays as it is. Raises as ``settle_flag``, DecisionUnknownError, and what
    correcting, suspending and revoking raise.
    """
    if decision not in list(Decision):
        raise DecisionUnknownError
    with transaction() as session:
        flag = session.get(AwardFlag, flag_id, with_for_update=True)
        if flag is None or (flag.award_id, flag.institute_id) != (award_id, actor.institute_id):
            raise NotFoundError
        before = flag.settled_at
        settle_flag(award_id, flag_id, note=note, actor=actor)
        if before is not None:
            return award_id
        match Decision(decision):
            case Decision.KEEP:
                return award_id
            case Decision.CORRECT:
                return correct_figures(award_id, reason=note, actor=actor)
            case Decision.SUSPEND:
                revoking.suspend(award_id, reason=ReasonClass.UNDER_REVIEW, note=note, actor=actor)
            case Decision.REVOKE:
                revoking.revoke(award_id, reason=ReasonClass.RULES_NOT_MET, note=note, actor=actor)
        return award_id
