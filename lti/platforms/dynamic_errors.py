"""Why a platform could not be registered from its own address: what the reader can do, in words and a code.

``detail`` is the one fact a sentence may name: a field, a host, the platform's own words.
"""

from __future__ import annotations

from typing import Final

from institute.errors import (
    ConflictError,
    DeniedError,
    DomainError,
    InvalidError,
    NotFoundError,
    TooManyError,
    UnavailableError,
)
from institute.i18n import lazy_gettext
from lti.platforms.errors import OtherInstituteError

_TITLE = lazy_gettext("The tool was not registered")
_START_AGAIN = lazy_gettext("Start again in your learning platform: each start there works once.")
_NEW_LINK = lazy_gettext("Ask the institute's administrator for a new address.")


class AddressError(InvalidError):
    """The address was opened without what a platform adds to it."""

    code = "LTI-REGISTER-ADDRESS"
    title = _TITLE
    sentence = lazy_gettext("The platform did not say where its configuration is, or said it wrongly.")
    advice = lazy_gettext("Paste the address into your learning platform again, the whole of it.")


class PlainAddressError(InvalidError):
    """An address of the platform is not protected."""

    code = "LTI-REGISTER-PLAIN"
    title = _TITLE
    sentence = lazy_gettext("The platform's address %(detail)s does not begin with https://.")
    advice = lazy_gettext(
        "Only platforms in a network that the operator of this tool named may do without (PLATFORM_NETWORKS)."
    )


class PrivateNetworkError(DeniedError):
    """An address of the platform is not on the public internet, nor in a network that was allowed."""

    code = "LTI-REGISTER-NETWORK"
    title = _TITLE
    sentence = lazy_gettext("The platform's address %(detail)s is in a private network.")
    advice = lazy_gettext("Ask the operator of this tool to name that network in PLATFORM_NETWORKS.")


class ConfigurationUnreachableError(UnavailableError):
    """The platform's configuration could not be fetched."""

    code = "LTI-REGISTER-CONFIG"
    title = _TITLE
    sentence = lazy_gettext("The platform's configuration could not be read from %(detail)s.")
    advice = lazy_gettext(
        "Make sure that this tool can reach the platform over the network. Then start again."
    )


class ConfigurationError(InvalidError):
    """The platform's configuration cannot be used."""

    code = "LTI-REGISTER-FIELD"
    title = _TITLE
    sentence = lazy_gettext("The platform's configuration lacks “%(detail)s”, or has a wrong value there.")
    advice = lazy_gettext("Tell the maker of the platform, or register the tool by hand.")


class IssuerMismatchError(DeniedError):
    """The configuration speaks for another host than the one it came from."""

    code = "LTI-REGISTER-ISSUER"
    title = _TITLE
    sentence = lazy_gettext("The configuration speaks for %(detail)s but does not come from there.")
    advice = lazy_gettext(
        "If that is right, the institute's administrator can register the platform by hand."
    )


class OtherPlatformError(ConflictError):
    """The invitation brings one registration up to date; another platform used it."""

    code = "LTI-REGISTER-OTHER"
    title = _TITLE
    sentence = lazy_gettext("This address was made to update the registration of %(detail)s.")
    advice = _NEW_LINK


class TokenRefusedError(DeniedError):
    """The platform does not accept its own token."""

    code = "LTI-REGISTER-TOKEN"
    title = _TITLE
    sentence = lazy_gettext("The platform says that it did not start this registration, or too long ago.")
    advice = _START_AGAIN


class TokenUsedError(ConflictError):
    """The platform's token was used before."""

    code = "LTI-REGISTER-USED"
    title = _TITLE
    sentence = lazy_gettext("The platform says that this start was used before.")
    advice = lazy_gettext(
        "Look into your platform's list of tools. If this tool stands there, choose to update it; if not, start again."
    )


class PlatformRefusedError(InvalidError):
    """The platform refused what the tool asked for."""

    code = "LTI-REGISTER-REFUSED"
    title = _TITLE
    sentence = lazy_gettext("The platform refused the registration. It says: %(detail)s")
    advice = _START_AGAIN


