"""What the registry brings to an application."""

from __future__ import annotations

from flask import Flask

from certificates.awards.states import AwardStatus
from certificates.levels.models import Track
from certificates.registry import packing
from certificates.registry.filling import say_withheld
from certificates.registry.packets import JOB_KIND, forget_packets, wish_again
from certificates.registry.views import administrator, public
from certificates.registry.wording import say_tag, say_track
from courses.coaches.languages import say_language
from institute import events
from institute.actors import Actor
from institute.jobs import daily, worker
from institute.keys.events import KeyRotated
from institute.web import sections
from institute.web.sections import Section

FOLDER = "certificates/registry"


def init_app(app: Flask) -> None:
    """Attach the pages, the worker's part, and the ways to them from the pages of certificates."""
    app.register_blueprint(administrator.blueprint)
    app.register_blueprint(public.blueprint)
    worker.handle(app, JOB_KIND, packing.make_packet, retry=packing.RETRY)
    events.subscribe(app, KeyRotated, wish_again)
    daily.add(app, "registry.packets", forget_packets)
    sections.add(app, Section("awards.list", 10, f"{FOLDER}/_link.html", _always))
    sections.add(app, Section("awards.award", 90, f"{FOLDER}/_record_link.html", _always))
    app.jinja_env.globals.update(
        say_holders_track=say_track,
        say_tag=say_tag,
        say_withheld=say_withheld,
        say_coaching_language=say_language,
        registry_tracks=lambda: list(Track),
        registry_statuses=lambda: list(AwardStatus),
    )


def _always(_actor: Actor, key: int) -> int:
    return key
