"""Typesetting a certificate: WeasyPrint sets the words, the artwork is laid under them, both in one PDF/A-3a.

Only the worker imports this module: WeasyPrint takes 0.4 s and 40 MB.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from datetime import UTC, datetime, time
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

import pydyf
import weasyprint
from weasyprint.css import ColorProfile

from certificates.documents.artwork.curves import number, points
from certificates.documents.artwork.ornaments import GOLD
from certificates.documents.artwork.sheet import Sheet, sheet
from certificates.documents.certificate import CertificateFacts
from certificates.documents.codes import qr_code
from certificates.documents.fitting import POINTS_PER_MM
from certificates.documents.layout import Box, boxes, lay_out, rule_from_top
from certificates.documents.metadata import packet
from certificates.documents.subsets import LeanFonts, bare
from certificates.documents.tagging import mark_languages, object_of, prepare_signature

CODE_SIZE: Final = 21.0
CODE_ABOVE_WORDS: Final = 1.4
MARGIN: Final = 35.0
RULE: Final = 46.0


def typeset(facts: CertificateFacts, *, credential: bytes, credential_name: str) -> bytes:
    """Return the unsigned certificate. Equal facts give equal bytes within one version of the libraries.

    Raises PageError if the words do not fit or cannot be drawn.
    """
    document = lay_out(facts)
    return finish(document, facts, credential=credential, credential_name=credential_name)


def finish(
    document: weasyprint.Document, facts: CertificateFacts, *, credential: bytes, credential_name: str
) -> bytes:
    """Return the laid-out page as PDF/A-3a with artwork, QR code and the attached credential."""
    art = sheet(facts.paper, facts.level_position, facts.level_count)
    drawn = "\n".join([_rule(document, facts), _code(facts, boxes(document))])
    moment = datetime.combine(facts.issued, time(), UTC)
    attachment = weasyprint.Attachment(
        string=credential.decode(),
        name=credential_name,
        description="Open Badge 3.0",
        created=moment,
        modified=moment,
        relationship="Data",
    )
    document.fonts = LeanFonts()
    document.color_profiles = {"srgb": _srgb()}

    def complete(_: weasyprint.Document, pdf: pydyf.PDF) -> None:
        _lay_under(pdf, art, drawn)
        _describe(pdf, document, facts)
        mark_languages(pdf, document)
        prepare_signature(pdf, facts)
        _freeze(pdf)

    written = document.write_pdf(
        finisher=complete,
        pdf_variant="pdf/a-3a",
        output_intent="given",  # for the name "srgb" WeasyPrint opens its file anew and leaves it open
        pdf_identifier=hashlib.sha256(credential + facts.serial.encode()).hexdigest()[:32].encode(),
        attachments=[attachment],
    )
    return bytes(written)


def _rule(document: weasyprint.Document, facts: CertificateFacts) -> str:
    """Return the golden rule's operators."""
    width, height = facts.paper.millimetres
    up = height - rule_from_top(document)
    line = f"{points((width / 2 - RULE / 2, up))} m {points((width / 2 + RULE / 2, up))} l S"
    return f"q {number(POINTS_PER_MM, 6)} 0 0 {number(POINTS_PER_MM, 6)} 0 0 cm {GOLD} RG 0.3 w {line} Q"


def _code(facts: CertificateFacts, placed: tuple[Box, ...]) -> str:
    """Return the QR code's operators, above the words that say what it is for."""
    width, height = facts.paper.millimetres
    words = next(box for box in placed if box.kind == "check")
    mirrored = words.left < width / 2
    left = MARGIN if mirrored else width - MARGIN - CODE_SIZE
    low = height - words.top + CODE_ABOVE_WORDS
    return qr_code(
        facts.verify_url, x=left * POINTS_PER_MM, y=low * POINTS_PER_MM, size=CODE_SIZE * POINTS_PER_MM
    )


def _lay_under(pdf: pydyf.PDF, art: Sheet, drawn: str) -> None:
    """Put the artwork, and what was drawn for this page, under the words of the page, marked as artifacts."""
    page = object_of(pdf, pdf.page_references[0])
    box = " ".join(f"{edge:.2f}" for edge in art.box)
    names = pydyf.Dictionary()
    resources = pydyf.Dictionary({"XObject": names})
    pdf.add_object(resources)
    for name, content in art.forms.items():
        # A form draws only forms, which all share one dictionary of resources.
        names[name] = _add(pdf, content, _form("-200 -200 600 600", resources))
    drawing = _add(pdf, art.drawing, _form(box, resources))
    under = pydyf.Stream(
        [
            f"/Artifact << /Type /Background /BBox [{box}] >> BDC /Artwork Do EMC",
            f"/Artifact << /Type /Page >> BDC {drawn} EMC",
        ],
        compress=True,
    )
    pdf.add_object(under)
    page["Contents"] = pydyf.Array([under.reference, page["Contents"]])
    object_of(pdf, page["Resources"])["XObject"]["Artwork"] = drawing


def _form(box: str, resources: pydyf.Dictionary) -> pydyf.Dictionary:
    return pydyf.Dictionary(
        {"Type": "/XObject", "Subtype": "/Form", "BBox": f"[{box}]", "Resources": resources.reference}
    )


def _add(pdf: pydyf.PDF, compressed: bytes, extra: pydyf.Dictionary) -> bytes:
    extra["Filter"] = "/FlateDecode"
    stream = pydyf.Stream([compressed], extra, compress=False)
    pdf.add_object(stream)
    return bytes(stream.reference)


def _describe(pdf: pydyf.PDF, document: weasyprint.Document, facts: CertificateFacts) -> None:
    """Replace WeasyPrint's metadata, and say what kind of file the attachment is."""
    meta = document.metadata
    tags = tuple(dict.fromkeys(locale.replace("_", "-") for locale in facts.locales))
    producer = f"WeasyPrint {weasyprint.__version__}"
    content = packet(
        title=meta.title or "",
        author=", ".join(meta.authors),
        languages=tags,
        issued=facts.issued,
        producer=producer,
    )
    stream = pydyf.Stream([content], pydyf.Dictionary({"Type": "/Metadata", "Subtype": "/XML"}))
    pdf.add_object(stream)
    pdf.catalog["Metadata"] = stream.reference
    # WeasyPrint lists an attachment that was not linked from the page twice.
    pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))
    moment = pydyf.String(f"D:{facts.issued:%Y%m%d}000000Z")
    pdf.info["CreationDate"] = pdf.info["ModDate"] = moment


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
