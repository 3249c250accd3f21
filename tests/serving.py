"""A server for a browser beside a test: each answer is read whole and its files closed before anything is sent."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from socketserver import BaseServer
from typing import TYPE_CHECKING

from werkzeug.serving import BaseWSGIServer, make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def server_of(app: WSGIApplication) -> BaseWSGIServer:
    """Return a server of an application at a free port; the test starts and stops it.

    A browser that goes away would leave the server's answer open, and with it the file that it sends.
    """

    def whole(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = app(environ, start_response)
        try:
            return [b"".join(answer)]
        finally:
            if hasattr(answer, "close"):
                answer.close()

    return make_server("127.0.0.1", 0, whole, threaded=True)


@contextmanager
def until_done(server: BaseServer) -> Iterator[None]:
    """Serve in a thread as long as the block runs, then close the server."""
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
