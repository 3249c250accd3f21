"""One award in the registry: its tags, its holder's consent, and what an auditor would get."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from certificates.awards.holders.sharing import Sharing, sharing_of
from certificates.awards.models import Award, AwardId
from certificates.awards.queries import find_award
from certificates.registry.contents import Attached, attached_to
from certificates.registry.packets import PacketHere, PacketState, find_packet
from certificates.registry.tags import TagHere, tags_on
from institute.actors import Actor
from institute.clock import now
from institute.db import db
from institute.people.models import Institute


@dataclass(frozen=True)
class Record:
    """An award with its tags; ``attached`` are the files that a packet would hold, or only name."""

    award: Award
    timezone: str
    sharing: Sharing
    tags: Sequence[TagHere]
    carried: frozenset[str]
    packet: PacketHere | None
    attached: Sequence[Attached]

    @property
    def size(self) -> int:
        """About how many bytes a packet would have: what is attached, and its own pages."""
        return 200_000 + sum(one.size for one in self.attached if one.held)

    @property
    def named(self) -> int:
        """How many files a packet would only name."""
        return sum(not one.held for one in self.attached)

    @property
    def again_in(self) -> int | None:
        """After how many seconds the page looks again whether the packet is there, if it does."""
        if self.packet is None or self.packet.state is not PacketState.WAITING:
            return None
        return 3 if now() - self.packet.asked_at < timedelta(minutes=1) else 20


def view_record(award_id: AwardId, *, actor: Actor) -> Record:
    """Return an award of the actor's institute as the registry has it. Raises NotFoundError."""
    award = find_award(award_id, actor)
    tags, carried = tags_on([award.id], actor.institute_id)
    sharing = sharing_of(award)
    return Record(
        award=award,
        timezone=db.session.get_one(Institute, award.institute_id).timezone,
        sharing=sharing,
        tags=tags,
        carried=frozenset(one.key for one in carried.get(award.id, ())),
        packet=find_packet(award.id, actor),
        attached=attached_to(award, sharing),
    )
