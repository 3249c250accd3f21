"""What somebody typed about a platform: read, checked field by field, never lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final, Self

from institute.i18n import LazyText, lazy_gettext
from institute.web.forms import storable
from lti.platforms.models import (
    MAX_ID_LENGTH,
    MAX_URL_LENGTH,
    DeploymentPolicy,
    Family,
    Registration,
)
from lti.platforms.registering import MAX_NAME, PlatformDraft
from lti.platforms.strings import is_clean, web_address

ADDRESSES: Final = ("auth_url", "token_url", "jwks_url")
TOO_LONG: Final = lazy_gettext("This is longer than a platform would make it.")
ID_MISSING: Final = lazy_gettext("Copy it from the platform, exactly as it stands there.")
ADDRESS_WRONG: Final = lazy_gettext("Write a whole address that begins with https://.")
BROKEN: Final = lazy_gettext("This holds characters that cannot be part of it.")
NAME_MISSING: Final = lazy_gettext("Give the platform a name, so that people recognise it.")


@dataclass(frozen=True, slots=True)
class PlatformSheet:
    """The fields of a platform as they stand in a form, all of them texts; boxes are ``"1"`` or empty."""

    name: str = ""
    family: str = Family.OTHER.value
    issuer: str = ""
    client_id: str = ""
    deployment_id: str = ""
    auth_url: str = ""
    token_url: str = ""
    jwks_url: str = ""
    token_audience: str = ""
    trust_administrators: str = ""
    allow_anonymous: str = ""
    approve_deployments: str = ""

    @classmethod
    def of(cls, form: Mapping[str, str]) -> Self:
        """Read a form; what it lacks is empty."""
        return cls(**{one.name: storable(form.get(one.name, "")).strip() for one in fields(cls)})

    @classmethod
    def shown(cls, registration: Registration) -> Self:
        """Return what is saved, as the form shows it."""
        return cls(
            name=registration.name,
            family=registration.family.value,
            issuer=registration.issuer,
            client_id=registration.client_id,
            auth_url=registration.auth_url,
            token_url=registration.token_url,
            jwks_url=registration.jwks_url,
            token_audience=registration.token_audience or "",
            trust_administrators=_box(registration.trust_administrators),
            allow_anonymous=_box(registration.allow_anonymous),
            approve_deployments=_box(registration.deployment_policy is DeploymentPolicy.APPROVE),
        )

    def problems(self, *, named: bool) -> dict[str, LazyText]:
        """Return what has to be mended, by field. ``named``: issuer, client and deployment are typed here too."""
        asked = {name: _address_problem(getattr(self, name)) for name in ADDRESSES}
        if named:
            asked |= {name: _id_problem(getattr(self, name)) for name in ("issuer", "client_id")}
            asked["deployment_id"] = _id_problem(self.deployment_id) if self.deployment_id else None
        asked["token_audience"] = _text_problem(self.token_audience, MAX_URL_LENGTH)
        asked["name"] = NAME_MISSING if not self.name and not named else _text_problem(self.name, MAX_NAME)
        return {name: problem for name, problem in asked.items() if problem is not None}

    def draft(self) -> PlatformDraft:
        """Return it as what the registration is made from. Only for a sheet without problems."""
        return PlatformDraft(
            issuer=self.issuer,
            client_id=self.client_id,
            auth_url=self.auth_url,
            token_url=self.token_url,
            jwks_url=self.jwks_url,
            deployment_id=self.deployment_id or None,
            name=self.name or None,
            token_audience=self.token_audience,
            trust_administrators=bool(self.trust_administrators),
            allow_anonymous=bool(self.allow_anonymous),
            deployment_policy=self.policy,
            family=self.software,
        )

    @property
    def policy(self) -> DeploymentPolicy:
        """What happens to new deployments."""
        return DeploymentPolicy.APPROVE if self.approve_deployments else DeploymentPolicy.PENDING

    @property
    def software(self) -> Family:
        """Which software it is; whatever is not known is another one."""
        return Family(self.family) if self.family in list(Family) else Family.OTHER


def _box(ticked: bool) -> str:
    return "1" if ticked else ""


def _id_problem(text: str) -> LazyText | None:
    return _text_problem(text, MAX_ID_LENGTH) if text else ID_MISSING


def _text_problem(text: str, longest: int) -> LazyText | None:
    if len(text) > longest:
        return TOO_LONG
    return None if is_clean(text) else BROKEN


def _address_problem(text: str) -> LazyText | None:
    if len(text) > MAX_URL_LENGTH:
        return TOO_LONG
    return ADDRESS_WRONG if web_address(text) is None or "#" in text else None
