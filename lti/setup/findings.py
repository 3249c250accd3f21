"""What a check found, in plain words, and what to change in the learning platform. Pure tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from institute.i18n import LazyText, gettext, lazy_gettext, ngettext
from lti.platforms.models import Family
from lti.platforms.tool import SCOPES
from lti.setup.models import CheckState
from lti.setup.probes import token_step

STEP_NAMES: Final[Mapping[str, LazyText]] = {
    "keys": lazy_gettext("The platform's keys"),
    "login": lazy_gettext("The login address"),
    **dict(
        zip(
            map(token_step, SCOPES),
            (
                lazy_gettext("Permission to make columns in the gradebook"),
                lazy_gettext("Permission to see columns of the gradebook"),
                lazy_gettext("Permission to read results"),
                lazy_gettext("Permission to send scores"),
                lazy_gettext("Permission to read the roster"),
            ),
            strict=True,
        )
    ),
    "roster": lazy_gettext("The roster of a course"),
    "lineitems": lazy_gettext("The columns of a course's gradebook"),
}

SENTENCES: Final[Mapping[str, LazyText]] = {
    "unexpected": lazy_gettext("This step stopped for a reason that the log names."),
    "no-time": lazy_gettext("Not tried, because the platform takes very long to answer."),
    "network-refused": lazy_gettext(
        "The address leads into a private network, where the tool goes only if allowed."
    ),
    "tls-failed": lazy_gettext("The certificate of the platform's server is not valid."),
    "timed-out": lazy_gettext("The platform did not answer in time."),
    "too-large": lazy_gettext("The answer was far too long."),
    "redirected": lazy_gettext(
        "The address leads on to another one again and again, or to one without https."
    ),
    "unreachable": lazy_gettext("No server answers at this address."),
    "keys-status": lazy_gettext("The key address answers with status %(status)s instead of keys."),
    "keys-unreadable": lazy_gettext("What stands at the key address is not a key set."),
    "keys-unusable": lazy_gettext("The key set holds no key that a launch can be checked with."),
    "login-answers": lazy_gettext("It answers."),
    "login-missing": lazy_gettext("There is no page at the login address (status %(status)s)."),
    "login-broken": lazy_gettext(
        "The login address answers with an error of the platform (status %(status)s)."
    ),
    "token-granted": lazy_gettext("Given."),
    "token-other-scope": lazy_gettext("The platform gave a token, but not for this permission."),
    "token-invalid-scope": lazy_gettext("The platform does not give this permission to the tool."),
    "token-invalid-client": lazy_gettext("The platform does not recognise the tool or its signature."),
    "token-unauthorized-client": lazy_gettext("The platform does not let this tool ask for tokens."),
    "token-invalid-grant": lazy_gettext("The platform did not accept the tool's signed request."),
    "token-missing": lazy_gettext("There is nothing at the token address (status %(status)s)."),
    "token-refused": lazy_gettext("The platform refused with status %(status)s and gave no reason."),
    "token-busy": lazy_gettext("The platform is too busy or broken at the moment (status %(status)s)."),
    "token-unreadable": lazy_gettext("What the token address answers is not a token."),
    "roster-no-course": lazy_gettext("Nobody has opened the tool from a course with a roster yet."),
    "roster-no-token": lazy_gettext("Not tried, because the permission is missing."),
    "roster-busy": lazy_gettext("The platform is too busy or broken at the moment (status %(status)s)."),
    "roster-refused": lazy_gettext(
        "The platform gives the permission but refuses the roster (status %(status)s)."
    ),
    "roster-status": lazy_gettext("The roster's address answers with status %(status)s."),
    "roster-unreadable": lazy_gettext("What the platform answers is not a roster."),
    "lineitems-no-course": lazy_gettext("Nobody has opened the tool from a course with a gradebook yet."),
    "lineitems-no-token": lazy_gettext("Not tried, because the permission is missing."),
    "lineitems-busy": lazy_gettext("The platform is too busy or broken at the moment (status %(status)s)."),
    "lineitems-refused": lazy_gettext(
        "The platform gives the permission but refuses the columns (status %(status)s)."
    ),
    "lineitems-status": lazy_gettext("The gradebook's address answers with status %(status)s."),
    "lineitems-unreadable": lazy_gettext("What the platform answers is not a list of columns."),
}

_KEYS_ADVICE: Final = lazy_gettext(
    "Compare the key address with what the platform shows, and correct it here."
)
_TOKEN_ADVICE: Final = lazy_gettext(
    "Compare the token address with what the platform shows, and correct it here."
)
_LOGIN_ADVICE: Final = lazy_gettext(
    "Compare the login address with what the platform shows, and correct it here."
)
_WAIT: Final = lazy_gettext("Check again in a few minutes.")
_OPEN_ONCE: Final = lazy_gettext("Open the tool once from a course of the platform, then check again.")
_CLIENT: Final = lazy_gettext(
    "Compare the client id, and see that the tool's key address stands in the platform as its key set or JWKS URL."
)
_SCOPE: Final = lazy_gettext("Allow the tool this service in the platform's settings of the tool.")

ADVICE: Final[Mapping[str, LazyText]] = {
    "network-refused": lazy_gettext(
        "If the platform really stands there, let the operator of this tool name the network in PLATFORM_NETWORKS."
    ),
    "tls-failed": lazy_gettext("Let the platform's operator renew the certificate, with its whole chain."),
    "timed-out": _WAIT,
    "no-time": _WAIT,
    "unreachable": lazy_gettext("Compare the address with what the platform shows, and correct it here."),
    "redirected": lazy_gettext("Write the address here that the platform leads to in the end."),
    "keys-status": _KEYS_ADVICE,
    "keys-unreadable": _KEYS_ADVICE,
    "keys-unusable": lazy_gettext(
        "Let the platform publish an RSA key of at least 2048 bits, or a P-256 key."
    ),
    "login-missing": _LOGIN_ADVICE,
    "login-broken": _WAIT,
    "token-other-scope": _SCOPE,
    "token-invalid-scope": _SCOPE,
    "token-invalid-client": _CLIENT,
    "token-unauthorized-client": _CLIENT,
    "token-invalid-grant": _CLIENT,
    "token-refused": _CLIENT,
    "token-missing": _TOKEN_ADVICE,
    "token-unreadable": _TOKEN_ADVICE,
    "token-busy": _WAIT,
    "roster-no-course": _OPEN_ONCE,
    "roster-busy": _WAIT,
    "roster-refused": _SCOPE,
    "roster-status": lazy_gettext("Open the tool again from a course that still exists, then check again."),
    "roster-nameless": lazy_gettext(
        "To see names here, let the platform share names and e-mail with the tool."
    ),
    "lineitems-no-course": _OPEN_ONCE,
    "lineitems-busy": _WAIT,
    "lineitems-refused": _SCOPE,
    "lineitems-status": lazy_gettext(
        "Open the tool again from a course that still exists, then check again."
    ),
}

_MOODLE_GRADES: Final = lazy_gettext(
    "In Moodle: Site administration, Plugins, Activity modules, External tool, Manage tools; edit the tool and set "
    "“IMS LTI Assignment and Grade Services” to “Use this service for grade sync and column management”."
)
_MOODLE_ROSTER: Final = lazy_gettext(
    "In Moodle: edit the tool and set “IMS LTI Names and Role Provisioning” to “Use this service to retrieve "
    "members' information as per privacy settings”."
)
_MOODLE_CLIENT: Final = lazy_gettext(
    "In Moodle: edit the tool, compare the client id, choose “Keyset URL” as public key type and paste the tool's "
    "key address there."
)
_CANVAS_SCOPE: Final = lazy_gettext(
    "In Canvas: Admin, Developer Keys; edit the LTI key and switch this LTI Advantage service on."
)
_CANVAS_CLIENT: Final = lazy_gettext(
    "In Canvas: Admin, Developer Keys; see that the key is ON, that the client id is the long number of the column "
    "Details, and that its Public JWK URL is the tool's key address."
)
_BRIGHTSPACE_SCOPE: Final = lazy_gettext(
    "In Brightspace: Admin Tools, Manage Extensibility, LTI Advantage; open the tool and tick this extension, then "
    "tick it in the deployment too."
)
_BRIGHTSPACE_CLIENT: Final = lazy_gettext(
    "In Brightspace: open the registration, compare client id and keyset URL; the token audience here must be the "
    "“OAuth2 Audience” that it shows."
)
_BLACKBOARD_SCOPE: Final = lazy_gettext(
    "In Blackboard: Administrator Panel, LTI Tool Providers; edit the tool and allow grade service and membership "
    "service access."
)
_BLACKBOARD_CLIENT: Final = lazy_gettext(
    "In the Blackboard developer portal: compare the application id, which is the client id, and the tool's JWKS URL."
)
_EDX_SCOPE: Final = lazy_gettext(
    "In Open edX Studio: edit the LTI component and set “LTI Assignment and Grades Service” and “Enable LTI NRPS”."
)
_EDX_CLIENT: Final = lazy_gettext(
    "In Open edX Studio: edit the LTI component, set “Tool Public Key Mode” to “Keyset URL” with the tool's key "
    "address, publish it, and compare client id and token address."
)

_GRADES: Final = frozenset(token_step(scope) for scope in SCOPES if "lti-ags" in scope) | {"lineitems"}
_NOT_PERMITTED: Final = frozenset(
    {"token-other-scope", "token-invalid-scope", "roster-refused", "lineitems-refused"}
)
_NOT_KNOWN: Final = frozenset(
    {"token-invalid-client", "token-unauthorized-client", "token-invalid-grant", "token-refused"}
)
_SCOPE_ADVICE: Final[Mapping[Family, LazyText]] = {
    Family.CANVAS: _CANVAS_SCOPE,
    Family.BRIGHTSPACE: _BRIGHTSPACE_SCOPE,
    Family.BLACKBOARD: _BLACKBOARD_SCOPE,
    Family.OPENEDX: _EDX_SCOPE,
}
_CLIENT_ADVICE: Final[Mapping[Family, LazyText]] = {
    Family.MOODLE: _MOODLE_CLIENT,
    Family.CANVAS: _CANVAS_CLIENT,
    Family.BRIGHTSPACE: _BRIGHTSPACE_CLIENT,
    Family.BLACKBOARD: _BLACKBOARD_CLIENT,
    Family.OPENEDX: _EDX_CLIENT,
}


def say_step(step: str) -> str:
    """Return what a step is about."""
    return str(STEP_NAMES[step]) if step in STEP_NAMES else step


def say_finding(code: str, about: Mapping[str, int]) -> str:
    """Return what a step found, as a sentence; empty while it has found nothing yet."""
    count = about.get("count", 0)
    if code == "keys-usable":
        return ngettext("%(num)s usable key is published.", "%(num)s usable keys are published.", count)
    if code == "roster-read":
        return ngettext("One page was read: %(num)s person.", "One page was read: %(num)s people.", count)
    if code == "roster-nameless":
        return ngettext(
            "One page was read: %(num)s person, without a name.",
            "One page was read: %(num)s people, all without names.",
            count,
        )
    if code == "lineitems-read":
        return ngettext("%(num)s column was read.", "%(num)s columns were read.", count)
    sentence = SENTENCES.get(code)
    if sentence is None:
        return gettext("Not known.") if code else ""
    return str(sentence) % {"status": about.get("status", 0)} if about else str(sentence)


def say_advice(step: str, code: str, family: Family) -> str:
    """Return what to change and where, in the words of that platform where they are known; empty if nothing."""
    if code in _NOT_PERMITTED and family is Family.MOODLE:
        return str(_MOODLE_GRADES if step in _GRADES else _MOODLE_ROSTER)
    if code in _NOT_PERMITTED and family in _SCOPE_ADVICE:
        return str(_SCOPE_ADVICE[family])
    if code in _NOT_KNOWN and family in _CLIENT_ADVICE:
        return str(_CLIENT_ADVICE[family])
    advice = ADVICE.get(code)
    return str(advice) if advice else ""


CHECK_SIGNS: Final[Mapping[CheckState, tuple[str, str]]] = {
    CheckState.WAITING: ("plain", "hourglass-split"),
    CheckState.RUNNING: ("ask", "clock"),
    CheckState.PASSED: ("ok", "check-circle"),
    CheckState.FAILED: ("stop", "exclamation-octagon"),
    CheckState.SKIPPED: ("note", "info-circle"),
}
STATE_WORDS: Final[Mapping[CheckState, LazyText]] = {
    CheckState.WAITING: lazy_gettext("Waits"),
    CheckState.RUNNING: lazy_gettext("Being checked"),
    CheckState.PASSED: lazy_gettext("Works"),
    CheckState.FAILED: lazy_gettext("Does not work"),
    CheckState.SKIPPED: lazy_gettext("Not checked"),
}
