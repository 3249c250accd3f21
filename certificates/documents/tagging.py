"""The tags of a certificate: what WeasyPrint leaves out of the structure that readers hear."""

from __future__ import annotations

from typing import Final

import pydyf
import weasyprint

from certificates.documents.certificate import CertificateFacts
from certificates.documents.layout import TEXTS, PageError, texts
from certificates.documents.wording import wording
from institute.printing.tagging import tags_below
from institute.printing.writing import object_of

FIELD: Final = "Certification"
PRINTED_AND_LOCKED: Final = 132


def mark_languages(pdf: pydyf.PDF, document: weasyprint.Document) -> None:
    """Say each text's language in its tag. WeasyPrint says it for the document alone."""
    blocks = texts(document.pages[0]._page_box)
    for element in tags_below(pdf, object_of(pdf, pdf.catalog["StructTreeRoot"])):
        if element["S"] not in TEXTS.values():
            continue
        block = next(blocks, None)
        if block is None or TEXTS[block.element_tag] != element["S"]:
            raise PageError("the tags do not follow the page")
        language = block.element.get("lang")
        if language:
            element["Lang"] = pydyf.String(language)


def prepare_signature(pdf: pydyf.PDF, facts: CertificateFacts) -> None:
    """Add the field that the signature of a certificate fills."""
    words = wording(facts.locale, fallback=facts.second_locale or facts.locale)
    add_signature(pdf, words.signed_by(facts.institute.in_(words.locale)))


def add_signature(pdf: pydyf.PDF, said: str) -> None:
    """Add the field that a signature fills: invisible, read as ``said``, at the end of the reading order."""
    page = object_of(pdf, pdf.page_references[0])
    root = object_of(pdf, pdf.catalog["StructTreeRoot"])
    parents = object_of(pdf, root["ParentTree"])["Nums"]
    document = object_of(pdf, root["K"][0])
    key = parents[-2] + 1
    widget = pydyf.Dictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Widget",
            "FT": "/Sig",
            "T": pydyf.String(FIELD),
            "TU": pydyf.String(said),
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
