"""What certificates bring to an application: the institute's levels."""

from __future__ import annotations

from flask import Flask

from certificates.evidence import feature as evidence
from certificates.levels import loading
from certificates.levels.views import participant
from certificates.scoring import feature as scoring
from institute import events
from institute.people.institutes import InstituteLoaded


def init_app(app: Flask) -> None:
    """Attach the levels: their pages, and their place in an institute's folder."""
    events.subscribe(app, InstituteLoaded, loading.load_levels)
    participant.init_app(app)
    evidence.init_app(app)
    scoring.init_app(app)
