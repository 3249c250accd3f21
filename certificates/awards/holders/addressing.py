"""An address of the holder's own: asked for in a form, confirmed by a link in a letter, forgotten at will."""

from __future__ import annotations

from certificates.awards.holders.errors import AddressError
from certificates.awards.holders.links import ask_to_confirm
from certificates.awards.holders.people import forget_address
from institute.actors import Actor
from institute.messages.addresses import parse_address


def ask_for(typed: str, *, locale: str, actor: Actor) -> None:
    """Mail a link to the address that somebody typed. Raises AddressError, TooManyLettersError."""
    address = parse_address(typed)
    if address is None:
        raise AddressError
    ask_to_confirm(address, locale=locale, actor=actor)


def forget(*, actor: Actor) -> None:
    """Forget the actor's own address. Twice is once."""
    forget_address(actor=actor)
