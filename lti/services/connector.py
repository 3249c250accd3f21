"""Requests to a platform's services with a bearer token: pylti1p3's connector with every method replaced."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, cast

import requests
from pylti1p3.registration import Registration as LibraryRegistration
from pylti1p3.service_connector import ServiceConnector, TServiceConnectorResponse

from lti.http import AnswerTooLargeError, platform_session
from lti.services.accounts import Account
from lti.services.answers import error_in, is_busy, json_of
from lti.services.assertions import sign
from lti.services.errors import TooLargeError, UnreachableError
from lti.services.links import next_page
from lti.services.tokens import may_be_to_blame, note_proved, token_for
from lti.services.wire import HttpAnswer, platform_wire


@dataclass(frozen=True, slots=True)
class Answer:
    """A service's successful answer. ``body`` is its JSON (None where it is empty or was not read)."""

    status: int
    headers: Mapping[str, str]
    body: Any = field(repr=False)
    next_page: str | None


class PlatformConnector(ServiceConnector):
    """Uses an account's services: shared tokens, timeouts, one fresh token on a refusal, typed errors.

    It derives from pylti1p3's so that its service classes can be handed this one.
    """

    def __init__(self, account: Account) -> None:
        library = LibraryRegistration()
        library.set_issuer(account.issuer).set_client_id(account.client_id)
        library.set_auth_token_url(account.token_url).set_auth_audience(account.audience)
        self._session, self._wire = platform_session(), platform_wire()
        super().__init__(library, self._session)
        self.account = account

    def get_access_token(self, scopes: Sequence[str]) -> str:
        """Return a usable token for ``scopes``."""
        return token_for(self.account, scopes)

    def encode_jwt(self, message: Mapping[str, Any], private_key: str, headers: Mapping[str, str]) -> str:
        """Sign ``message`` with the tool's active key, whatever key the library has in hand."""
        return sign(message)

    def make_service_request(  # noqa: PLR0917  (the library's own signature)
        self,
        scopes: Sequence[str],
        url: str,
        is_post: bool = False,
        data: str | None = None,
        content_type: str = "application/json",
        accept: str = "application/json",
        case_insensitive_headers: bool = False,
    ) -> TServiceConnectorResponse:
        """Do one request as pylti1p3's services ask for it. Raises ServiceError."""
        answer = self.request(
            "POST" if is_post else "GET",
            url,
            scopes=scopes,
            accept=accept,
            content=data.encode() if is_post and data else None,
            content_type=content_type,
        )
        headers = answer.headers if case_insensitive_headers else dict(answer.headers)
        return cast(
            "TServiceConnectorResponse",
            {"headers": headers, "body": answer.body, "next_page_url": answer.next_page},
        )

    def request(
        self,
        method: str,
        url: str,
        *,
        scopes: Collection[str],
        accept: str,
        content: bytes | None = None,
        content_type: str | None = None,
        read: bool = True,
    ) -> Answer:
        """Do one request and return its success; a refused token is replaced once.

        Authorisation failures are not always 401: Open edX says 403. ``read=False`` leaves the body alone, for
        services whose answer means nothing (a score's is empty at Moodle). Raises ServiceError.
        """
        headers = {"Accept": accept}
        if content is not None and content_type:
            headers["Content-Type"] = content_type
        token = token_for(self.account, scopes)
        response = self._send(method, url, headers, token, content)
        if self._blames_token(response, scopes):
            fresh = token_for(self.account, scopes, refused=token)
            response = self._send(method, url, headers, fresh, content)
            if response.status_code == HTTPStatus.FORBIDDEN:
                note_proved(self.account, scopes)
        error = error_in(response)
        if error is not None:
            raise error
        return Answer(
            status=response.status_code,
            headers=response.headers,
            body=json_of(response) if read and response.content.strip() else None,
            next_page=next_page(response.headers.get("Link", ""), base=str(response.url)),
        )

    def _blames_token(self, answer: HttpAnswer, scopes: Collection[str]) -> bool:
        if is_busy(answer):
            return False
        if answer.status_code == HTTPStatus.FORBIDDEN:
            return may_be_to_blame(self.account, scopes)
        return answer.status_code == HTTPStatus.UNAUTHORIZED

    def _send(
        self, method: str, url: str, headers: Mapping[str, str], token: str, content: bytes | None
    ) -> HttpAnswer:
        borne = {**headers, "Authorization": f"Bearer {token}"}
        if method == "POST":
            return self._wire.post(url, borne, content)
        try:
            return self._session.request(
                method, url, headers=borne, data=content, allow_redirects=method == "GET"
            )
        except AnswerTooLargeError:
            raise TooLargeError from None
        except (requests.RequestException, ValueError):
            raise UnreachableError from None
