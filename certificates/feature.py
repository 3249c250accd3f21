"""What certificates bring to an application: levels, evidence, scores, awards."""

from __future__ import annotations

from flask import Flask

from certificates import commands
from certificates.appeals import feature as appeals
from certificates.awards import feature as awards
from certificates.calibration import feature as calibration
from certificates.documents.looks import feature as looks
from certificates.evidence import feature as evidence
from certificates.levels import loading
from certificates.registry import feature as registry
from certificates.rubrics import feature as rubrics
from certificates.rulebook import feature as rulebook
from certificates.scoring import feature as scoring
from institute import events
from institute.people.institutes import InstituteLoaded


def init_app(app: Flask) -> None:
    """Attach everything that is proved; the levels come first, because what is loaded later refers to them."""
    events.subscribe(app, InstituteLoaded, loading.load_levels)
    rubrics.init_app(app)
    evidence.init_app(app)
    calibration.init_app(app)
    scoring.init_app(app)
    appeals.init_app(app)
    awards.init_app(app)
    looks.init_app(app)
    rulebook.init_app(app)
    registry.init_app(app)
    commands.init_app(app)
