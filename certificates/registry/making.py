"""The door of the packets: what is to be said and attached in, a signed file out.

Only the worker goes through it, by ``importlib.import_module("certificates.registry.making")``: what typesets and signs
is large and slow to import, and a web process must not carry it.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

import pydyf
import weasyprint
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from certificates.documents.signing import sign
from certificates.documents.tagging import FIELD, add_signature
from certificates.registry.filling import fill, style, title_of
from certificates.registry.gathering import Audited
from institute.i18n import current_locale, gettext, language_tag
from institute.keys.keeping import KeyInHand
from institute.printing.pages import lay_out
from institute.printing.papers import Paper
from institute.printing.tagging import complete_tags, noting
from institute.printing.writing import Description, describe, write


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file inside the packet. ``relationship`` is PDF/A-3's: Source of what the packet says, or Data."""

    name: str
    said: str
    content: bytes
    relationship: str = "Source"


def make_packet(
    packet: Audited, enclosed: Sequence[Enclosed], *, paper: Paper, document_key: KeyInHand
) -> bytes:
    """Return a packet: tagged, PDF/A-3a, signed as certificates are, in the language that is spoken here.

    Raises ValueError if the key is no document key.
    """
    private, certificate = document_key.private, document_key.certificate_der
    if not isinstance(private, EllipticCurvePrivateKey) or certificate is None:
        raise ValueError(f"a {document_key.purpose} key does not sign documents")
    locale = current_locale()
    name = packet.institute_name.in_(locale)
    html, sheet = fill(packet), style(paper, locale)
    document = lay_out(html, sheet, fetcher=weasyprint.URLFetcher(allowed_protocols={"data"}))
    day = packet.made_at.date()
    moment = datetime.combine(day, time(), UTC)
    attachments = [
        weasyprint.Attachment(
            file_obj=io.BytesIO(one.content),
            name=one.name,
            description=one.said,
            created=moment,
            modified=moment,
            relationship=one.relationship,
        )
        for one in enclosed
    ]
    with noting() as noted:

        def complete(pdf: pydyf.PDF) -> None:
            describe(pdf, Description(title_of(packet), name, (language_tag(locale),), day))
            complete_tags(pdf, noted)
            add_signature(pdf, gettext("Signature of %(institute)s", institute=name))
            if "AF" in pdf.catalog:  # WeasyPrint lists an attachment that no word links to twice
                pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))

        identifier = hashlib.sha256(f"{day}{html}".encode()).hexdigest()[:32].encode()
        written = write(document, identifier=identifier, complete=complete, attachments=attachments)
    return sign(written, field=FIELD, private=private, certificate_der=certificate, signer_name=name)
