"""``python -m tests.interop.openedx FOLDER PORT TOOL_URL``: serve the platform until it is told to stop."""

from __future__ import annotations

import sys
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from tests.interop.openedx.settings import configure


class _Server(ThreadingMixIn, WSGIServer):
    """Answers several requests at once: while it reads the tool's keys, the tool reads its own."""

    daemon_threads = True


class _QuietHandler(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        """Write no line for each request."""


def main() -> None:
    """Prepare the database, tell what the tool must be told, and serve."""
    folder, port, tool_url = sys.argv[1:]
    configure(Path(folder), f"http://localhost:{port}")
    # Django's models can be imported only once the settings stand.
    from django.core.management import call_command  # noqa: PLC0415
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415

    application = get_wsgi_application()
    call_command("migrate", verbosity=0)
    from tests.interop.openedx import school  # noqa: PLC0415

    school.fill(tool_url)
    with make_server("127.0.0.1", int(port), application, _Server, _QuietHandler) as server:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        server.serve_forever()


main()
