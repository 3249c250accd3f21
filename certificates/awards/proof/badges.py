"""What the Open Badge of an award says, gathered by the worker from what was frozen at issue; stored once, for ever."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, Final

from sqlalchemy import func, select

from certificates.awards.holders import sharing
from certificates.awards.models import Award, AwardCredential, AwardId
from certificates.awards.proof import addresses
from certificates.awards.states import AwardStatus
from certificates.documents.badge import Badge, Competency, Piece, Scale, Scored
from certificates.documents.multibase import base64url
from certificates.evidence.models import Requirement
from certificates.levels.models import Level, RuleSet
from certificates.levels.rules import Rule, RuleKind, read_rules
from certificates.rubrics.models import Criterion
from certificates.rubrics.queries import CriterionView, rubrics_of
from certificates.scoring.outcomes.results import CriterionScore, ScoreRelease
from courses.frameworks.queries import named
from institute.actors import InstituteId
from institute.db import db, insert_into, transaction
from institute.i18n import language_tag
from institute.keys.models import InstituteKeyId
from institute.people.linking import same_person
from institute.people.models import Institute, Person

SALT_BYTES: Final = 16
# A rule that asks for a competency looks at whatever was scored.
EVERY_PIECE: Final = frozenset({RuleKind.COMPETENCY})
OF_PIECES: Final = frozenset({RuleKind.EVIDENCE, RuleKind.SCORE})


def badge_of(award: Award) -> Badge:
    """Return what an award's badge says beside what its certificate says."""
    institute = db.session.get_one(Institute, award.institute_id)
    level = db.session.get_one(Level, award.level_id)
    rule_set = db.session.get_one(RuleSet, award.rule_set_id)
    rules = [one for rule in read_rules(rule_set.rules) for one in (rule, *rule.one_of)]
    person = db.session.get_one(Person, award.person_id)
    slug = institute.slug
    return Badge(
        url=addresses.credential_url(award.code),
        achievement_url=addresses.achievement_url(slug, level.key, rule_set.version),
        criteria=narrative(award),
        image_url=addresses.image_url(slug, level.key, rule_set.version),
        language=language_tag(award.locale),
        tags=(level.track.value,),
        scored=_scored(award, rules, slug),
        builds_on=builds_on(award, rules, slug),
        evidence=_evidence(award),
        until=award.valid_until,
        email=person.email or "",
        salt=base64url(secrets.token_bytes(SALT_BYTES))[1:],
    )


def narrative(award: Award) -> str:
    """Return the rules as they were said at issue, in the certificate's language; empty for awards from before."""
    words: Mapping[str, list[list[str]]] = award.snapshot.get("words", {})
    return "\n".join(f"- {rule}" for rule, _stands in words.get(award.locale, ()))


def builds_on(award: Award, rules: Iterable[Rule], slug: str) -> tuple[str, ...]:
    """Return the achievements that had to be held before, each in the version that the person held or holds."""
    asked = {rule.key for rule in rules if rule.kind is RuleKind.LEVEL}
    if not asked:
        return ()
    rows = db.session.execute(
        select(Level.key, func.max(RuleSet.version))
        .join(Award, Award.level_id == Level.id)
        .join(RuleSet, RuleSet.id == Award.rule_set_id)
        .where(
            Award.institute_id == award.institute_id,
            Award.person_id.in_(same_person(award.person_id)),
            Award.status != AwardStatus.REVOKED,
            Level.key.in_(asked),
        )
        .group_by(Level.key, Level.position)
        .order_by(Level.position)
    )
    return tuple(addresses.achievement_url(slug, key, version) for key, version in rows)


