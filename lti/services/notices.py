"""Telling a platform where its notices go: one PUT for each type that it offers and has not taken yet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from flask import Flask
from sqlalchemy import select

from institute.clock import now
from institute.db import insert_into, transaction
from institute.jobs import worker
from institute.jobs.outbox import LeasedJob
from institute.jobs.worker import Dead, Done, Outcome, Retry
from lti.launches.handlers import JOB_KIND, SCOPE, handler_address
from lti.launches.models import NoticeHandler
from lti.launches.notices import NOTICE_TYPES
from lti.platforms.models import Deployment, DeploymentId, DeploymentState
from lti.services.accounts import Account
from lti.services.connector import PlatformConnector
from lti.services.errors import ServiceError

JSON_TYPE: Final = "application/json"
SWITCHED_OFF: Final = "SWITCHED-OFF"
RETRY: Final = worker.RetryPolicy(most_attempts=40)


def init_app(app: Flask) -> None:
    """Let the worker do it."""
    worker.handle(app, JOB_KIND, register_handlers, retry=RETRY)


def register_handlers(job: LeasedJob) -> Outcome:
    """Register our address for each type of notice that a launch offered."""
    deployment_id = DeploymentId(int(job.key))
    account = _account(deployment_id)
    if account is None:
        return Done(SWITCHED_OFF)
    url, types = job.payload["url"], [kind for kind in job.payload["types"] if kind in NOTICE_TYPES]
    handler = handler_address(deployment_id)
    try:
        for kind in types:
            if not _has_taken(deployment_id, kind, url, handler):
                _register(account, url, {"notice_type": kind, "handler": handler})
                _note(deployment_id, notice_type=kind, service_url=url, handler=handler)
    except ServiceError as error:
        return Retry(error.code) if error.passing else Dead(error.code)
    return Done()


def _account(deployment_id: DeploymentId) -> Account | None:
    with transaction() as session:
        deployment = session.get(Deployment, deployment_id)
        if deployment is None or deployment.state is not DeploymentState.ACTIVE:
            return None
        return Account.of(deployment.registration) if deployment.registration.is_active else None


def _register(account: Account, url: str, told: Mapping[str, Any]) -> None:
    PlatformConnector(account).request(
        "PUT",
        url,
        scopes=[SCOPE],
        accept=JSON_TYPE,
        content=json.dumps(told).encode(),
        content_type=JSON_TYPE,
        read=False,
    )


def _has_taken(deployment_id: DeploymentId, kind: str, url: str, handler: str) -> bool:
    with transaction() as session:
        row = session.scalar(
            select(NoticeHandler).where(
                NoticeHandler.deployment_id == deployment_id, NoticeHandler.notice_type == kind
            )
        )
        return row is not None and (row.service_url, row.handler) == (url, handler)


def _note(deployment_id: DeploymentId, **taken: str) -> None:
    with transaction() as session:
        deployment = session.get_one(Deployment, deployment_id)
        values = {"registered_at": now(), **taken}
        session.execute(
            insert_into(session, NoticeHandler)
            .values(institute_id=deployment.institute_id, deployment_id=deployment_id, **values)
            .on_conflict_do_update(index_elements=["deployment_id", "notice_type"], set_=values)
        )