class NoAnswerError(UnavailableError):
    """Nobody knows what the platform did: it answered too late, not at all, or with a failure of its own."""

    code = "LTI-REGISTER-NO-ANSWER"
    title = _TITLE
    sentence = lazy_gettext("The platform did not answer, or with a failure of its own: %(detail)s")
    advice = TokenUsedError.advice


class AnswerError(UnavailableError):
    """The platform's answer cannot be used."""

    code = "LTI-REGISTER-ANSWER"
    title = _TITLE
    sentence = lazy_gettext(
        "The platform agreed, but its answer lacks “%(detail)s” or has a wrong value there."
    )
    advice = lazy_gettext(
        "Look into your platform's list of tools for the client id; the administrator can register it by hand."
    )


class InvitationUnknownError(NotFoundError):
    """No invitation has this secret."""

    code = "LTI-INVITATION"
    title = _TITLE
    sentence = lazy_gettext("No institute made this address. Perhaps a part of it is missing.")
    advice = lazy_gettext("Paste the address into your learning platform again, the whole of it.")


class InvitationUsedError(ConflictError):
    """The invitation registered a platform already."""

    code = "LTI-INVITATION-USED"
    title = _TITLE
    sentence = lazy_gettext("This address was used. Each registers one platform, once.")
    advice = _NEW_LINK


class InvitationOldError(ConflictError):
    """The invitation is too old or was withdrawn."""

    code = "LTI-INVITATION-OLD"
    title = _TITLE
    sentence = lazy_gettext(
        "This address is too old, or it was withdrawn. An address is good for seven days."
    )
    advice = _NEW_LINK


class InvitationMakerError(DeniedError):
    """Whoever made the invitation may not make one any more."""

    code = "LTI-INVITATION-MAKER"
    title = _TITLE
    sentence = lazy_gettext("Whoever made this address is no administrator of the institute any more.")
    advice = _NEW_LINK


class InvitationBusyError(ConflictError):
    """A registration by this invitation is under way."""

    code = "LTI-INVITATION-BUSY"
    title = _TITLE
    sentence = lazy_gettext("This address is being used at this very moment.")
    advice = lazy_gettext("Wait two minutes. If nothing was registered by then, start again.")


class InstituteError(NotFoundError):
    """The address names an institute that is not here."""

    code = "LTI-REGISTER-INSTITUTE"
    title = _TITLE
    sentence = lazy_gettext("The address names an institute that is not here.")
    advice = lazy_gettext("Ask the institute's administrator for the right address.")


class TooManyAtOnceError(TooManyError):
    """Several platforms ask without an invitation at this moment."""

    code = "LTI-REGISTER-BUSY"
    title = _TITLE
    sentence = lazy_gettext("Other platforms are being registered at this very moment.")
    advice = lazy_gettext("Wait a minute, then start again in your learning platform.")


class TooManyWaitError(TooManyError):
    """Too many requests wait for approval."""

    code = "LTI-REGISTER-FULL"
    title = _TITLE
    sentence = lazy_gettext("Too many platforms wait for approval here already.")
    advice = lazy_gettext("Ask the institute's administrator to decide on those, or for an invitation.")


class RequestMissingError(NotFoundError):
    """There is no such request, or it is another institute's."""

    code = "LTI-REQUEST-MISSING"
    title = lazy_gettext("This page is not here")
    sentence = lazy_gettext(
        "There is no such request of a platform, or it was forgotten because it is too old."
    )
    advice = None


class RequestDecidedError(ConflictError):
    """The request does not wait any more."""

    code = "LTI-REQUEST-DECIDED"
    title = lazy_gettext("This was decided in the meantime")
    sentence = lazy_gettext("The platform's request does not wait for a decision any more.")


NOTED: Final[dict[str, type[DomainError]]] = {
    kind.code: kind
    for kind in (
        PlainAddressError,
        PrivateNetworkError,
        ConfigurationUnreachableError,
        ConfigurationError,
        IssuerMismatchError,
        OtherPlatformError,
        TokenRefusedError,
        TokenUsedError,
        PlatformRefusedError,
        NoAnswerError,
        AnswerError,
        InvitationUsedError,
        TooManyWaitError,
        OtherInstituteError,
    )
}
"""What a request may have failed of, by the code that is noted down with it."""
