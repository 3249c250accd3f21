"""What the pages of the rules show: each programme's rules in sentences, and the form that changes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import bindparam, func, select

from courses.catalogue.models import Programme, ProgrammeId
from courses.cohorts.models import Cohort, Enrolment
from courses.hours.models import CoachingPolicy
from courses.hours.policies import COLUMNS, Policy, read_policy
from courses.hours.setting import AT_ONCE, set_policy
from courses.hours.sheets import Checked, PolicySheet, check_rules, revision_of
from institute.actors import Actor
from institute.db import db, transaction
from institute.errors import NotFoundError
from institute.i18n import Localised

_PEOPLE: Final = (
    select(func.count(Enrolment.id))
    .join(Cohort, Cohort.id == Enrolment.cohort_id)
    .where(Cohort.programme_id == Programme.id)
    .correlate(Programme)
    .scalar_subquery()
)
_RULES: Final = (
    select(Programme.id, Programme.slug, Programme.title, _PEOPLE, *COLUMNS)
    .outerjoin(CoachingPolicy, CoachingPolicy.programme_id == Programme.id)
    .where(Programme.institute_id == bindparam("institute"))
    .order_by(Programme.id)
)
_OF_PROGRAMME: Final = _RULES.where(Programme.slug == bindparam("slug"))


@dataclass(frozen=True, slots=True)
class Rules:
    """A programme with what it asks for; ``people`` are enrolled in it."""

    programme_id: ProgrammeId
    slug: str
    title: Localised
    people: int
    policy: Policy


@dataclass(frozen=True, slots=True)
class RulesForm:
    """The form of a programme's rules. ``stale`` tells that they became others while it was edited."""

    rules: Rules
    checked: Checked
    stale: bool = False

    @property
    def revision(self) -> str:
        """What the next sending changes."""
        return revision_of(self.rules.policy)

    @property
    def takes_time(self) -> bool:
        """Whether so many are enrolled that the worker counts them anew."""
        return self.rules.people > AT_ONCE


def rules_of_institute(actor: Actor) -> list[Rules]:
    """Return the rules of every programme of the actor's institute."""
    return [_read(row) for row in db.session.execute(_RULES, {"institute": actor.institute_id})]


def rules_form(slug: str, *, actor: Actor) -> RulesForm:
    """Return the form of a programme's rules as they are. Raises NotFoundError."""
    rules = _rules(slug, actor)
    return RulesForm(rules, Checked(PolicySheet.of(rules.policy)))


def save_rules(slug: str, sheet: PolicySheet, *, revision: str, actor: Actor) -> RulesForm | None:
    """Save what a form says; return the form where something has to be mended or the rules became others meanwhile.

    ``revision`` is that of the rules that the form was made from. Raises NotFoundError.
    """
    checked = check_rules(sheet)
    with transaction():
        rules = _rules(slug, actor)
        if revision != revision_of(rules.policy):
            return RulesForm(rules, checked, stale=True)
        if checked.policy is None:
            return RulesForm(rules, checked)
        set_policy(rules.programme_id, checked.policy, actor=actor)
        return None


def _rules(slug: str, actor: Actor) -> Rules:
    values = {"institute": actor.institute_id, "slug": slug.replace("\0", "")}
    row = db.session.execute(_OF_PROGRAMME, values).one_or_none()
    if row is None:
        raise NotFoundError
    return _read(row)


def _read(row: Any) -> Rules:
    programme_id, slug, title, people, *policy = row
    return Rules(programme_id, slug, title, people, read_policy(*policy))
