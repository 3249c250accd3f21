"""What is decided when the sandbox starts."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from lti.sandbox.profiles import PROFILES, Profile


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
    controls: bool = False
    """Whether /controls is there: a suite's hands inside the platform."""
    clock: Callable[[], datetime] = read_wall_clock
    tool_keys: Callable[[], Mapping[str, object]] | None = None
    """Reads the tool's key set where the tool does not listen on HTTP; else TOOL/lti/jwks is fetched."""

    @property
    def profile(self) -> Profile:
        """Return the differences of the chosen platform family."""
        return PROFILES[self.profile_name]
