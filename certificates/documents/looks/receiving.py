"""Taking in a logo or the picture of a signature: told by what it holds, made plain, then kept."""

from __future__ import annotations

import importlib
import io
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from certificates.documents.looks.drawings import SVG, check_drawing, looks_like_drawing
from certificates.documents.looks.errors import PictureError, PictureShapeError, PictureTooLargeError
from institute.files import storing
from institute.files.storage import Blob

LARGEST: Final = 2 * 1024 * 1024
MOST_DOTS: Final = 20_000_000
WIDEST: Final = 1400  # dots: 60 mm at 600 dots an inch
MOST_TIMES: Final = 8.0
# Reads pictures; loaded when the first one comes.
_PICTURES: Final = "PIL.Image"


@dataclass(frozen=True, slots=True)
class Taken:
    """A picture that was checked and whose bytes are kept."""

    blob: Blob
    media_type: str
    name: str


def take_picture(data: BinaryIO, *, name: str) -> Taken:
    """Check a picture and keep its bytes, outside any transaction. Raises the PictureError that says what is wrong."""
    content = data.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise _too_large()
    if looks_like_drawing(content):
        _check_shape(check_drawing(content))
        return Taken(storing.keep(content), SVG, f"{name}.svg")
    return Taken(storing.keep(_plain(content)), "image/png", f"{name}.png")


def _plain(content: bytes) -> bytes:
    """Return a picture as PNG: no profile, no place where it was taken, no more dots than print shows."""
    pictures: Any = importlib.import_module(_PICTURES)
    try:
        opened = pictures.open(io.BytesIO(content), formats=("PNG", "JPEG"))
    except (
        Exception
    ) as error:  # the reader meets bytes from outside: whatever it stumbles over, it is no picture
        raise PictureError from error
    if opened.width * opened.height > MOST_DOTS:
        raise _too_large()
    _check_shape(opened.width / opened.height)
    clear = opened.mode in {"RGBA", "LA", "PA"} or "transparency" in opened.info
    written = io.BytesIO()
    try:
        picture = opened.convert("RGBA" if clear else "RGB")
        picture.thumbnail((WIDEST, WIDEST))
        picture.save(written, "PNG", optimize=True)
    except Exception as error:  # its end may be missing, which shows only now
        raise PictureError from error
    return written.getvalue()


def _check_shape(ratio: float) -> None:
    if not 1 / MOST_TIMES <= ratio <= MOST_TIMES:
        raise PictureShapeError(times=int(MOST_TIMES))


def _too_large() -> PictureTooLargeError:
    return PictureTooLargeError(megabytes=LARGEST // 1024 // 1024, dots=MOST_DOTS // 1_000_000)
