"""Pictures inside documents: they carry notes of their own."""

from __future__ import annotations

import io

from institute.files.cleaners.jpeg import clean_jpeg
from institute.files.cleaners.png import clean_png
from institute.files.cleaners.webp import clean_webp


def clean_picture(data: bytes) -> bytes:
    """Return a picture without notes; anything that is none of a known kind as it is. Raises UncleanError."""
    cleaner = None
    if data.startswith(b"\xff\xd8\xff"):
        cleaner = clean_jpeg
    elif data.startswith(b"\x89PNG\r\n\x1a\n"):
        cleaner = clean_png
    elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        cleaner = clean_webp
    if cleaner is None:
        return data
    target = io.BytesIO()
    cleaner(io.BytesIO(data), target)
    return target.getvalue()
