"""Words and signs of states, for templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from institute.i18n import LazyText, lazy_gettext
from lti.platforms.models import DeploymentState, Family, RoleMeaning
from lti.setup.families import FAMILY_LABELS

DEPLOYMENT_SIGNS: Final[Mapping[DeploymentState, tuple[LazyText, str]]] = {
    DeploymentState.ACTIVE: (lazy_gettext("Active"), "ok"),
    DeploymentState.PENDING: (lazy_gettext("Waits for you"), "ask"),
    DeploymentState.DISABLED: (lazy_gettext("Paused"), "stop"),
}
MEANINGS: Final[Mapping[RoleMeaning, LazyText]] = {
    RoleMeaning.LEARNER: lazy_gettext("Participant"),
    RoleMeaning.STAFF: lazy_gettext("Facilitator"),
    RoleMeaning.MENTOR: lazy_gettext("Mentor of the people whom the launch names"),
    RoleMeaning.ADMINISTRATOR: lazy_gettext("Administrator of the platform"),
    RoleMeaning.NOTHING: lazy_gettext("Nothing"),
}


def say_family(family: Family) -> str:
    """Return the software's name."""
    return str(FAMILY_LABELS[family])


def say_meaning(meaning: str) -> str:
    """Return what a role means here; a meaning that nobody knows any more is shown as it is stored."""
    return str(MEANINGS[RoleMeaning(meaning)]) if meaning in list(RoleMeaning) else meaning
