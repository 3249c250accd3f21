"""Writing laid-out pages as a file: PDF/A-3a that is also PDF/UA-1, small, and the same bytes for the same contents.

Only the worker imports this module: WeasyPrint takes 0.4 s and 40 MB.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

import pydyf
import weasyprint
from weasyprint.css import ColorProfile

from institute.printing.metadata import packet
from institute.printing.subsets import LeanFonts, bare

VARIANT = "pdf/a-3a"


@dataclass(frozen=True, slots=True)
class Description:
    """What a file says of itself. ``languages`` are tags; all its dates are ``day``."""

    title: str
    author: str
    languages: tuple[str, ...]
    day: date


def write(
    document: weasyprint.Document,
    *,
    identifier: bytes,
    complete: Callable[[pydyf.PDF], None],
    attachments: Sequence[weasyprint.Attachment] = (),
) -> bytes:
    """Return laid-out pages as a file.

    ``complete`` is called with it before it is compressed, and must ``describe`` it.
    """
    document.fonts = LeanFonts()
    document.color_profiles = {"srgb": _srgb()}

    def finish(_: weasyprint.Document, pdf: pydyf.PDF) -> None:
        complete(pdf)
        _freeze(pdf)

    written = document.write_pdf(
        finisher=finish,
        pdf_variant=VARIANT,
        output_intent="given",  # for the name "srgb" WeasyPrint opens its file anew and leaves it open
        pdf_identifier=identifier,
        attachments=list(attachments),
    )
    return bytes(written)


def describe(pdf: pydyf.PDF, description: Description) -> None:
    """Replace WeasyPrint's metadata."""
    content = packet(
        title=description.title,
        author=description.author,
        languages=description.languages,
        day=description.day,
        producer=f"WeasyPrint {weasyprint.__version__}",
    )
    stream = pydyf.Stream([content], pydyf.Dictionary({"Type": "/Metadata", "Subtype": "/XML"}))
    pdf.add_object(stream)
    pdf.catalog["Metadata"] = stream.reference
    moment = pydyf.String(f"D:{description.day:%Y%m%d}000000Z")
    pdf.info["CreationDate"] = pdf.info["ModDate"] = moment


def object_of(pdf: pydyf.PDF, reference: bytes) -> Any:
    """Return the object that a reference such as ``b"12 0 R"`` means."""
    return pdf.objects[int(reference.split()[0])]


def _freeze(pdf: pydyf.PDF) -> None:
    """Compress each stream once: the writer asks for its bytes twice, for the file and for its identifier."""
    for item in pdf.objects:
        if not isinstance(item, pydyf.Stream) or not item.compress:
            continue
        if item.extra.get("Subtype") == "/OpenType":
            item.stream, item.extra["Subtype"] = [bare(item.stream[0])], "/CIDFontType0C"
        content = b"\n".join(part if isinstance(part, bytes) else _written(part) for part in item.stream)
        item.stream, item.compress = [zlib.compress(content, 9)], False
        item.extra["Filter"] = "/FlateDecode"


def _written(part: Any) -> bytes:
    """Return a piece of a stream as pydyf writes it."""
    return bytes(part.data) if hasattr(part, "data") else str(part).encode()


def _srgb() -> ColorProfile:
    """Return the colours the page is meant in: those of screens and office printers."""
    return ColorProfile(
        io.BytesIO(_srgb_file()), "sRGB2014.icc", "relative-colorimetric", (["r"], ["g"], ["b"])
    )


@lru_cache(maxsize=1)
def _srgb_file() -> bytes:
    return (files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()
