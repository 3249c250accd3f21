"""The badge of an own certificate: always the holder's to save, at its address where what it tells is shared."""

from __future__ import annotations

from dataclasses import dataclass

from certificates.awards.errors import BadgeKeptError
from certificates.awards.holders.owning import own_award
from certificates.awards.models import Award, AwardCredential, AwardId
from certificates.awards.proof.addresses import credential_url
from certificates.awards.proof.picture import bake
from certificates.awards.proof.publishing import picture_of
from certificates.awards.proof.serving import StoredBadge, shared_badge
from certificates.levels.models import Level, RuleSet
from institute.actors import Actor
from institute.db import db
from institute.errors import NotFoundError
from institute.people.models import Institute


@dataclass(frozen=True, slots=True)
class BadgeHere:
    """A badge that is there. ``address`` is where wallets fetch it; ``shared`` whether they get it now."""

    address: str
    shared: bool


def badge_here(award: Award) -> BadgeHere | None:
    """Return where an award's badge stands, or None while it is being made."""
    if db.session.get(AwardCredential, award.id) is None:
        return None
    try:
        shared_badge(award.code)
    except BadgeKeptError:
        return BadgeHere(credential_url(award.code), shared=False)
    return BadgeHere(credential_url(award.code), shared=True)


def own_badge(award_id: AwardId, actor: Actor) -> tuple[str, StoredBadge]:
    """Return the serial and the badge of an own award, whatever is shared of it. Raises NotFoundError."""
    award = own_award(award_id, actor)
    kept = db.session.get(AwardCredential, award.id)
    if kept is None:
        raise NotFoundError
    return award.serial, StoredBadge(kept.document, kept.jwt)


def own_picture(award_id: AwardId, actor: Actor) -> tuple[str, bytes]:
    """Return the serial and the picture of an own award with its badge inside, as SVG. Raises NotFoundError."""
    serial, kept = own_badge(award_id, actor)
    award = own_award(award_id, actor)
    slug = db.session.get_one(Institute, award.institute_id).slug
    level, rules = db.session.get_one(Level, award.level_id), db.session.get_one(RuleSet, award.rule_set_id)
    return serial, bake(picture_of(slug, level.key, rules.version), kept.document)
