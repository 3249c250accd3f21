"""The door of the papers: facts and a key in, the final file out.

Only the worker goes through it, by ``importlib.import_module("certificates.documents.papers.making")``: what typesets
and signs is large and slow to import, and a web process must not carry it.
"""

from __future__ import annotations

import hashlib

import pydyf
import weasyprint
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from certificates.documents.papers.facts import PaperKind, RecordFacts
from certificates.documents.papers.filling import DENSITIES, fill, style_of
from certificates.documents.signing import sign
from certificates.documents.tagging import FIELD, add_signature
from certificates.documents.wording import wording
from institute.i18n import language_tag
from institute.keys.keeping import KeyInHand
from institute.printing.pages import lay_out
from institute.printing.tagging import complete_tags, noting
from institute.printing.writing import Description, describe, write


def make_paper(facts: RecordFacts, kind: PaperKind, *, document_key: KeyInHand) -> bytes:
    """Return a paper as it is kept: PDF/A-3a, tagged, signed as certificates are.

    The bytes are to be stored with their digest: made again, the signature would be another one. Raises ValueError if
    the key is no document key.
    """
    private, certificate = document_key.private, document_key.certificate_der
    if not isinstance(private, EllipticCurvePrivateKey) or certificate is None:
        raise ValueError(f"a {document_key.purpose} key does not sign documents")
    name = facts.institute.in_(facts.languages[0])
    written = typeset_paper(facts, kind)
    return sign(written, field=FIELD, private=private, certificate_der=certificate, signer_name=name)


def typeset_paper(facts: RecordFacts, kind: PaperKind) -> bytes:
    """Return a paper that is not signed yet. Equal facts give equal bytes within one version of the libraries.

    A form is set more densely where that brings it on one sheet.
    """
    sheet, fetcher = style_of(facts), weasyprint.URLFetcher(allowed_protocols={"data"})
    html = fill(facts, kind)
    document = lay_out(html, sheet, fetcher=fetcher)
    if kind is PaperKind.COMPLETION_FORM and len(document.pages) > 1:
        html = fill(facts, kind, DENSITIES[-1])
        document = lay_out(html, sheet, fetcher=fetcher)
    first = facts.languages[0]
    name = facts.institute.in_(first)
    title = document.metadata.title or ""
    tags = tuple(language_tag(locale) for locale in facts.languages)
    with noting() as noted:

        def complete(pdf: pydyf.PDF) -> None:
            describe(pdf, Description(title, name, tags, facts.made))
            complete_tags(pdf, noted)
            add_signature(pdf, wording(first).signed_by(name))

        identifier = hashlib.sha256(f"{facts.made}{sheet}{html}".encode()).hexdigest()[:32].encode()
        return write(document, identifier=identifier, complete=complete)
