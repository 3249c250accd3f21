"""Static files under addresses that carry their content's hash, so that a browser keeps them for good."""

from __future__ import annotations

import hashlib
import mimetypes
from functools import lru_cache
from pathlib import Path
from typing import Final

from flask import Flask, Response, request, send_file
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

STATIC: Final = Path(__file__).resolve().parent.parent / "static"
FOR_GOOD: Final = "public, max-age=31536000, immutable"


@lru_cache(maxsize=256)
def asset(path: str) -> str:
    """Return the address of a static file, from the root of the site whatever session is open.

    It is worked out once: files change with the program, which is started again then.
    """
    return f"/static/{hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:12]}/{path}"


def asset_file(digest: str, path: str) -> Response:
    """Serve a static file, compressed where that was prepared and the browser can read it."""
    found = safe_join(str(STATIC), path)
    if found is None or not Path(found).is_file():
        raise NotFound
    packed = Path(found + ".gz")
    compressed = packed.is_file() and request.accept_encodings["gzip"] > 0
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    response = send_file(packed if compressed else found, mimetype=kind, conditional=True, etag=digest)
    if packed.is_file():
        response.vary.add("Accept-Encoding")
    if compressed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = FOR_GOOD
    return response


def init_app(app: Flask) -> None:
    """Give templates ``asset('look.css')``."""
    app.jinja_env.globals["asset"] = asset
