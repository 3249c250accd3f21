"""``python -m lti.sandbox``: the sandbox from the command line."""

import argparse
import logging
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Final
from urllib.parse import urlsplit

from lti.sandbox.profiles import PROFILES
from lti.sandbox.server import PortBusyError, serve
from lti.sandbox.settings import SandboxSettings

LAST_PORT: Final = 65535


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM or Control-C; return the exit status."""
    options = _read_options(arguments)
    logging.basicConfig(level=logging.INFO, format="sandbox: %(message)s")
    settings = SandboxSettings(
        data_dir=options.data,
        tool_url=options.tool_url,
        public_url=options.public_url or f"http://localhost:{options.port}",
        profile_name=options.profile,
        controls=options.controls,
        issuer=options.issuer or "",
    )
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    try:
        with serve(settings, port=options.port) as running:
            sys.stdout.write(
                f"The sandbox LMS is at {running.url}; it opens the tool at {settings.tool_url}.\n"
            )
            sys.stdout.flush()
            stop.wait()
    except PortBusyError:
        sys.stderr.write(
            f"Port {options.port} is in use by another program: stop it, or choose another port with --port.\n"
        )
        return 1
    except OSError as error:
        sys.stderr.write(f"The sandbox cannot start: {error.strerror}.\n")
        return 1
    return 0


def _read_options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m lti.sandbox", description="A small, strict LMS for trying the tool."
    )
    parser.add_argument("--port", type=_port, default=8001, help="the port on loopback (8001)")
    parser.add_argument("--data", type=Path, required=True, help="the folder for the sandbox's own file")
    parser.add_argument(
        "--tool-url", type=_address, default="http://127.0.0.1:8000", help="where the tool is"
    )
    parser.add_argument(
        "--public-url", type=_address, help="the platform's own address (http://localhost:PORT)"
    )
    parser.add_argument(
        "--issuer", type=_address, help="who signs, where that is not the platform's own address"
    )
    parser.add_argument(
        "--profile", choices=sorted(PROFILES), default="strict", help="whose answers to imitate"
    )
    parser.add_argument("--controls", action="store_true", help="let test suites order failures and tokens")
    return parser.parse_args(arguments)


def _port(text: str) -> int:
    port = int(text)
    if not 1 <= port <= LAST_PORT:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return port


def _address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise argparse.ArgumentTypeError("an address looks like http://127.0.0.1:8000")
    return text.rstrip("/")


if __name__ == "__main__":
    sys.exit(main())
