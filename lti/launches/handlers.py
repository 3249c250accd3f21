"""Handlers of notices: a platform that offers to send notices is asked, in the background, to send them here."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from institute.config import current_settings
from institute.db import transaction
from institute.jobs import outbox
from lti.launches.models import NoticeHandler
from lti.launches.notices import NOTICE_TYPES
from lti.launches.payload import CLAIM
from lti.platforms.models import MAX_URL_LENGTH, Deployment, DeploymentId, RegistrationId
from lti.platforms.strings import web_address

JOB_KIND: Final = "lti.notices"
SCOPE: Final = "https://purl.imsglobal.org/spec/lti/scope/noticehandlers"
_WANTED: Final = "lti_notice_services"


@dataclass(frozen=True, slots=True)
class NoticeService:
    """Where a platform takes addresses for notices, and which of those that are understood here it sends."""

    url: str
    types: tuple[str, ...]


def read_notice_service(claims: Mapping[str, Any]) -> NoticeService | None:
    """Return the notification service that a verified launch names, or None.

    No launch fails for it: what cannot be read is not there.
    """
    claim = claims.get(CLAIM + "platformnotificationservice")
    if not isinstance(claim, dict):
        return None
    url, types, scopes = (
        claim.get(name) for name in ("platform_notification_service_url", "notice_types_supported", "scope")
    )
    if not isinstance(url, str) or len(url) > MAX_URL_LENGTH or web_address(url) is None:
        return None
    if not isinstance(types, list) or (isinstance(scopes, list) and scopes and SCOPE not in scopes):
        return None
    known = tuple(kind for kind in NOTICE_TYPES if kind in types)
    return NoticeService(url, known) if known else None


def handler_address(deployment_id: DeploymentId) -> str:
    """Return where notices of a deployment are taken."""
    return f"{current_settings().public_url}/lti/notices/{deployment_id}"


def want_notices(
    service: NoticeService | None, registration_id: RegistrationId, platform_deployment: str
) -> None:
    """Wish for the notices that a launch offered, once in each process; what the platform took already stays.

    A launch does not fail for this: the next one asks again.
    """
    wanted: dict[tuple[int, str], NoticeService] = current_app.extensions[_WANTED]
    key = (registration_id, platform_deployment)
    if service is None or wanted.get(key) == service:
        return
    with suppress(SQLAlchemyError):
        _wish(service, registration_id, platform_deployment)
        wanted[key] = service


def _wish(service: NoticeService, registration_id: RegistrationId, platform_deployment: str) -> None:
    with transaction() as session:
        deployment_id = session.scalar(
            select(Deployment.id).where(
                Deployment.registration_id == registration_id, Deployment.deployment_id == platform_deployment
            )
        )
        if deployment_id is None:
            return
        taken = session.scalars(
            select(NoticeHandler.notice_type).where(
                NoticeHandler.deployment_id == deployment_id,
                NoticeHandler.service_url == service.url,
                NoticeHandler.handler == handler_address(deployment_id),
            )
        )
        if not set(service.types) <= set(taken):
            told = {"url": service.url, "types": list(service.types)}
            outbox.put(kind=JOB_KIND, key=str(deployment_id), payload=told)


def init_app(app: Flask) -> None:
    """Give the application an empty memory of what it wished for."""
    app.extensions[_WANTED] = {}
