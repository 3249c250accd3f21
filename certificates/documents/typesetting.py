"""Typesetting a certificate: WeasyPrint sets the words, the artwork is laid under them, both in one PDF/A-3a.

Only the worker imports this module: WeasyPrint takes 0.4 s and 40 MB.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, time
from typing import Final

import pydyf
import weasyprint

from certificates.documents.artwork.curves import number, points
from certificates.documents.artwork.palette import palette
from certificates.documents.artwork.sheet import Ground, Sheet, sheet
from certificates.documents.certificate import CertificateFacts
from certificates.documents.codes import qr_code
from certificates.documents.fitting import POINTS_PER_MM
from certificates.documents.layout import Box, boxes, lay_out, rule_from_top
from certificates.documents.looks.look import Template
from certificates.documents.places import CODE_SIZE, Places, places_of
from certificates.documents.tagging import mark_languages, prepare_signature
from institute.printing.writing import Description, describe, object_of, write

CODE_ABOVE_WORDS: Final = 1.4


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
    places = places_of(facts)
    art = sheet(_ground(facts, places), facts.level_position, facts.level_count)
    drawn = "\n".join([_rule(document, facts, places), _code(facts, places, boxes(document))])
    moment = datetime.combine(facts.issued, time(), UTC)
    attachment = weasyprint.Attachment(
        string=credential.decode(),
        name=credential_name,
        description="Open Badge 3.0",
        created=moment,
        modified=moment,
        relationship="Data",
    )

    def complete(pdf: pydyf.PDF) -> None:
        _lay_under(pdf, art, drawn)
        _describe(pdf, document, facts)
        mark_languages(pdf, document)
        prepare_signature(pdf, facts)

    identifier = hashlib.sha256(credential + facts.serial.encode()).hexdigest()[:32].encode()
    return write(document, identifier=identifier, complete=complete, attachments=[attachment])


def _ground(facts: CertificateFacts, places: Places) -> Ground:
    return Ground(
        width=places.width,
        height=places.height,
        seal=places.seal,
        seal_size=places.seal_size,
        framed=facts.look.template is Template.CLASSIC,
        mirrored=places.mirrored,
        palette=palette(facts.look.primary, facts.look.accent),
    )


def _rule(document: weasyprint.Document, facts: CertificateFacts, places: Places) -> str:
    """Return the operators of the accent's rule."""
    up = places.height - rule_from_top(document)
    first, last = places.rule
    line = f"{points((first, up))} m {points((last, up))} l S"
    colour = palette(facts.look.primary, facts.look.accent).gold
    weight = "0.3" if places.centred else "0.9"
    return (
        f"q {number(POINTS_PER_MM, 6)} 0 0 {number(POINTS_PER_MM, 6)} 0 0 cm {colour} RG {weight} w {line} Q"
    )


def _code(facts: CertificateFacts, places: Places, placed: tuple[Box, ...]) -> str:
    """Return the QR code's operators, above the words that say what it is for."""
    words = next(box for box in placed if box.kind == "check")
    left = places.margin if places.mirrored else places.width - places.margin - CODE_SIZE
    low = places.height - words.top + CODE_ABOVE_WORDS
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
    """Say what the file is, and what kind of file the attachment is."""
    meta = document.metadata
    tags = tuple(dict.fromkeys(locale.replace("_", "-") for locale in facts.locales))
    describe(pdf, Description(meta.title or "", ", ".join(meta.authors), tags, facts.issued))
    # WeasyPrint lists an attachment that was not linked from the page twice.
    pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))
