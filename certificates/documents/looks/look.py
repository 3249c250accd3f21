"""A look as plain values, and as JSON holds it. Light: a web process reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from institute.files.models import StoredFileId
from institute.i18n import Localised

MOST_SIGNATORIES: Final = 3
PRIMARY: Final = "#592c62"
ACCENT: Final = "#b67800"
LEAST_CONTRAST: Final = 4.5
_COLOUR: Final = re.compile(r"#[0-9a-f]{6}")


class Template(StrEnum):
    """The two ways in which a certificate is drawn."""

    CLASSIC = "classic"
    MODERN = "modern"


class Orientation(StrEnum):
    """How the sheet lies."""

    LANDSCAPE = "landscape"
    PORTRAIT = "portrait"


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who signs, with the title held; ``file_id`` is a picture of the signature, None where there is none."""

    name: str
    title: Localised
    file_id: StoredFileId | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """How documents look. Colours are ``#rrggbb``; an empty ``paper`` is the usual one of the institute's time zone.

    Without ``signers`` whoever issues signs. ``certifies`` stands in the place of "certifies that", ``statement`` is
    a sentence more below the proof, ``footer`` a line at the lower edge of transcripts and forms.
    """

    template: Template = Template.CLASSIC
    orientation: Orientation = Orientation.LANDSCAPE
    paper: str = ""
    primary: str = PRIMARY
    accent: str = ACCENT
    logo_id: StoredFileId | None = None
    signers: tuple[Signer, ...] = ()
    certifies: Localised | None = None
    statement: Localised | None = None
    footer: Localised | None = None


def write_look(look: Look) -> dict[str, Any]:
    """Return a look as JSON holds it; what is as usual is left out."""
    usual = Look()
    plain = ("template", "orientation", "paper", "primary", "accent", "logo_id")
    written = {name: getattr(look, name) for name in plain if getattr(look, name) != getattr(usual, name)}
    if look.signers:
        written["signers"] = [
            {"name": one.name, "title": _write(one.title)} | ({"file": one.file_id} if one.file_id else {})
            for one in look.signers
        ]
    for name in ("certifies", "statement", "footer"):
        text: Localised | None = getattr(look, name)
        if text is not None:
            written[name] = _write(text)
    return written


def read_look(written: Mapping[str, Any]) -> Look:
    """Return the look that ``write_look`` wrote; an empty one is the usual."""
    usual = Look()
    return Look(
        template=Template(written.get("template", usual.template)),
        orientation=Orientation(written.get("orientation", usual.orientation)),
        paper=written.get("paper", usual.paper),
        primary=written.get("primary", usual.primary),
        accent=written.get("accent", usual.accent),
        logo_id=written.get("logo_id"),
        signers=tuple(
            Signer(one["name"], _read(one["title"]), one.get("file")) for one in written.get("signers", ())
        ),
        certifies=_read_some(written.get("certifies")),
        statement=_read_some(written.get("statement")),
        footer=_read_some(written.get("footer")),
    )


def pictures_of(look: Look) -> frozenset[StoredFileId]:
    """Return the pictures that a look names."""
    named = (look.logo_id, *(one.file_id for one in look.signers))
    return frozenset(file_id for file_id in named if file_id is not None)


def is_colour(text: str) -> bool:
    """Tell whether a text is a colour as it is kept: ``#`` and six small hexadecimal digits."""
    return _COLOUR.fullmatch(text) is not None


def contrast_on_white(colour: str) -> float:
    """Return the contrast of a colour on white paper, 1 to 21 (WCAG 2.2, contrast ratio)."""
    return 1.05 / (_luminance(colour) + 0.05)


def channels(colour: str) -> tuple[float, float, float]:
    """Return red, green and blue of a colour, 0 to 1."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _luminance(colour: str) -> float:
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4  # noqa: PLR2004
        for value in channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _write(text: Localised) -> dict[str, Any]:
    return {"source": text.source, "texts": dict(text.texts)}


def _read(written: Mapping[str, Any]) -> Localised:
    return Localised.of(written["texts"], written["source"])


def _read_some(written: Mapping[str, Any] | None) -> Localised | None:
    return _read(written) if written else None
