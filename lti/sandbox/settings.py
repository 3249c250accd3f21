"""What is decided when the sandbox starts."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from lti.sandbox.profiles import PROFILES, Profile

CUSTOM: Final = {
    "resource_link_history": "$ResourceLink.id.history",
    "context_history": "$Context.id.history",
    "submission_end": "$ResourceLink.submission.endDateTime",
    "available_start": "$ResourceLink.available.startDateTime",
    "available_end": "$ResourceLink.available.endDateTime",
    "person_timezone": "$Person.address.timezone",
}


def read_wall_clock() -> datetime:
    """Return the present instant, in UTC."""
    return datetime.fromtimestamp(time.time(), UTC)


@dataclass(frozen=True)
class SandboxSettings:
    """One sandbox. ``public_url`` is also the issuer; no address ends in a slash."""

    data_dir: Path
    tool_url: str = "http://127.0.0.1:8000"
    public_url: str = "http://localhost:8001"
    client_id: str = "sandbox-client"
    deployment_id: str = "1"
    profile_name: str = "strict"
    issuer: str = ""
    """Who signs the id_tokens, where that is not the public address (a global issuer, as Canvas has)."""
    custom: Mapping[str, str] = field(default_factory=lambda: dict(CUSTOM))
    """The custom values that the first tool's registration asks for."""
    controls: bool = False
    """Whether /controls is there: a suite's hands inside the platform."""
    clock: Callable[[], datetime] = read_wall_clock
    tool_keys: Callable[[], Mapping[str, object]] | None = None
    """Reads the tool's key set where the tool does not listen on HTTP; else TOOL/lti/jwks is fetched."""

    @property
    def profile(self) -> Profile:
        """Return the differences of the chosen platform family."""
        return PROFILES[self.profile_name]
