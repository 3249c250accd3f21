"""The application factory. Features are passed in; the ground knows none of them."""

from __future__ import annotations

import logging
from typing import Protocol

from flask import Flask
from jinja2 import StrictUndefined
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.middleware.proxy_fix import ProxyFix

from institute import actors, cli, db, events, i18n, vault
from institute.audit import models as _audit_tables  # noqa: F401  (its tables belong to every application)
from institute.config import Settings
from institute.files import feature as files
from institute.jobs import daily, worker
from institute.jobs import health as jobs_health
from institute.keys import keeping
from institute.messages import feature as messages
from institute.paths import ROOT
from institute.people import feature as people
from institute.people import standing
from institute.web import (
    account,
    assets,
    errors,
    forms,
    front,
    headers,
    health,
    limits,
    navigation,
    numbers,
    openables,
    pages,
    panels,
    sections,
    sessions,
)

LARGEST_REQUEST = 2 * 1024 * 1024


class Feature(Protocol):
    """A room of the house: a package that attaches itself to an application."""

    def init_app(self, app: Flask) -> None:
        """Attach models, pages, commands and handlers."""


def create_app(*features: Feature, settings: Settings | None = None) -> Flask:
    """Make an application of the ground and the given features.

    Raises SettingsError, whose message is a sentence, if a setting is bad.
    """
    chosen = settings or Settings.from_environment()
    app = Flask("institute", static_folder=None, template_folder=str(ROOT / "institute" / "templates"))
    app.extensions["settings"] = chosen
    app.config.update(
        SQLALCHEMY_DATABASE_URI=chosen.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True, **_pool(chosen)},
        SECRET_KEY=chosen.secret_key,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        PREFERRED_URL_SCHEME=chosen.public_url.split(":", 1)[0],
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    logging.getLogger("institute").setLevel(chosen.log_level)
    ground = (
        numbers,
        db,
        i18n,
        events,
        vault,
        actors,
        standing,
        worker,
        daily,
        panels,
        sections,
        navigation,
        openables,
        assets,
    )
    web = (forms, pages, errors, headers, limits, sessions, health, front, account)
    for part in (*ground, *web, people, files, keeping, messages, cli):
        part.init_app(app)
    health.add(app, "database", _database_answers)
    jobs_health.init_app(app)
    for feature in features:
        feature.init_app(app)
    if chosen.trusted_proxies:
        hops = chosen.trusted_proxies
        proxied = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0, x_prefix=0)
        app.wsgi_app = proxied  # type: ignore[method-assign]
    return app


def _pool(settings: Settings) -> dict[str, object]:
    return {} if settings.database_url.startswith("sqlite") else {"pool_pre_ping": True}


def _database_answers() -> tuple[bool, str]:
    try:
        db.db.session.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        return False, type(error).__name__
    return True, "answers"
