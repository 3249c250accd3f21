"""What each person wants to be told, and when: chosen on their page, or stopped from a message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from institute import audit
from institute.actors import Actor, InstituteId, PersonId
from institute.clock import now
from institute.db import db, transaction
from institute.errors import InvalidError, NotFoundError
from institute.i18n import lazy_gettext
from institute.messages import mail
from institute.messages.models import MailChoice
from institute.messages.stopping import Stop
from institute.messages.topics import Cadence, Topic


class CadenceError(InvalidError):
    """None of the choices was chosen."""

    code = "MAIL-CADENCE"
    sentence = lazy_gettext("Choose one of these.")


@dataclass(frozen=True, slots=True)
class TopicChoice:
    """A topic with what somebody chose for it."""

    topic: Topic
    cadence: Cadence


def choices_of(actor: Actor) -> list[TopicChoice]:
    """Return every topic with the actor's choice, in the order of the page."""
    chosen = _chosen(actor.person_id)
    return [TopicChoice(topic, chosen.get(topic.key, topic.usual)) for topic in mail.topics()]


def cadence_of(person_id: PersonId, topic: Topic) -> Cadence:
    """Return when somebody wants to be told of a topic."""
    row = db.session.get(MailChoice, (person_id, topic.key), populate_existing=True)
    return row.cadence if row is not None else topic.usual


def choose(wished: Mapping[str, str], *, actor: Actor) -> dict[str, CadenceError]:
    """Keep the actor's choices, by topic; what is not named stays. Returns what has to be mended, by topic."""
    known = {topic.key for topic in mail.topics()}
    named = {key: value for key, value in wished.items() if key in known}
    wrong = {key: CadenceError() for key, value in named.items() if value not in list(Cadence)}
    if actor.person_id is None:
        raise NotFoundError
    if not wrong:
        with transaction():
            for key, value in named.items():
                _keep(actor.institute_id, actor.person_id, key, Cadence(value), actor)
    return wrong


def stop(wish: Stop, *, instead: Cadence = Cadence.NONE) -> None:
    """Stop the messages that an address names, or bring them back; needs nobody's session. Twice is once."""
    actor = Actor(institute_id=wish.institute_id, person_id=wish.person_id, door="mail")
    known = {topic.key for topic in mail.topics()}
    with transaction():
        for key in wish.topics:
            if key in known:
                _keep(wish.institute_id, wish.person_id, key, instead, actor)


def topics_named(keys: Iterable[str]) -> list[Topic]:
    """Return the topics of these keys that there are."""
    wanted = set(keys)
    return [topic for topic in mail.topics() if topic.key in wanted]


def _chosen(person_id: PersonId | None) -> dict[str, Cadence]:
    rows = db.session.execute(
        select(MailChoice.topic, MailChoice.cadence).where(MailChoice.person_id == person_id)
    )
    return {row.topic: row.cadence for row in rows}


def _keep(institute_id: InstituteId, person_id: PersonId, topic: str, cadence: Cadence, actor: Actor) -> None:
    session = db.session()
    row = session.get(MailChoice, (person_id, topic), with_for_update=True)
    if row is None:
        row = MailChoice(person_id=person_id, topic=topic, institute_id=institute_id, cadence=cadence)
        session.add(row)
    elif row.cadence is cadence:
        return
    row.cadence, row.chosen_at = cadence, now()
    session.flush()
    audit.record(
        "mail.chosen",
        actor=actor,
        subject=("person", person_id),
        details={"topic": topic, "cadence": cadence},
    )
