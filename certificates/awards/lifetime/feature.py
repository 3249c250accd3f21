"""What the life of awards brings to an application: daily looks, keys, corrections, renewals."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask

from certificates.awards.lifetime import asking, expiring, reminding, rewishing, signing_keys
from certificates.awards.lifetime.asking import CorrectionLine
from institute import events
from institute.actors import Actor, Role
from institute.jobs import daily
from institute.keys.events import KeyRotated
from institute.web import panels
from institute.web.panels import Panel


def init_app(app: Flask) -> None:
    """Attach what is looked at each day, and what follows another key."""
    daily.add(app, "awards.expiring", expiring.expire_awards)
    daily.add(app, "awards.reminding", reminding.remind_holders)
    events.subscribe(app, KeyRotated, rewishing.wish_again)
    folder = "certificates/awards"
    panels.add(app, Panel(Role.ADMINISTRATOR, 8, f"{folder}/_ending_key.html", signing_keys.ending_key))
    panels.add(app, Panel(Role.ADMINISTRATOR, 14, f"{folder}/_corrections.html", corrections_panel))


def corrections_panel(actor: Actor) -> Sequence[CorrectionLine] | None:
    """Return who asks for another name, None where nobody does."""
    return asking.open_corrections(actor) or None
