"""A line that breaks: passes bytes on to a server, and cuts the connection where it is told to."""

from __future__ import annotations

import contextlib
import select
import socket
import struct
import threading
from collections.abc import Iterable, Iterator
from typing import Final

PIECE: Final = 256 * 1024
_AT_ONCE: Final = struct.pack("ii", 1, 0)  # close without a farewell, as a cable that is pulled


class CutLine:
    """Listens on a port of loopback; ``cuts`` counts the connections that were cut after so many bytes in all."""

    def __init__(self, target: int, after: Iterable[int]) -> None:
        self._target = target
        self._after = list(after)
        self._passed = 0
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.cuts = 0
        self._passing: list[threading.Thread] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Listen no more, and pass nothing on."""
        _shut(self._listener)
        self._thread.join(5)
        self._listener.close()
        for passing in self._passing:
            passing.join(5)

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._target))
                passing = threading.Thread(target=self._pass, args=(near, far), daemon=True)
                self._passing.append(passing)
                passing.start()

    def _pass(self, near: socket.socket, far: socket.socket) -> None:
        """Pass on what either side says, until one ends or the line is cut."""
        with near, far, contextlib.suppress(OSError):
            while True:
                for source in select.select([near, far], [], [])[0]:
                    data = source.recv(PIECE)
                    target = far if source is near else near
                    target.sendall(data)
                    cut = source is near and self._must_cut(len(data))
                    if cut or not data:
                        if cut:
                            near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
                            far.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
                        return

    def _must_cut(self, length: int) -> bool:
        with self._lock:
            self._passed += length
            if self._after and self._passed >= self._after[0]:
                self._after.pop(0)
                self.cuts += 1
                return True
        return False


def _shut(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def cut_line(target: int, after: Iterable[int]) -> Iterator[CutLine]:
    """Open a line to a port that is cut each time so many bytes in all have passed."""
    line = CutLine(target, after)
    try:
        yield line
    finally:
        line.close()
