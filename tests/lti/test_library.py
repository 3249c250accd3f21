"""pylti1p3 stays a shell: what it would keep, share or believe by itself is ours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from pylti1p3.contrib.flask import FlaskMessageLaunch, FlaskOIDCLogin
from pylti1p3.tool_config import ToolConfDict

from lti.launches.errors import ClientAmbiguousError, PlatformUnknownError
from lti.launches.launch import LaunchMessage
from lti.launches.library import NoStorage, Platforms
from lti.launches.login import PlatformLogin
from tests.lti.acting import CLIENT, DEPLOYMENT, ISSUER, Course, Platform
from tests.lti.test_state import send

STEPS = [
    "validate_state",
    "validate_jwt_format",
    "validate_nonce",
    "validate_registration",
    "validate_jwt_signature",
    "validate_deployment",
    "validate_message",
    "save_launch_data",
    "get_client_id",
]


def test_every_step_of_the_librarys_launch_is_ours_in_the_librarys_order() -> None:
    assert issubclass(LaunchMessage, FlaskMessageLaunch)
    assert issubclass(PlatformLogin, FlaskOIDCLogin)
    for step in STEPS:
        assert step in LaunchMessage.__dict__
    assert "validate" not in LaunchMessage.__dict__
    assert {"validate_oidc_login", "_prepare_redirect_url"} <= set(PlatformLogin.__dict__)


def test_another_configuration_of_the_library_changes_nothing(acting: Platform) -> None:
    ToolConfDict({}).set_iss_has_one_client(ISSUER)
    platforms = Platforms()
    assert not platforms.check_iss_has_one_client(ISSUER)
    assert platforms.check_iss_has_many_clients(ISSUER)


def test_platforms_and_deployments_are_read_from_the_database(
    acting: Platform, register: Callable[..., Any]
) -> None:
    platforms = Platforms()
    assert platforms.find_registration_by_issuer(ISSUER).get_client_id() == CLIENT
    found = platforms.find_deployment(ISSUER, DEPLOYMENT)
    assert found is not None
    assert found.get_deployment_id() == DEPLOYMENT
    assert register(replace(acting, client_id="client-2", deployment_id="deployment-2")).exit_code == 0
    assert platforms.find_deployment_by_params(ISSUER, "deployment-2", CLIENT) is None
    assert platforms.find_deployment_by_params(ISSUER, "deployment-2", "client-2") is not None
    with pytest.raises(ClientAmbiguousError):
        platforms.find_registration_by_issuer(ISSUER)
    with pytest.raises(PlatformUnknownError):
        platforms.find_registration_by_params("https://other.example.test", CLIENT)


def test_library_may_store_nothing() -> None:
    storage = NoStorage()
    with pytest.raises(NotImplementedError):
        storage.set_value("key", {"personal": "data"})
    assert storage.get_value("key") is None  # type: ignore[func-returns-value]
    assert not storage.check_value("key")
    assert not storage.can_set_keys_expiration()


def test_no_cookie_holds_a_token_or_personal_data(course: Course) -> None:
    login = course.platform.login(course.browser)
    launch = send(course, *course.platform.begin(course.browser))
    cookies = [*login.headers.getlist("Set-Cookie"), *launch.headers.getlist("Set-Cookie")]
    names = {cookie.partition("=")[0].rstrip("0123456789abcdef") for cookie in cookies}
    assert names == {"lti_state_", "ci_session", "lti_recent"}
    for cookie in cookies:
        assert {"Secure", "HttpOnly", "SameSite=None", "Partitioned"} <= {
            part.strip() for part in cookie.split(";")
        }
        assert len(cookie) < 400
