"""Typesetting a certificate: WeasyPrint sets the words, the artwork is laid under them, both in one PDF/A-3a.

Only the worker imports this module: WeasyPrint takes 0.4 s and 40 MB.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import lru_cache
from typing import Any, Final

import pydyf
import weasyprint
from weasyprint.formatting_structure.boxes import BlockBox, LineBox
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.text.fonts import FontConfiguration

from certificates.documents.artwork.sheet import SEAL_AT, SEAL_SIZE, Sheet, sheet
from certificates.documents.certificate import CertificateFacts
from certificates.documents.codes import qr_code
from certificates.documents.fitting import POINTS_PER_MM
from certificates.documents.fonts import missing
from certificates.documents.metadata import packet
from certificates.documents.page.filling import DENSITIES, fill, first_density, style
from certificates.documents.subsets import LeanFonts, bare
from certificates.documents.wording import wording

MM_PER_PIXEL: Final = 25.4 / 96
CODE_SIZE: Final = 21.0
CODE_ABOVE_WORDS: Final = 1.4
MARGIN: Final = 35.0
PRINTED_AND_LOCKED: Final = 132
FIELD: Final = "Certification"
NAME_LINES: Final = 2
FRAME: Final = 21.0  # the inner line of the frame
CLEARANCE: Final = 2.0  # between the last sentence and the seal


class PageError(Exception):
    """The facts do not make a page: the words do not fit, or a letter has no glyph."""


@dataclass(frozen=True, slots=True)
class Box:
    """Where a block of words stands, in millimetres from the upper left corner."""

    kind: str
    left: float
    top: float
    right: float
    bottom: float


def typeset(facts: CertificateFacts, *, credential: bytes, credential_name: str) -> bytes:
    """Return the unsigned certificate. Equal facts give equal bytes within one version of the libraries.

    Raises PageError if the words do not fit or cannot be drawn.
    """
    document = lay_out(facts)
    return finish(document, facts, credential=credential, credential_name=credential_name)


def lay_out(facts: CertificateFacts) -> weasyprint.Document:
    """Return the page, set as generously as its words allow. Raises PageError if no setting fits."""
    unknown = missing("".join(_words_of(facts)))
    if unknown:
        raise PageError(f"no installed font has {', '.join(f'U+{ord(letter):04X}' for letter in unknown)}")
    start = DENSITIES.index(first_density(facts))
    for density in DENSITIES[start:]:
        document = weasyprint.HTML(string=fill(facts, density), url_fetcher=_refuse).render(
            stylesheets=[_style()], font_config=_font_config(), pdf_variant="pdf/a-3a"
        )
        if _fits(facts, boxes(document)) and len(document.pages) == 1:
            return document
    raise PageError("the words do not fit on the sheet")


def boxes(document: weasyprint.Document) -> tuple[Box, ...]:
    """Return where the blocks and their lines stand: lines are named after their block, with ``:line``."""
    found: list[Box] = []

    def walk(box: Any, kind: str) -> None:
        box = box._box if isinstance(box, AbsolutePlaceholder) else box
        kind = _class_of(box) or kind
        if isinstance(box, LineBox):
            found.extend(_box(f"{kind}:line", part) for part in box.children if part.width)
            return
        if isinstance(box, BlockBox) and kind:
            found.append(_box(kind, box))
        for child in getattr(box, "children", ()):
            walk(child, kind)

    walk(document.pages[0]._page_box, "")
    return tuple(found)


def _class_of(box: Any) -> str:
    """Return the first class of the element a box stands for, other than the page's own."""
    element = box.element
    if element is None or box.element_tag in {"html", "body"}:
        return ""
    return str(element.get("class") or "").partition(" ")[0]


def finish(
    document: weasyprint.Document, facts: CertificateFacts, *, credential: bytes, credential_name: str
) -> bytes:
    """Return the laid-out page as PDF/A-3a with artwork, QR code and the attached credential."""
    art = sheet(facts.paper, facts.level_position, facts.level_count)
    code = _code(facts, boxes(document))
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

    def complete(_: weasyprint.Document, pdf: pydyf.PDF) -> None:
        _lay_under(pdf, art, code)
        _describe(pdf, document, facts)
        _prepare_signature(pdf, facts)
        _freeze(pdf)

    written = document.write_pdf(
        finisher=complete,
        pdf_variant="pdf/a-3a",
        pdf_identifier=hashlib.sha256(credential + facts.serial.encode()).hexdigest()[:32].encode(),
        attachments=[attachment],
    )
    return bytes(written)


