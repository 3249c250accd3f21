"""Faults on demand: a suite says which service fails, how, and how often."""

import threading
import time
from dataclasses import dataclass, field

from flask import Response


@dataclass
class Fault:
    """One kind of failure of one service. ``left`` counts the failures to come; None lasts until it is cleared."""

    service: str
    """A service's name, or ``all``."""
    status: int | None = 503
    """None lets the service answer, only later."""
    left: int | None = None
    sleep: float = 0.0
    """Seconds before the answer."""
    headers: dict[str, str] = field(default_factory=dict)
    body: str = "The service is not available."
    content_type: str = "text/plain; charset=utf-8"
    after_work: bool = False
    """The service does its work and only its answer is lost."""
    skip: int = 0
    """So many calls pass before the first failure."""

    def wait(self) -> None:
        """Sleep as long as the suite asked for."""
        if self.sleep:
            time.sleep(self.sleep)

    def respond(self) -> Response | None:
        """Return the failing answer, or None where the service answers itself."""
        if self.status is None:
            return None
        return Response(self.body, self.status, self.headers, content_type=self.content_type)


class Faults:
    """The failures that are in force. They are forgotten when the process ends."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Put a failure in force, behind those that are there."""
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        """End all failures."""
        with self._lock:
            self._faults.clear()

    def take(self, service: str) -> Fault | None:
        """Return the failure that meets this call of ``service``, and count it."""
        with self._lock:
            for fault in self._faults:
                if fault.service in {service, "all"} and _meets(fault):
                    return fault
        return None


def _meets(fault: Fault) -> bool:
    if fault.skip > 0:
        fault.skip -= 1
        return False
    if fault.left is None:
        return True
    fault.left -= 1
    return fault.left >= 0
