"""What to do in each learning platform, step by step, in the words that stand on its own screens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from institute.i18n import LazyText, lazy_gettext
from lti.platforms.models import Family
from lti.setup.families import FAMILY_LABELS

GUIDED: Final = (
    Family.MOODLE,
    Family.CANVAS,
    Family.BRIGHTSPACE,
    Family.BLACKBOARD,
    Family.OPENEDX,
    Family.SAKAI,
)


@dataclass(frozen=True, slots=True)
class Guide:
    """The steps in one platform, in its own words. ``by_address``: it can be connected by an address alone."""

    family: Family
    label: LazyText | str
    steps: tuple[LazyText, ...]
    by_address: bool = True


_BY_ADDRESS: Final[Mapping[Family, tuple[LazyText, ...]]] = {
    Family.MOODLE: (
        lazy_gettext("Open Site administration, Plugins, Activity modules, External tool, Manage tools."),
        lazy_gettext("Paste the address into “Tool URL” and press “Add LTI Advantage”."),
        lazy_gettext("When the tool's card appears, press “Activate”."),
    ),
    Family.CANVAS: (
        lazy_gettext("Open Admin, your account, Apps, Manage, and press “Install a New App”."),
        lazy_gettext("Choose LTI 1.3 and “Dynamic Registration”, paste the address and continue."),
        lazy_gettext("Agree to the permissions and places that are proposed, then install the app."),
        lazy_gettext(
            "Older Canvas: Developer Keys, “+ Developer Key”, “+ LTI Registration”; then switch it ON."
        ),
    ),
    Family.BRIGHTSPACE: (
        lazy_gettext("Open Admin Tools, Manage Extensibility, LTI Advantage, and press “Register Tool”."),
        lazy_gettext("Choose “Dynamic”, paste the address as registration endpoint and press “Register”."),
        lazy_gettext(
            "Enable the tool, then add a deployment with all extensions and security settings ticked."
        ),
    ),
    Family.BLACKBOARD: (
        lazy_gettext(
            "In the Blackboard developer portal register a new LTI tool and choose dynamic registration."
        ),
        lazy_gettext("Paste the address and confirm. Note the client id that appears."),
        lazy_gettext("In Blackboard open Administrator Panel, LTI Tool Providers, “Register LTI 1.3 Tool”."),
        lazy_gettext(
            "Enter the client id, approve the tool and allow grade service and membership service access."
        ),
    ),
    Family.SAKAI: (
        lazy_gettext("Open Administration Workspace, External Tools, “LTI Advantage Auto-Provision”."),
        lazy_gettext("Name the tool, paste the address as registration endpoint and confirm."),
    ),
}
_BY_HAND: Final[Mapping[Family, tuple[LazyText, ...]]] = {
    Family.MOODLE: (
        lazy_gettext(
            "Open Manage tools, “configure a tool manually”; LTI version 1.3, key type “Keyset URL”."
        ),
        lazy_gettext(
            "Copy the values below, allow the services, save, then open the tool's details (the list)."
        ),
    ),
    Family.CANVAS: (
        lazy_gettext("Open Admin, Developer Keys, “+ Developer Key”, “+ LTI Key”, method “Paste JSON”."),
        lazy_gettext("Paste the JSON below, enter the redirect URI, save, switch the key ON."),
        lazy_gettext(
            "The client id is the long number of the column Details. Add the app by that client id."
        ),
        lazy_gettext("The deployment id stands in the app's menu under “Deployment Id”."),
    ),
    Family.BRIGHTSPACE: (
        lazy_gettext("Open LTI Advantage, “Register Tool”, “Standard”, and copy the values below into it."),
        lazy_gettext("It then shows client id, audience and addresses; the deployment shows its id."),
    ),
    Family.BLACKBOARD: (
        lazy_gettext(
            "Register a tool in the developer portal with these values; its application id is the client id."
        ),
        lazy_gettext(
            "Register that client id under LTI Tool Providers; the tool's details show the deployment id."
        ),
    ),
    Family.OPENEDX: (
        lazy_gettext(
            "In Studio switch the “LTI Consumer” module on in Advanced Settings and add an LTI component."
        ),
        lazy_gettext("Edit it: version LTI 1.3, then copy the values below into it and save."),
        lazy_gettext("The component then shows client id, deployment id and the platform's addresses."),
    ),
    Family.SAKAI: (
        lazy_gettext("Open External Tools, “Install LTI 1.x Tool”, and copy the values below into it."),
        lazy_gettext(
            "After saving, the tool's page shows client id, deployment id and the platform's addresses."
        ),
    ),
    Family.OTHER: (
        lazy_gettext("Register an LTI 1.3 tool with the values below, and allow grades and roster."),
        lazy_gettext("Then copy what the platform shows about itself into the form."),
    ),
}


def address_guides() -> tuple[Guide, ...]:
    """Return how each platform is connected by an address; one that cannot be says so by itself."""
    return tuple(
        Guide(
            family,
            FAMILY_LABELS[family],
            _BY_ADDRESS.get(family) or _BY_HAND[family],
            by_address=family in _BY_ADDRESS,
        )
        for family in GUIDED
    )


def hand_guide(family: Family) -> Guide:
    """Return how a platform is told of the tool by hand."""
    return Guide(family, FAMILY_LABELS[family], _BY_HAND[family])
