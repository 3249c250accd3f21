"""What certificates bring to an application: levels, evidence, scores, awards."""

from __future__ import annotations

from flask import Flask

from certificates.awards import feature as awards
from certificates.evidence import feature as evidence
from certificates.levels import loading
from certificates.scoring import feature as scoring
from institute import events
from institute.people.institutes import InstituteLoaded


def init_app(app: Flask) -> None:
    """Attach everything that is proved; the levels come first, because what is loaded later refers to them."""
    events.subscribe(app, InstituteLoaded, loading.load_levels)
    evidence.init_app(app)
    scoring.init_app(app)
    awards.init_app(app)