def _scored(award: Award, rules: list[Rule], slug: str) -> tuple[Scored, ...]:
    """Return the levels reached on each criterion that the rules rest on, as released when the award was issued."""
    scores: dict[str, dict[str, Any]] = award.snapshot.get("scores", {})
    asked = {rule.key.partition("/")[0] for rule in rules if rule.kind in OF_PIECES}
    keys = set(scores) if any(rule.kind in EVERY_PIECE for rule in rules) else asked & set(scores)
    submissions = {key: sent for key, sent in award.snapshot.get("submissions", {}).items() if key in keys}
    if not submissions:
        return ()
    views = _criteria_of(submissions, award.institute_id)
    addressed = {one.element for found in views.values() for one in found if one.element}
    competencies = _competencies(award, addressed, slug)
    scored: list[Scored] = []
    for requirement in sorted(views):
        reached = scores[requirement].get("criteria", {})
        for one in views[requirement]:
            if one.key not in reached:
                continue
            numerator, denominator = reached[one.key]
            scale = Scale(
                key=_scale_key(requirement, one),
                name=one.title.in_(award.locale),
                levels=tuple(level.name.in_(award.locale) for level in one.levels),
                required=one.minimum,
                competency=competencies.get(one.element or ""),
            )
            scored.append(Scored(scale, Fraction(numerator, denominator)))
    return tuple(scored)


def criteria_in_words(award: Award) -> dict[str, CriterionView]:
    """Return the criteria that an award's badge may name, in every language, by their keys in the badge."""
    views = _criteria_of(award.snapshot.get("submissions", {}), award.institute_id)
    return {_scale_key(requirement, one): one for requirement, found in views.items() for one in found}


def _scale_key(requirement: str, criterion: CriterionView) -> str:
    return f"{requirement}-{criterion.key}"


def _criteria_of(
    submissions: Mapping[str, int], institute_id: InstituteId
) -> dict[str, tuple[CriterionView, ...]]:
    """Return the criteria that each requirement's submission was scored by, by the requirement's key."""
    rows = db.session.execute(
        select(ScoreRelease.submission_id, Criterion.rubric_id)
        .join(CriterionScore, CriterionScore.release_id == ScoreRelease.id)
        .join(Criterion, Criterion.id == CriterionScore.criterion_id)
        .where(
            ScoreRelease.institute_id == institute_id,
            ScoreRelease.submission_id.in_(submissions.values()),
        )
        .distinct()
    )
    rubric_ids = {one.submission_id: one.rubric_id for one in rows}
    rubrics = {one.id: one for one in rubrics_of(sorted(set(rubric_ids.values())), institute_id=institute_id)}
    return {
        key: rubrics[rubric_ids[sent]].criteria for key, sent in submissions.items() if sent in rubric_ids
    }


def _competencies(award: Award, asked: set[str], slug: str) -> dict[str, Competency]:
    found = {}
    for address, one in named(award.institute_id, sorted(asked)).items():
        framework, _, element = address.partition("/")
        if one.title is None or one.group is None:
            continue
        found[address] = Competency(
            url=addresses.competency_url(slug, framework, element),
            name=one.title.in_(award.locale),
            framework=one.group.in_(award.locale),
            code=one.code,
        )
    return found


def _evidence(award: Award) -> tuple[Piece, ...]:
    """Return the pieces that the holder agreed to name when the badge was made."""
    allowed = sharing.sharing_of(award).evidence
    if not allowed:
        return ()
    titles = db.session.execute(
        select(Requirement.key, Requirement.title).where(
            Requirement.institute_id == award.institute_id, Requirement.key.in_(allowed)
        )
    )
    called = {key: title.in_(award.locale) for key, title in titles}
    return tuple(Piece(called[key]) for key in sorted(called))


def stored(award_id: AwardId) -> AwardCredential | None:
    """Return the badge of an award as it was signed, or None while there is none."""
    return db.session.get(AwardCredential, award_id)


def store(
    award: Award, *, document: bytes, jwt: str, badge_key: InstituteKeyId, jwt_key: InstituteKeyId
) -> AwardCredential:
    """Keep a signed badge, unless another worker was faster; return the one that stands."""
    award_id = award.id
    with transaction() as session:
        values = {
            "award_id": award_id,
            "institute_id": award.institute_id,
            "document": document.decode(),
            "jwt": jwt,
            "badge_key_id": badge_key,
            "jwt_key_id": jwt_key,
        }
        session.execute(insert_into(session, AwardCredential).values(values).on_conflict_do_nothing())
        return session.get_one(AwardCredential, award_id)
