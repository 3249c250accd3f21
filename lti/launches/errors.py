"""Why a login or a launch is refused: a stable code, a sentence for the person, an HTTP status."""

from __future__ import annotations

from typing import ClassVar, Final

from institute.errors import ConflictError, DeniedError, InvalidError, NotFoundError, UnavailableError
from institute.i18n import lazy_gettext

_AGAIN = lazy_gettext("Go back to the course and open its link again.")
_TELL = lazy_gettext("Tell the administrator of your learning platform the code below.")


class MalformedError(InvalidError):
    """What the platform sent breaks the protocol."""

    code = "LTI-MALFORMED"
    status: ClassVar[int] = 400
    title = lazy_gettext("The link could not be opened")
    sentence = lazy_gettext("Your learning platform sent a request that cannot be read.")
    advice = _TELL


class UnprovenError(DeniedError):
    """What the platform sent does not prove who sent it, to whom, or when."""

    code = "LTI-UNPROVEN"
    status: ClassVar[int] = 401
    title = lazy_gettext("The link could not be opened")
    sentence = lazy_gettext("It could not be made sure that your learning platform sent this request.")
    advice = _AGAIN


class NotAdmittedError(DeniedError):
    """The platform is known or proven, and not let in."""

    code = "LTI-NOT-ADMITTED"
    status: ClassVar[int] = 403
    title = lazy_gettext("The link could not be opened")
    sentence = lazy_gettext("Your learning platform may not open this tool.")
    advice = _TELL


class LoginRequestError(MalformedError):
    """A login request lacks what it must carry, or carries it twice as long as anybody may."""

    code = "LTI-LOGIN"
    sentence = lazy_gettext("The login request lacks “%(parameter)s”, or has a wrong value there.")


class ClientAmbiguousError(MalformedError):
    """No client id was named, and the issuer has several."""

    code = "LTI-CLIENT"
    sentence = lazy_gettext("The login request does not say which of several registrations it is for.")


class TargetHostError(MalformedError):
    """The target of the login request is not ours."""

    code = "LTI-TARGET-HOST"
    sentence = lazy_gettext("The login request names a target outside this tool.")


class PlatformUnknownError(NotAdmittedError):
    """No registration has this issuer and client id."""

    code = "LTI-PLATFORM"
    sentence = lazy_gettext("Your learning platform is not registered with this tool.")


class PlatformWaitingError(NotAdmittedError):
    """The platform asked to be registered, and nobody has approved it yet."""

    code = "LTI-PLATFORM-WAITING"
    title = lazy_gettext("This learning platform waits for approval")
    sentence = lazy_gettext("An administrator of the institute must approve it first.")


class PlatformDisabledError(NotAdmittedError):
    """The registration was switched off."""

    code = "LTI-DISABLED"
    sentence = lazy_gettext("The registration of your learning platform was switched off.")


class DeploymentPendingError(NotAdmittedError):
    """The deployment waits for an administrator's approval."""

    code = "LTI-DEPLOYMENT-PENDING"
    title = lazy_gettext("This placement waits for approval")
    sentence = lazy_gettext(
        "The tool was placed here for the first time. An administrator must approve it first."
    )


class DeploymentDisabledError(NotAdmittedError):
    """The deployment was switched off."""

    code = "LTI-DEPLOYMENT-DISABLED"
    sentence = lazy_gettext("The placement of the tool in this course was switched off.")


class StateError(UnprovenError):
    """No login of ours has this state."""

    code = "LTI-STATE"
    sentence = lazy_gettext("This launch does not belong to a login that was started here.")


class StateExpiredError(UnprovenError):
    """The login was started too long ago."""

    code = "LTI-STATE-EXPIRED"
    sentence = lazy_gettext("Too much time passed between the login and the launch.")


class ReplayError(UnprovenError):
    """The login was used before."""

    code = "LTI-REPLAY"
    sentence = lazy_gettext("This launch was used before. Each opening of the link works once.")


class WindowTicketError(UnprovenError):
    """The ticket of the new-window page was used or is too old."""

    code = "LTI-WINDOW"
    sentence = lazy_gettext("The offer to open a new window was used already or is too old.")


class TokenFormatError(MalformedError):
    """The token is not three parts of base64 over JSON objects."""

    code = "LTI-TOKEN"
    sentence = lazy_gettext("The signed message of your learning platform cannot be read.")


