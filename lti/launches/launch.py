"""The launch: pylti1p3's order of checks, each check ours, so that a token is believed only when all have passed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self, cast

from flask import g
from pylti1p3.contrib.flask.message_launch import FlaskMessageLaunch

from institute.clock import now
from lti.http import platform_session
from lti.launches import verification
from lti.launches.claims import LaunchClaims, read_claims, read_deployment_id
from lti.launches.errors import ClaimError, NonceError, PlatformDisabledError, StateError
from lti.launches.handlers import NoticeService, read_notice_service
from lti.launches.jwks import VerificationKey, find_key
from lti.launches.keeping import PlatformStorage, is_proof, platform_storage
from lti.launches.library import FormRequest, LoginMemory, PlatformRegistration, Platforms, StateCookies
from lti.launches.logins import find_login
from lti.launches.models import Keeper, LoginId
from lti.launches.origins import registration_origins
from lti.platforms.models import PlatformFacts

if TYPE_CHECKING:
    from pylti1p3.message_launch import TJwtData


PROOF_FIELD: Final = "kept"
"""What a page of ours adds to a launch that it sends again: the proof it was given, or nothing."""


class LaunchMessage(FlaskMessageLaunch):
    """One launch on its way in. ``validate`` runs every step; what it said is then in ``claims``.

    ``state_proven`` tells whether the browser proved that it started the login, which is looked at before.
    """

    claims: LaunchClaims
    notice_service: NoticeService | None

    def __init__(self, form: FormRequest) -> None:
        self.cookies = StateCookies(form)
        self.memory = LoginMemory()
        super().__init__(  # type: ignore[no-untyped-call]  # the library's Flask classes are untyped
            form, Platforms(), self.memory, self.cookies, requests_session=platform_session()
        )
        self.state = form.get_param("state")
        self.token = form.get_param("id_token")
        self._shown = form.parameters.get(PROOF_FIELD)
        login = find_login(self.state)
        self.login_id: LoginId = login.id
        self.was_sent_before = login.used_at is not None
        self.memory.expected_nonce = login.nonce
        self._login = login
        g.lti_registration_id = login.platform.id
        g.frame_origins = registration_origins(login.platform)

    @property
    def state_proven(self) -> bool:
        """Whether this browser is the one that started the login: it brought its cookie, or the proof kept instead."""
        if self.cookies.get_cookie(self.state) == self.state:  # type: ignore[no-untyped-call]
            return True
        kept = self._login.kept_by is Keeper.PLATFORM and self._shown is not None
        return kept and is_proof(self._shown or "", self.state)

    @property
    def can_be_proven(self) -> Keeper | None:
        """Who may be asked for the proof that this request did not bring; None if nobody, or somebody was."""
        return self._login.kept_by if self._shown is None else None

    @property
    def storage(self) -> PlatformStorage | None:
        """Where the platform keeps the proof, if it does."""
        return platform_storage(self.platform, self._login.storage_target, self.state)

    def require_unused(self) -> None:
        """Raise ReplayError or StateExpiredError if the login serves no launch any more."""
        self._login.require_unused()

    @property
    def platform(self) -> PlatformFacts:
        """The platform that the login was for, as it was registered when the launch came."""
        return self._login.platform

    def validate_state(self) -> Self:
        """Require a login that was not used, in the browser that started it.

        ``entering`` uses it up; a launch that is refused before has it used up all the same.
        """
        if not self.state_proven:
            raise StateError
        self.cookies.forget_cookie(self.state)
        self._login.require_unused()
        return self

    def validate_jwt_format(self) -> Self:
        """Take the token apart, believing nothing."""
        header, body = verification.read_unverified(self.token)
        self._jwt = cast("TJwtData", {"header": header, "body": body})
        return self

    def validate_nonce(self) -> Self:
        """Require the nonce of this very login."""
        nonce = self._jwt["body"].get("nonce")
        if not isinstance(nonce, str) or not self.memory.check_nonce(nonce):
            raise NonceError
        return self

    def validate_registration(self) -> Self:
        """Require issuer and audience of the login, and a registration that is still let in."""
        verification.validate_issuer(self._jwt["body"], self._login.issuer)
        verification.validate_audience(self._jwt["body"], self._login.client_id)
        if not self.platform.is_active:
            raise PlatformDisabledError
        self._registration = PlatformRegistration(self.platform)
        return self

    def get_client_id(self) -> str:
        """Return the client that the login was for; the token's ``aud`` may name several."""
        return self._login.client_id

    def validate_jwt_signature(self) -> Self:
        """Require a signature by the platform's key, and a token of now."""
        verification.verify_signature(self.token, self._jwt["header"], self._find_key)
        verification.validate_times(self._jwt["body"], now())
        return self

    def _find_key(self, kid: str, algorithm: str) -> VerificationKey:
        return find_key(self.platform.jwks_url, kid, algorithm)

    def validate_deployment(self) -> Self:
        """Require a deployment id, the one that the login named if it named one.

        Whether it is let in is decided by ``entering``, which notes an unknown one down.
        """
        deployment_id = read_deployment_id(self._jwt["body"])
        if self._login.deployment_hint not in {None, deployment_id}:
            raise ClaimError(claim="deployment_id")
        return self

    def validate_message(self) -> Self:
        """Read every claim into types of our own."""
        self.claims = read_claims(self._jwt["body"], allow_anonymous=self.platform.allow_anonymous)
        self.notice_service = read_notice_service(self._jwt["body"])
        g.frame_origins = registration_origins(self.platform, *self.claims.return_urls)
        return self

    def save_launch_data(self) -> Self:
        """Keep nothing of the token: what is needed of it is written by ``entering``."""
        return self
