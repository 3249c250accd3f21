"""pylti1p3's seams, each filled with ours: the library keeps the shape of the dance, we keep its memory.

What is replaced and why: its configuration shares one table between all instances, its default storage puts
the whole token into the browser's cookie, its cookies are blocked in frames and pile up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final, NoReturn

from flask import request
from pylti1p3.contrib.flask.cookie import FlaskCookieService
from pylti1p3.contrib.flask.request import FlaskRequest
from pylti1p3.deployment import Deployment as LibraryDeployment
from pylti1p3.launch_data_storage.base import LaunchDataStorage
from pylti1p3.registration import Registration as LibraryRegistration
from pylti1p3.session import SessionService
from pylti1p3.tool_config.abstract import ToolConfAbstract
from sqlalchemy import bindparam, select
from werkzeug.wrappers import Response

from institute.db import db
from lti.launches.errors import (
    ClientAmbiguousError,
    PlatformDisabledError,
    PlatformUnknownError,
    PlatformWaitingError,
)
from lti.platforms.keys import published_keys
from lti.platforms.models import PLATFORM_COLUMNS, Deployment, PlatformFacts, Registration
from lti.platforms.requests import is_waiting

COOKIE_PATH: Final = "/lti/"
PREFIX: Final = "lti_state_"
HASH_SHOWN: Final = 16


class FormRequest(FlaskRequest):
    """What a request carried, whichever way it came; the library never sees Flask's session."""

    def __init__(self, parameters: Mapping[str, str]) -> None:
        super().__init__(  # type: ignore[no-untyped-call]  # the library's Flask classes are untyped
            cookies=request.cookies, session={}, request_data=None, request_is_secure=True
        )
        self.parameters = parameters

    def get_param(self, key: str) -> str:
        """Return a parameter, or an empty string."""
        return self.parameters.get(key, "")


def state_key(state: str) -> str:
    """Return the name under which a browser keeps what proves a login."""
    return PREFIX + hashlib.sha256(state.encode("utf-8", "surrogatepass")).hexdigest()[:HASH_SHOWN]


class StateCookies(FlaskCookieService):
    """One short-lived cookie per login, removed when it has done its work.

    Partitioned, or an LMS's frame gets none of them; ``Path=/lti/``, so that no page carries them. The name holds a
    hash of the state, so that several frames of one page do not take each other's.
    """

    def __init__(self, form: FormRequest) -> None:
        super().__init__(form)  # type: ignore[no-untyped-call]  # the library's Flask classes are untyped
        self._forgotten: set[str] = set()

    def _get_key(self, key: str) -> str:
        return state_key(key)

    def find_state(self, state_hash: str) -> str | None:
        """Return the state whose SHA-256 (hex) this is, if the browser brought its cookie."""
        state: str = request.cookies.get(PREFIX + state_hash[:HASH_SHOWN], "")
        return state if hashlib.sha256(state.encode()).hexdigest() == state_hash else None

    def forget_cookie(self, name: str) -> None:
        """Have the answer remove a cookie."""
        self._forgotten.add(self._get_key(name))

    def update_response(self, response: Response) -> None:
        """Write the changes into the answer."""
        for key, data in self._cookie_data_to_set.items():
            response.set_cookie(key, data["value"], max_age=data["exp"], **COOKIE_OPTIONS)
        for key in self._forgotten:
            response.set_cookie(key, "", max_age=0, expires=0, **COOKIE_OPTIONS)


COOKIE_OPTIONS: Final[Mapping[str, Any]] = {
    "path": COOKIE_PATH,
    "secure": True,
    "httponly": True,
    "samesite": "None",
    "partitioned": True,
}


class NoStorage(LaunchDataStorage[Any]):
    """No storage: what must be remembered is in the database, and a token is never kept at all."""

    def can_set_keys_expiration(self) -> bool:
        """Say no."""
        return False

    def get_value(self, key: str) -> None:
        """Remember nothing."""

    def set_value(self, key: str, value: Any, exp: int | None = None) -> NoReturn:
        """Refuse: a caller that reaches this would store personal data in a cookie."""
        raise NotImplementedError(key)

    def check_value(self, key: str) -> bool:
        """Know nothing."""
        return False


