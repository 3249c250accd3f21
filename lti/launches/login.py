"""The login: a platform asks for one (OpenID Connect third-party initiated), and is sent to its own login page."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from flask import g, redirect, url_for
from pylti1p3.contrib.flask.oidc_login import FlaskOIDCLogin
from werkzeug.wrappers import Response

from institute.config import current_settings
from institute.db import transaction
from lti.launches.browsers import may_lose_cookies
from lti.launches.errors import LoginRequestError, TargetHostError
from lti.launches.keeping import PlatformStorage, platform_storage, proof_of
from lti.launches.library import FormRequest, LoginMemory, PlatformRegistration, Platforms, StateCookies
from lti.launches.logins import LOGIN_VALID_FOR, LoginDraft, find_login_of, start_login
from lti.launches.models import Keeper
from lti.launches.origins import registration_origins
from lti.launches.windows import OfferedLogin, make_ticket, renew_state
from lti.platforms.models import MAX_ID_LENGTH, MAX_URL_LENGTH, PlatformFacts
from lti.platforms.strings import is_clean, origin, web_address

MAX_MESSAGE_HINT: Final = 4000
LONGEST: Final = {
    "iss": MAX_ID_LENGTH,
    "client_id": MAX_ID_LENGTH,
    "login_hint": MAX_URL_LENGTH,
    "lti_message_hint": MAX_MESSAGE_HINT,
    "target_link_uri": MAX_URL_LENGTH,
    "lti_deployment_id": MAX_ID_LENGTH,
    "lti_storage_target": MAX_ID_LENGTH,
}
REQUIRED: Final = ("iss", "login_hint", "target_link_uri")


class Way(StrEnum):
    """How a browser comes to ``/lti/window``; without one, its very first login looks whether cookies come back."""

    OTHER = "other"
    """The platform's storage did not answer."""
    ACCESS = "access"
    """The person has just allowed the page to use its cookies."""
    LOOKED = "looked"
    """With this leave a cookie was set: it is here, or nothing helps."""
    WINDOW = "window"
    """By the button, into a window of its own."""


@dataclass(frozen=True, slots=True)
class KeptLogin:
    """A login whose ``proof`` is to be put into ``storage`` before the browser goes on to ``address``."""

    storage: PlatformStorage
    proof: str
    address: str


class PlatformLogin(FlaskOIDCLogin):
    """pylti1p3's login with our checks, our memory and an address that keeps its query."""

    def __init__(self, form: FormRequest) -> None:
        super().__init__(  # type: ignore[no-untyped-call]  # the library's Flask classes are untyped
            form, Platforms(), LoginMemory(), StateCookies(form)
        )

    def validate_oidc_login(self) -> PlatformRegistration:
        """Check the request and return the registration it is for.

        OpenID Connect Core, 4, and LTI 1.3, 4.1: ``iss``, ``login_hint`` and ``target_link_uri`` are required,
        ``client_id`` only where the issuer has several. Raises LoginRequestError, TargetHostError, or what
        finding the registration raises.
        """
        for name, longest in LONGEST.items():
            value = self._get_request_param(name)
            if len(value) > longest or not is_clean(value) or (name in REQUIRED and not value):
                raise LoginRequestError(parameter=name)
        client_id = self._get_request_param("client_id")
        registration: PlatformRegistration = self._tool_config.find_registration_by_params(
            self._get_request_param("iss"), client_id
        )
        g.lti_registration_id = registration.facts.id
        g.frame_origins = registration_origins(registration.facts)
        target = web_address(self._get_request_param("target_link_uri"))
        if target is None or origin(target) != origin(current_settings().public_url):
            raise TargetHostError
        return registration

    def _prepare_redirect_url(self, launch_url: str) -> str:
        """Start a login and return the platform's address with all that it needs to answer it.

        In a frame, where browsers may keep no cookies, the way first leads past a look whether they came back:
        platforms let a login be answered once, so a login that cannot succeed must not be begun.
        """
        with transaction(durable=False):  # one for both: reading the registration by itself would be a second
            self._registration = registration = self.validate_oidc_login()
            started = start_login(registration.facts, self._draft())
        self._cookie_service.set_cookie(started.state, started.state, int(LOGIN_VALID_FOR.total_seconds()))
        if may_lose_cookies(self._get_request_param("lti_storage_target")):
            return url_for("lti.window", ticket=make_ticket(started.id))
        return self._answer_address(registration.facts, launch_url, started.state, started.nonce)

    def go_on(self, launch_url: str, offered: OfferedLogin) -> Response | None:
        """Go on with a login that was begun, if its cookie came back; return None if it did not."""
        platform = self.validate_oidc_login().facts
        state = self._cookie_service.find_state(offered.state_hash)
        if state is None:
            return None
        return redirect(self._answer_address(platform, launch_url, state, offered.nonce))

    def keep_with_platform(self, launch_url: str, offered: OfferedLogin) -> KeptLogin | None:
        """Have the platform keep the proof of a login whose cookie did not come back, if it offered to."""
        platform = self.validate_oidc_login().facts
        if not offered.draft.storage_target:
            return None
        state = renew_state(offered.id, Keeper.PLATFORM)
        storage = platform_storage(platform, offered.draft.storage_target, state)
        if storage is None:
            return None
        return KeptLogin(
            storage, proof_of(state), self._answer_address(platform, launch_url, state, offered.nonce)
        )

    def try_access(self, offered: OfferedLogin) -> Response:
        """Give the cookie of a login again to a browser that was allowed to keep it, and look whether it did."""
        state = renew_state(offered.id, Keeper.ACCESS)
        response = redirect(url_for("lti.window", ticket=make_ticket(offered.id), by=Way.LOOKED))
        self._cookie_service.set_cookie(state, state, int(LOGIN_VALID_FOR.total_seconds()))
        self._cookie_service.update_response(response)
        return response

    def _draft(self) -> LoginDraft:
        return LoginDraft(
            login_hint=self._get_request_param("login_hint"),
            target_link_uri=self._get_request_param("target_link_uri"),
            message_hint=self._get_request_param("lti_message_hint") or None,
            deployment_hint=self._get_request_param("lti_deployment_id") or None,
            storage_target=self._get_request_param("lti_storage_target") or None,
        )

    def _answer_address(self, platform: PlatformFacts, launch_url: str, state: str, nonce: str) -> str:
        parameters = {
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "prompt": "none",
            "client_id": platform.client_id,
            "redirect_uri": launch_url,
            "state": state,
            "nonce": nonce,
            "login_hint": self._get_request_param("login_hint"),
        }
        hint = self._get_request_param("lti_message_hint")
        if hint:
            parameters["lti_message_hint"] = hint
        return with_parameters(platform.auth_url, parameters)


def show_platform_of(state: str) -> None:
    """Let the page that answers this request stand in the frames of the platform whose login ``state`` is."""
    login = find_login_of(state)
    if login is not None:
        g.lti_registration_id = login.platform.id
        g.frame_origins = registration_origins(login.platform)


def with_parameters(address: str, parameters: dict[str, str]) -> str:
    """Return an address with parameters added to the query that it may already have."""
    parts = urlsplit(address)
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name not in parameters
    ]
    return urlunsplit(parts._replace(query=urlencode([*kept, *parameters.items()]), fragment=""))
