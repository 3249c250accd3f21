"""Tags of awards: three that every institute has and those of its own, put on one award or on a whole list."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from certificates.awards.models import Award, AwardId
from certificates.awards.queries import find_award
from certificates.levels.models import Level
from certificates.registry.errors import (
    ListChangedError,
    TagExistsError,
    TagMissingError,
    TagNameError,
    TooManyTagsError,
)
from certificates.registry.models import LONGEST_TAG, Tag, Tagging, TagId, TagKind
from certificates.registry.seeking import Criteria, Place, matching
from institute import audit
from institute.actors import Actor, InstituteId
from institute.clock import now
from institute.db import db, insert_into, transaction
from institute.errors import NotFoundError
from institute.folding import fold_text
from institute.parting import parts_of
from institute.people.models import Institute

MOST_TAGS: Final = 50
SHOWN: Final = 50
_AT_ONCE: Final = 500
# Those that every institute has are named by their kind until a row is needed.
GIVEN: Final = (TagKind.SCHOLARSHIP, TagKind.INCENTIVE, TagKind.QRIS)


@dataclass(frozen=True, slots=True)
class TagHere:
    """A tag to choose. ``key`` is how forms name it; ``id`` is null where nothing carries it yet."""

    key: str
    kind: TagKind
    name: str
    id: TagId | None = None


@dataclass(frozen=True, slots=True)
class TagLine:
    """A tag in the list of tags, and how many awards carry it."""

    tag: TagHere
    used: int


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What putting a tag on a whole list, or taking it off, would do. ``mark`` stands for exactly this list.

    ``changing`` awards change, of which ``names`` are the first; ``same`` stay as they are.
    """

    tag: TagHere
    add: bool
    changing: int
    same: int
    names: Sequence[str]
    mark: str


def tags_on(
    award_ids: Collection[AwardId], institute_id: InstituteId
) -> tuple[list[TagHere], dict[AwardId, list[TagHere]]]:
    """Return all tags of an institute, and those that each of these awards carries; one statement."""
    rows = db.session.execute(
        select(Tag, Tagging.award_id)
        .outerjoin(Tagging, (Tagging.tag_id == Tag.id) & Tagging.award_id.in_(award_ids))
        .where(Tag.institute_id == institute_id)
        .order_by(Tag.folded)
    ).all()
    here = {row.Tag.id: _here(row.Tag) for row in rows}
    carried: dict[AwardId, list[TagHere]] = {}
    for tag, award_id in rows:
        if award_id is not None:
            carried.setdefault(award_id, []).append(here[tag.id])
    return _complete(here.values()), carried


def list_tags(actor: Actor) -> list[TagLine]:
    """Return the tags of the actor's institute with how often each is used."""
    rows = db.session.execute(
        select(Tag, func.count(Tagging.award_id))
        .outerjoin(Tagging, Tagging.tag_id == Tag.id)
        .where(Tag.institute_id == actor.institute_id)
        .group_by(Tag.id)
        .order_by(Tag.folded)
    ).all()
    used = {tag.id: int(count) for tag, count in rows}
    return [TagLine(one, used.get(one.id or TagId(0), 0)) for one in _complete(_here(tag) for tag, _ in rows)]


def make_tag(name: str, *, actor: Actor) -> TagId:
    """Make a tag of the institute's own. Raises TagNameError, TagExistsError, TooManyTagsError."""
    said = " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())
    if not said or len(said) > LONGEST_TAG:
        raise TagNameError(most=LONGEST_TAG)
    with transaction() as session:
        # Of two who make the same tag at once, the second is told.
        session.get_one(Institute, actor.institute_id, with_for_update={"key_share": True})
        tags = session.scalars(select(Tag).where(Tag.institute_id == actor.institute_id)).all()
        looked_for = fold_text(said)[: 4 * LONGEST_TAG]
        if looked_for in {*(one.folded for one in tags), *(kind.value for kind in GIVEN)}:
            raise TagExistsError(name=said)
        if len(tags) >= MOST_TAGS:
            raise TooManyTagsError(most=MOST_TAGS)
        made = Tag(institute_id=actor.institute_id, kind=TagKind.OWN, name=said, folded=looked_for)
        session.add(made)
        session.flush()
        audit.record("award-tag.made", actor=actor, subject=("award_tag", made.id))
        return made.id


def remove_tag(tag_id: TagId, *, actor: Actor) -> None:
    """Take a tag of the institute's own away, off every award too. Raises NotFoundError."""
    with transaction() as session:
        tag = session.get(Tag, tag_id, with_for_update=True)
        if tag is None or tag.institute_id != actor.institute_id or tag.kind is not TagKind.OWN:
            raise NotFoundError
        session.execute(delete(Tagging).where(Tagging.tag_id == tag_id))
        session.delete(tag)
        audit.record("award-tag.removed", actor=actor, subject=("award_tag", tag_id))


