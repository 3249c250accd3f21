"""Answering a platform: the chosen items go back once, signed; sent again they are the same."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select, update

from institute import audit
from institute.actors import Actor
from institute.clock import now
from institute.db import db, transaction
from institute.i18n import current_locale, gettext
from lti.deep_linking.asking import Asked, find_asked
from lti.deep_linking.choosing import Choice, Days, read_days
from lti.deep_linking.items import Chosen, content_item
from lti.deep_linking.message import LIFETIME_SECONDS, Message, sign_answer
from lti.deep_linking.models import LinkingAnswer
from lti.deep_linking.offers import choose, list_offers
from lti.deep_linking.picking import State, state_of
from lti.launches.models import DeepLinkingRequest
from lti.platforms.tool import tool_values

PRESSED_TWICE: Final = timedelta(seconds=30)
"""The same form within this time is a second press of the button, whose answer is the first one's."""
GOOD_FOR: Final = timedelta(seconds=LIFETIME_SECONDS - 60)
"""A message that is older than this may be too old when it arrives."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: an answer to be handed over, or what stands against the form as (field, sentence).

    Neither where the request cannot be answered now, or was: its page says why.
    """

    answered: bool = False
    errors: Sequence[tuple[str, str]] = ()


def add_items(choice: Choice, *, actor: Actor) -> Outcome:
    """Answer with what was chosen. Raises what ``find_asked`` raises."""
    asked = find_asked(actor)
    if state_of(replace(asked, answered_at=None)) is not State.PICKER:
        return Outcome()
    listed = list_offers(asked, actor)
    days, errors = read_days(choice, asked)
    chosen = choose(listed, choice, asked=asked, institute_id=actor.institute_id)
    if not chosen:
        errors = [("offers", gettext("Choose at least one item.")), *errors]
    elif len(chosen) > 1 and not asked.takes_several:
        errors = [("offers", gettext("The course takes one item at a time.")), *errors]
    if errors:
        return Outcome(errors=errors)
    return _answer(asked, _items(chosen, choice, days, asked), actor)


def add_programme(choice: Choice, *, actor: Actor) -> Outcome:
    """Answer with the whole programme in its order, whatever is ticked. Raises what ``find_asked`` raises."""
    listed = list_offers(find_asked(actor), actor)
    every = frozenset(one.code for one in listed if not one.offer.overview)
    return add_items(replace(choice, codes=every), actor=actor)


def cancel(*, actor: Actor) -> Outcome:
    """Answer with nothing, which takes the person back to the course. Raises what ``find_asked`` raises."""
    return _answer(find_asked(actor), [], actor)


def send_again(*, actor: Actor) -> Outcome:
    """Make a new message of what was answered: the first may have got lost. Raises what ``find_asked`` raises."""
    asked = find_asked(actor)
    with transaction() as session:
        held = session.scalar(
            select(LinkingAnswer).where(LinkingAnswer.session_id == asked.session_id).with_for_update()
        )
        if held is not None:
            held.nonce, held.signed_at, held.sendings = _nonce(), now(), held.sendings + 1
    return Outcome(answered=held is not None)


def message_to_hand_over(*, actor: Actor) -> Message | None:
    """Return the message of the latest answer, the same each time; None before there is one, and once it is too old.

    Raises what ``find_asked`` raises.
    """
    asked = find_asked(actor)
    held = db.session.scalar(select(LinkingAnswer).where(LinkingAnswer.session_id == asked.session_id))
    if held is None or held.signed_at + GOOD_FOR < now():
        return None
    return sign_answer(asked, held.items, nonce=held.nonce, at=held.signed_at)


def _items(chosen: Sequence[Chosen], choice: Choice, days: Days, asked: Asked) -> list[dict[str, Any]]:
    launch_url, locale = tool_values().launch_url, current_locale()
    where = choice.where if choice.where in asked.targets else ""
    return [content_item(one, launch_url=launch_url, locale=locale, where=where, days=days) for one in chosen]


def _answer(asked: Asked, items: list[dict[str, Any]], actor: Actor) -> Outcome:
    """Note the answer down, if it is the first; a button that was pressed twice gets the first one's answer."""
    with transaction() as session:
        first = session.scalar(
            update(DeepLinkingRequest)
            .where(
                DeepLinkingRequest.session_id == asked.session_id, DeepLinkingRequest.answered_at.is_(None)
            )
            .values(answered_at=now())
            .returning(DeepLinkingRequest.id)
        )
        held = session.scalar(select(LinkingAnswer).where(LinkingAnswer.session_id == asked.session_id))
        if first is not None and held is None:
            held = LinkingAnswer(
                institute_id=actor.institute_id,
                session_id=asked.session_id,
                items=items,
                nonce=_nonce(),
                signed_at=now(),
            )
            session.add(held)
            audit.record(
                "links.chosen",
                actor=actor,
                subject=("lti_deep_linking_request", first),
                details={
                    "context": asked.context_id,
                    "items": len(items),
                    "columns": sum("lineItem" in item for item in items),
                },
            )
            return Outcome(answered=True)
        pressed_twice = held is not None and held.items == items and now() < held.signed_at + PRESSED_TWICE
    return Outcome(answered=pressed_twice)


def _nonce() -> str:
    return secrets.token_urlsafe(24)