class LoginMemory(SessionService):
    """The library's memory of a login. It asks whether a nonce is known; only one login's is."""

    def __init__(self) -> None:  # not the library's: that one would use Flask's session
        self.data_storage = NoStorage()
        self.expected_nonce = ""

    def check_nonce(self, nonce: str) -> bool:
        """Tell whether ``nonce`` is that of the login in hand."""
        return bool(nonce) and nonce == self.expected_nonce


class PlatformRegistration(LibraryRegistration):
    """A registration as the library sees it, with what else we know of it, read once."""

    def __init__(self, facts: PlatformFacts) -> None:
        self.set_issuer(facts.issuer).set_client_id(facts.client_id).set_key_set_url(facts.jwks_url)
        self.set_auth_login_url(facts.auth_url).set_auth_token_url(facts.token_url)
        self.set_auth_audience(facts.token_audience or facts.token_url)
        self.facts = facts


_REGISTRATION: Final = Registration.__table__.c
_OF_ISSUER: Final = select(*PLATFORM_COLUMNS).where(_REGISTRATION.issuer == bindparam("issuer")).limit(2)
_OF_CLIENT: Final = _OF_ISSUER.where(_REGISTRATION.client_id == bindparam("client_id"))


class Platforms(ToolConfAbstract[FormRequest]):
    """Which platforms and deployments there are, read from the database.

    The library keeps one table of issuers for all configurations: both ``check_iss_has_*`` answer without it.
    """

    def check_iss_has_one_client(self, iss: str) -> bool:
        """Say no: an issuer may have any number of clients."""
        return False

    def check_iss_has_many_clients(self, iss: str) -> bool:
        """Say yes, for every issuer."""
        return True

    def find_registration_by_issuer(self, iss: str, *args: Any, **kwargs: Any) -> PlatformRegistration:
        """Return the only registration of an issuer; see ``find_registration_by_params``."""
        return self.find_registration_by_params(iss, "")

    def find_registration_by_params(
        self, iss: str, client_id: str, *args: Any, **kwargs: Any
    ) -> PlatformRegistration:
        """Return the active registration of an issuer and a client; the client may be empty if there is one only.

        Raises PlatformUnknownError, PlatformWaitingError, ClientAmbiguousError or PlatformDisabledError.
        """
        wanted = _OF_CLIENT if client_id else _OF_ISSUER
        found = db.session.connection().execute(wanted, {"issuer": iss, "client_id": client_id}).all()
        if not found:
            raise PlatformWaitingError if is_waiting(iss, client_id) else PlatformUnknownError
        if len(found) > 1:
            raise ClientAmbiguousError
        facts = PlatformFacts(*found[0])
        if not facts.is_active:
            raise PlatformDisabledError
        return PlatformRegistration(facts)

    def find_deployment(self, iss: str, deployment_id: str) -> LibraryDeployment | None:
        """Return a deployment of an issuer's only client."""
        return self.find_deployment_by_params(iss, deployment_id, "")

    def find_deployment_by_params(
        self, iss: str, deployment_id: str, client_id: str, *args: Any, **kwargs: Any
    ) -> LibraryDeployment | None:
        """Return a deployment of exactly this client, or None; another client's does not count."""
        platform = self.find_registration_by_params(iss, client_id).facts
        named = (Deployment.registration_id == platform.id, Deployment.deployment_id == deployment_id)
        found = db.session.scalar(select(Deployment.deployment_id).where(*named))
        return LibraryDeployment().set_deployment_id(found) if found is not None else None

    def get_jwks(self, iss: str | None = None, client_id: str | None = None, **kwargs: Any) -> dict[str, Any]:
        """Return the tool's public keys, the same for every platform."""
        return {"keys": published_keys()}