class AlgorithmError(UnprovenError):
    """The token is signed in a way that proves nothing, or not with its key's algorithm."""

    code = "LTI-ALGORITHM"
    sentence = lazy_gettext("The message of your learning platform is signed in a way that is not accepted.")
    advice = _TELL


class KeyUnknownError(UnprovenError):
    """The platform does not publish the key that the token names."""

    code = "LTI-KEY"
    sentence = lazy_gettext(
        "Your learning platform does not publish the key that its message was signed with."
    )
    advice = _TELL


class KeysUnavailableError(UnavailableError):
    """The platform's keys cannot be fetched now."""

    code = "LTI-KEYS"
    status: ClassVar[int] = 503
    title = lazy_gettext("Your learning platform does not answer")
    sentence = lazy_gettext("The keys of your learning platform could not be fetched.")
    advice = lazy_gettext("Wait a minute, then open the link in the course again.")


class SignatureError(UnprovenError):
    """The signature is wrong."""

    code = "LTI-SIGNATURE"
    sentence = lazy_gettext("The signature of the message is wrong.")


class IssuerError(UnprovenError):
    """The token comes from another issuer than the login."""

    code = "LTI-ISSUER"
    sentence = lazy_gettext("The message comes from another platform than the login.")


class AudienceError(UnprovenError):
    """The token is not for the client that the login was for."""

    code = "LTI-AUDIENCE"
    sentence = lazy_gettext("The message of your learning platform is meant for another tool.")


class NonceError(UnprovenError):
    """The token does not belong to this login."""

    code = "LTI-NONCE"
    sentence = lazy_gettext("The message of your learning platform does not belong to this login.")


class TokenTimeError(UnprovenError):
    """The token is too old, from the future, or does not say."""

    code = "LTI-TIME"
    sentence = lazy_gettext("The message of your learning platform is too old, or its clock is wrong.")


class VersionError(MalformedError):
    """The message is of no version that this tool speaks."""

    code = "LTI-VERSION"
    sentence = lazy_gettext("Your learning platform speaks another version of LTI than 1.3.")


class MessageTypeError(MalformedError):
    """The message is of no type that this tool answers."""

    code = "LTI-MESSAGE-TYPE"
    sentence = lazy_gettext("Your learning platform asked for something that this tool does not offer.")


class ClaimError(MalformedError):
    """A claim is missing or has a wrong value."""

    code = "LTI-CLAIM"
    sentence = lazy_gettext("In the message of your learning platform “%(claim)s” is missing or wrong.")


class PlatformAnsweredError(UnprovenError):
    """The platform answered the login with an error instead of a message."""

    code = "LTI-PLATFORM-ERROR"
    title = lazy_gettext("Your learning platform did not sign you in")
    sentence = lazy_gettext("Your learning platform answered the login with an error.")


class LoginRequiredError(PlatformAnsweredError):
    """The platform says that the person is not signed in there."""

    code = "LTI-LOGIN-REQUIRED"
    sentence = lazy_gettext("You are not signed in to your learning platform any more.")
    advice = lazy_gettext("Sign in to your learning platform, then open the link in the course again.")


class DeploymentUnknownError(NotFoundError):
    """No deployment has this number."""

    code = "LTI-DEPLOYMENT"
    sentence = lazy_gettext("This address does not belong to a placement of the tool.")


class TargetGoneError(NotFoundError):
    """The link names something that is not here any more."""

    code = "LTI-TARGET-GONE"
    title = lazy_gettext("What this link opened is not here any more")
    sentence = lazy_gettext("It was removed from the programme, or the link was made for another one.")
    advice = lazy_gettext("Tell your facilitator, who can change the link in the course.")


class AlreadyBoundError(ConflictError):
    """Somebody else bound the course in the meantime."""

    code = "LTI-BOUND"
    title = lazy_gettext("The course was connected in the meantime")
    sentence = lazy_gettext("Somebody else has just connected this course to a cohort. Nothing was changed.")


class CohortUnknownError(InvalidError):
    """The chosen cohort is none of the institute's."""

    code = "LTI-COHORT"
    sentence = lazy_gettext("Choose one of the cohorts in the list.")


AtTheDoorError = MalformedError | UnprovenError | NotAdmittedError | KeysUnavailableError
"""Every refusal that ends a login or a launch before a session exists; each has a ``status``."""

AT_THE_DOOR: Final = (MalformedError, UnprovenError, NotAdmittedError, KeysUnavailableError)
