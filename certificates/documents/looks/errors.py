"""Why a picture or a look is not taken. Each sentence says what to do."""

from __future__ import annotations

from institute.errors import InvalidError
from institute.i18n import lazy_gettext


class PictureError(InvalidError):
    """A picture that cannot stand on a document."""

    code = "PICTURE"
    sentence = lazy_gettext("This is no picture that can be printed. Save it as PNG, JPEG or SVG.")


class PictureTooLargeError(PictureError):
    """More bytes or more dots than print needs."""

    code = "PICTURE-LARGE"
    sentence = lazy_gettext(
        "This picture is too large: at most %(megabytes)s MB and %(dots)s million dots. Save a smaller one."
    )


class PictureShapeError(PictureError):
    """So long or so high that nothing of it would be seen."""

    code = "PICTURE-SHAPE"
    sentence = lazy_gettext(
        "This picture is more than %(times)s times as long as it is high, or the other way round. Cut it closer."
    )


class DrawingActiveError(PictureError):
    """An SVG that does something or loads something."""

    code = "DRAWING-ACTIVE"
    sentence = lazy_gettext(
        "This SVG holds more than a drawing (%(what)s). Save it as a plain SVG without scripts, styles from "
        "elsewhere, pictures and text turned to outlines, or as PNG."
    )


class DrawingBrokenError(PictureError):
    """An SVG that cannot be read, or has no size."""

    code = "DRAWING-BROKEN"
    sentence = lazy_gettext(
        "This SVG cannot be read. Save it once more as a plain SVG with a view box, or as PNG."
    )
