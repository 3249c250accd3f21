"""What making papers brings to an application."""

from __future__ import annotations

from flask import Flask

from certificates.awards.issuing import models as _models  # noqa: F401
from certificates.awards.issuing import papers
from certificates.awards.views import papers as pages
from institute.jobs import worker
from institute.web import sections
from institute.web.sections import Section


def init_app(app: Flask) -> None:
    """Let the worker make transcripts and forms, and certificates' pages show them."""
    app.register_blueprint(pages.blueprint)
    worker.handle(app, papers.JOB_KIND, papers.make_papers, retry=papers.RETRY)
    sections.add(app, Section("awards.award", 10, "certificates/awards/_papers.html", pages.papers_section))
