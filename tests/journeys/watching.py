"""What a window did besides showing a page: errors, failed requests, requests to anybody else."""

from __future__ import annotations

from typing import ClassVar, Final
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, WebError

FIRST_FAILURE: Final = 400
OWN_SCHEMES: Final = frozenset({"data", "blob", "about"})
# The browser's own remark about an answer, which is judged by its status.
ABOUT_STATUS: Final = "Failed to load resource: the server responded with a status of"
# A page that is left while it loads.
LEFT: Final = "net::ERR_ABORTED"


class Watch:
    """Everything wrong that happened in a context. ``expect`` names statuses that belong to the journey."""

    _watches: ClassVar[WeakKeyDictionary[BrowserContext, Watch]] = WeakKeyDictionary()

    def __init__(self, context: BrowserContext, hosts: tuple[str, ...]) -> None:
        self.complaints: list[str] = []
        self._hosts = frozenset(urlsplit(host).netloc for host in hosts)
        self._expected: set[int] = set()
        self._watches[context] = self
        context.on("console", self._hear)
        context.on("weberror", self._catch)
        context.on("request", self._see)
        context.on("requestfailed", self._miss)
        context.on("response", self._judge)
        context.on("dialog", self._refuse_dialog)

    @classmethod
    def of(cls, context: BrowserContext) -> Watch:
        """Return what watches a context."""
        return cls._watches[context]

    def allow(self, *addresses: str) -> None:
        """Take these addresses' hosts as part of the journey."""
        self._hosts |= {urlsplit(address).netloc for address in addresses}

    def expect(self, *statuses: int) -> None:
        """Take these statuses as part of the journey."""
        self._expected.update(statuses)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(ABOUT_STATUS):
            self.complaints.append(f"The console says: {message.text}")

    def _catch(self, error: WebError) -> None:
        self.complaints.append(f"A script failed: {error.error}")

    def _see(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in OWN_SCHEMES and parts.netloc not in self._hosts:
            self.complaints.append(f"A page asked somebody else: {request.url}")

    def _miss(self, request: Request) -> None:
        if request.failure != LEFT:
            self.complaints.append(f"{request.url} failed: {request.failure}")

    def _judge(self, response: Response) -> None:
        if response.status >= FIRST_FAILURE and response.status not in self._expected:
            self.complaints.append(f"{response.url} answered {response.status}")

    def _refuse_dialog(self, dialog: object) -> None:
        self.complaints.append(f"A page opened a dialog: {dialog}")


def name_of_page(page: Page) -> str:
    """Return the address behind the session's prefix, to be named in a report."""
    path = urlsplit(page.url).path
    return "/" + path.split("/", 3)[-1] if path.startswith("/s/") else path