def _words_of(facts: CertificateFacts) -> Iterator[str]:
    yield from (facts.name, facts.second_name or "", facts.serial, facts.verify_address)
    for text in (facts.institute, facts.title, facts.level, *(one.title for one in facts.signatories)):
        yield from (text.in_(locale) for locale in facts.locales)
    yield from (signatory.name for signatory in facts.signatories)


def _fits(facts: CertificateFacts, placed: tuple[Box, ...]) -> bool:
    """Return whether the upper part ends above the seal, and no line leaves its column."""
    width, height = facts.paper.millimetres
    ceiling = height - SEAL_AT - SEAL_SIZE / 2 - CLEARANCE
    upper = max(box.bottom for box in placed if box.kind.partition(":")[0] not in _FOOT)
    names = sum(box.kind == "name:line" for box in placed)
    return (
        upper <= ceiling
        and names <= NAME_LINES
        and all(box.left > FRAME and box.right < width - FRAME for box in placed if ":" in box.kind)
    )


_FOOT: Final = frozenset({"foot", "data", "sign", "who", "role", "check", "label", "address"})


def _box(kind: str, box: Any) -> Box:
    left, top = box.position_x, box.position_y
    return Box(
        kind,
        left * MM_PER_PIXEL,
        top * MM_PER_PIXEL,
        (left + box.margin_width()) * MM_PER_PIXEL,
        (top + box.margin_height()) * MM_PER_PIXEL,
    )


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


def _lay_under(pdf: pydyf.PDF, art: Sheet, code: str) -> None:
    """Put artwork and QR code under the words of the page, marked as artifacts."""
    page = _object(pdf, pdf.page_references[0])
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
            f"/Artifact << /Type /Page >> BDC {code} EMC",
        ],
        compress=True,
    )
    pdf.add_object(under)
    page["Contents"] = pydyf.Array([under.reference, page["Contents"]])
    _object(pdf, page["Resources"])["XObject"]["Artwork"] = drawing


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


def _prepare_signature(pdf: pydyf.PDF, facts: CertificateFacts) -> None:
    """Add the field that the signature fills: invisible, named for readers, at the end of the reading order."""
    page = _object(pdf, pdf.page_references[0])
    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    parents = _object(pdf, root["ParentTree"])["Nums"]
    document = _object(pdf, root["K"][0])
    key = parents[-2] + 1
    words = wording(facts.locale, fallback=facts.second_locale or facts.locale)
    widget = pydyf.Dictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Widget",
            "FT": "/Sig",
            "T": pydyf.String(FIELD),
            "TU": pydyf.String(words.signed_by(facts.institute.in_(words.locale))),
            "Rect": pydyf.Array([0, 0, 0, 0]),
            "F": PRINTED_AND_LOCKED,
            "P": pdf.page_references[0],
            "StructParent": key,
        }
    )
    pdf.add_object(widget)
    form = pydyf.Dictionary(
        {
            "Type": "/StructElem",
            "S": "/Form",
            "P": document.reference,
            "K": pydyf.Dictionary({"Type": "/OBJR", "Obj": widget.reference, "Pg": pdf.page_references[0]}),
        }
    )
    pdf.add_object(form)
    document["K"].append(form.reference)
    parents.extend([key, form.reference])
    page.setdefault("Annots", pydyf.Array()).append(widget.reference)
    pdf.catalog["AcroForm"] = pydyf.Dictionary({"Fields": pydyf.Array([widget.reference])})


def _object(pdf: pydyf.PDF, reference: bytes) -> Any:
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


@lru_cache(maxsize=1)
def _font_config() -> FontConfiguration:
    return FontConfiguration()


@lru_cache(maxsize=1)
def _style() -> weasyprint.CSS:
    return weasyprint.CSS(string=style(), font_config=_font_config(), url_fetcher=_refuse)


def _refuse(url: str, *_: object, **__: object) -> dict[str, Any]:
    """Fetch nothing: a page has all it needs."""
    raise ValueError(f"a certificate refers to {url}")
