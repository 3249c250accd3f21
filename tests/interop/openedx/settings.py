"""Django's settings for the platform: SQLite in a folder, no sites of others, the consumer's application."""

from __future__ import annotations

import secrets
from pathlib import Path

from django.conf import settings


def configure(folder: Path, url: str) -> None:
    """Set up Django for a platform whose files are in ``folder`` and whose address, and issuer, is ``url``."""
    settings.configure(
        ALLOWED_HOSTS=["localhost", "127.0.0.1"],
        CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(folder / "openedx.sqlite3"),
                "OPTIONS": {"timeout": 20},
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.sites",
            "config_models",
            "waffle",
            "lti_consumer",
        ],
        LMS_ROOT_URL=url,
        LTI_API_BASE=url,
        LTI_BASE=url,
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "edx_django_utils.cache.middleware.RequestCacheMiddleware",
        ],
        PLATFORM_NAME="Open edX beside the tool",
        ROOT_URLCONF="tests.interop.openedx.urls",
        SECRET_KEY=secrets.token_hex(),
        SITE_ID=1,
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
            }
        ],
        USAGE_ID_PATTERN=r"(?P<usage_id>[^/]+)",
        USE_TZ=True,
    )