def set_tags(award_id: AwardId, keys: Collection[str], *, actor: Actor) -> None:
    """Let an award carry exactly these tags. Raises NotFoundError for an award or a tag of elsewhere."""
    with transaction() as session:
        award = find_award(award_id, actor)
        wanted = {_ensure(key, session, actor) for key in dict.fromkeys(keys)}
        carried = set(session.scalars(select(Tagging.tag_id).where(Tagging.award_id == award.id)))
        _put([award.id], wanted - carried, session, actor)
        if carried - wanted:
            session.execute(
                delete(Tagging).where(Tagging.award_id == award.id, Tagging.tag_id.in_(carried - wanted))
            )
        if carried != wanted:
            audit.record(
                "award.tagged", actor=actor, subject=("award", award.id), details={"tags": sorted(wanted)}
            )


def foresee(criteria: Criteria, places: Sequence[Place], key: str, *, add: bool, actor: Actor) -> Foreseen:
    """Return what tagging a whole list would do. Raises TagMissingError, NotFoundError."""
    tag = _find(key, actor.institute_id)
    changing, same = _split(criteria, places, tag, actor, add=add)
    names = db.session.scalars(
        select(Award.name_frozen).where(Award.id.in_(changing[:SHOWN])).order_by(Award.name_frozen)
    ).all()
    return Foreseen(tag, add, len(changing), same, names, _mark(changing, tag, add=add))


def tag_list(
    criteria: Criteria, places: Sequence[Place], key: str, *, add: bool, seen: str, actor: Actor
) -> int:
    """Put a tag on every award of a list, or take it off; return how many changed.

    ``seen`` is the mark of what was looked at. Raises ListChangedError, TagMissingError, NotFoundError.
    """
    with transaction() as session:
        tag = _find(key, actor.institute_id)
        changing, _ = _split(criteria, places, tag, actor, add=add)
        if _mark(changing, tag, add=add) != seen:
            raise ListChangedError
        if not changing:
            return 0
        tag_id = _ensure(key, session, actor)
        for part in parts_of(changing, _AT_ONCE):
            if add:
                _put(part, {tag_id}, session, actor)
            else:
                session.execute(delete(Tagging).where(Tagging.tag_id == tag_id, Tagging.award_id.in_(part)))
        audit.record(
            "award-tag.put" if add else "award-tag.taken-off",
            actor=actor,
            subject=("award_tag", tag_id),
            details={"awards": len(changing), "list": seen},
        )
        return len(changing)


def _split(
    criteria: Criteria, places: Sequence[Place], tag: TagHere, actor: Actor, *, add: bool
) -> tuple[list[AwardId], int]:
    """Return which awards of a list would change, in order, and how many would not."""
    rows = db.session.execute(
        select(Award.id, Tagging.tag_id)
        .join(Level, Level.id == Award.level_id)
        .outerjoin(Tagging, (Tagging.award_id == Award.id) & (Tagging.tag_id == (tag.id or 0)))
        .where(*matching(criteria, actor.institute_id, places))
        .order_by(Award.id)
    ).all()
    changing = [award_id for award_id, carried in rows if (carried is None) == add]
    return changing, len(rows) - len(changing)


def _mark(changing: Sequence[AwardId], tag: TagHere, *, add: bool) -> str:
    return hashlib.sha256(f"{tag.key} {add} {','.join(map(str, changing))}".encode()).hexdigest()


def _put(award_ids: Sequence[AwardId], tag_ids: Collection[TagId], session: Session, actor: Actor) -> None:
    rows = [
        {
            "award_id": award_id,
            "tag_id": tag_id,
            "institute_id": actor.institute_id,
            "tagged_by": actor.person_id,
            "tagged_at": now(),
        }
        for award_id in award_ids
        for tag_id in tag_ids
    ]
    if rows:
        session.execute(insert_into(session, Tagging).on_conflict_do_nothing(), rows)


def _find(key: str, institute_id: InstituteId) -> TagHere:
    """Return the tag that a form names. Raises TagMissingError, NotFoundError."""
    if not key:
        raise TagMissingError
    found = next((one for one in tags_on((), institute_id)[0] if one.key == key), None)
    if found is None:
        raise NotFoundError
    return found


def _ensure(key: str, session: Session, actor: Actor) -> TagId:
    """Return the id of a tag, with a row where one of the given ones has none yet. Raises NotFoundError."""
    tag = _find(key, actor.institute_id)
    if tag.id is not None:
        return tag.id
    values = {
        "institute_id": actor.institute_id,
        "kind": tag.kind,
        "name": "",
        "folded": tag.kind.value,
        "created_at": now(),
    }
    session.execute(insert_into(session, Tag).on_conflict_do_nothing(), [values])
    return session.scalars(
        select(Tag.id).where(Tag.institute_id == actor.institute_id, Tag.kind == tag.kind)
    ).one()


def _here(tag: Tag) -> TagHere:
    return TagHere(tag.kind.value if tag.kind in GIVEN else str(tag.id), tag.kind, tag.name, tag.id)


def _complete(tags: Iterable[TagHere]) -> list[TagHere]:
    """Return tags with the given ones first, those too that have no row yet."""
    known = list(tags)
    rows = {one.kind: one for one in known if one.kind in GIVEN}
    given = [rows.get(kind, TagHere(kind.value, kind, "")) for kind in GIVEN]
    return given + [one for one in known if one.kind is TagKind.OWN]
