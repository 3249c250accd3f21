"""What the look of documents brings to an application."""

from __future__ import annotations

from flask import Flask

from certificates.documents.looks import previewing
from certificates.documents.looks.previews import JOB_KIND
from certificates.documents.looks.views import administrator
from institute.actors import Actor
from institute.i18n import OWN_NAMES
from institute.jobs import worker
from institute.web import sections
from institute.web.sections import Section


def init_app(app: Flask) -> None:
    """Attach the settings page, the worker's part, and the way there from the list of certificates."""
    app.register_blueprint(administrator.blueprint)
    worker.handle(app, JOB_KIND, previewing.make_preview, retry=previewing.RETRY)
    sections.add(app, Section("awards.list", 20, "certificates/looks/_link.html", _always))
    app.jinja_env.globals.update(own_language_name=OWN_NAMES.__getitem__)


def _always(_actor: Actor, key: int) -> int:
    return key
