"""The tags of a document of many pages: what WeasyPrint leaves out, and what it says once for each page.

WeasyPrint makes a tag for each box, and a paragraph on two pages is two boxes. While it builds the tags we note which
element each is for; afterwards parts of one element are joined, languages and links are spoken, and what repeats on
every page becomes an artifact that readers are spared.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import pydyf
from weasyprint.formatting_structure import boxes
from weasyprint.pdf import tags as weasy_tags

from institute.printing.writing import object_of

# Tags that hold other tags alone: two parts of one element can be joined.
CONTAINERS: Final = frozenset(
    {"/Art", "/BlockQuote", "/Div", "/L", "/LBody", "/LI", "/NonStruct", "/P", "/Part", "/Sect"}
    | {"/Table", "/TBody", "/TD", "/TH", "/TR"}
    | {f"/H{level}" for level in range(1, 7)}
)


@dataclass
class Noted:
    """What was noted while tags were made: each tag's element, by the tag's number, and what repeats on a page."""

    elements: dict[int, Any] = field(default_factory=dict)
    margins: dict[int, set[int]] = field(default_factory=dict)


@contextmanager
def noting() -> Iterator[Noted]:
    """Note what the tags are for that WeasyPrint makes inside the block. One document at a time."""
    noted = Noted()
    build = weasy_tags._build_box_tree

    def build_and_note(box: Any, *given: Any) -> Iterator[Any]:
        _, _, page, _, _, tags = given
        if isinstance(box, boxes.MarginBox):
            inside = [tags[one]["mcid"] for one in box.descendants() if one in tags]
            noted.margins.setdefault(page, set()).update(inside)
        for made in build(box, *given):
            element = getattr(box, "element", None)
            if element is not None and made.number is not None:
                noted.elements.setdefault(made.number, element)
            yield made

    weasy_tags._build_box_tree = build_and_note
    try:
        yield noted
    finally:
        weasy_tags._build_box_tree = build


def complete_tags(pdf: pydyf.PDF, noted: Noted) -> None:
    """Make the tags of a document whole."""
    root = object_of(pdf, pdf.catalog["StructTreeRoot"])
    document = object_of(pdf, root["K"][0])
    parents = object_of(pdf, root["ParentTree"])["Nums"]
    _spare_repetitions(pdf, parents, noted)
    _join(pdf, document, noted, parents)
    _gather_links(pdf, document, None, parents)
    for made in list(tags_below(pdf, document)):
        _speak(pdf, made, noted.elements.get(made.number))
        if made["S"] == "/LI":
            _give_body(pdf, made)


def tags_below(pdf: pydyf.PDF, parent: Any) -> Iterator[Any]:
    """Yield the tags below one, in reading order."""
    for kid in parent["K"]:
        made = _referred(pdf, kid)
        if made is not None and "S" in made:
            yield made
            yield from tags_below(pdf, made)


def _referred(pdf: pydyf.PDF, kid: Any) -> Any:
    """Return the object that a tag's kid refers to, None for a mark on the page itself."""
    return object_of(pdf, kid) if isinstance(kid, bytes) else None


def _spare_repetitions(pdf: pydyf.PDF, parents: Any, noted: Noted) -> None:
    """Turn what stands in the margins of each page into artifacts."""
    for page, spared in noted.margins.items():
        _spare(pdf, parents, page, spared)


def _spare(pdf: pydyf.PDF, parents: Any, page: int, spared: set[int]) -> None:
    """Turn marks of a page into artifacts."""
    stream = object_of(pdf, object_of(pdf, pdf.page_references[page])["Contents"]).stream
    for at, part in enumerate(stream):
        if isinstance(part, pydyf.Dictionary) and part.get("MCID") in spared:
            stream[at - 1], stream[at] = "/Artifact", pydyf.Dictionary({"Type": "/Pagination"})
    known = parents[2 * page + 1]
    for mcid in spared:
        known[mcid] = "null"


def _spare_tag(pdf: pydyf.PDF, parents: Any, made: Any) -> None:
    """Turn everything below a tag into artifacts: the head of a table that is printed once more on its next sheet."""
    for kid in list(made["K"]):
        below = _referred(pdf, kid)
        if below is not None and "S" in below:
            _spare_tag(pdf, parents, below)
        else:
            mark = below if below is not None else kid
            mcid = mark["MCID"] if isinstance(mark, pydyf.Dictionary) else int(mark)
            _spare(pdf, parents, pdf.page_references.index(made["Pg"]), {mcid})
    made.clear()


def _join(pdf: pydyf.PDF, parent: Any, noted: Noted, parents: Any) -> None:
    """Join neighbours below ``parent`` that are parts of one element, and the same below them."""
    kept: list[Any] = []
    for kid in parent["K"]:
        made = _referred(pdf, kid)
        last = _referred(pdf, kept[-1]) if kept else None
        if made is not None and last is not None and _parts_of_one(last, made, noted):
            headed = any(object_of(pdf, below).get("S") == "/THead" for below in last["K"])
            for below in made["K"]:
                if headed and object_of(pdf, below).get("S") == "/THead":
                    _spare_tag(pdf, parents, object_of(pdf, below))
                    continue
                object_of(pdf, below)["P"] = last.reference
                last["K"].append(below)
            made.clear()  # nothing refers to it; freed, pydyf would count the rest of its stream of objects wrongly
            continue
        kept.append(kid)
    parent["K"] = pydyf.Array(kept)
    for kid in kept:
        made = _referred(pdf, kid)
        if made is not None and made.get("S") in CONTAINERS:
            _join(pdf, made, noted, parents)


def _parts_of_one(first: Any, second: Any, noted: Noted) -> bool:
    one, other = (noted.elements.get(made.number) for made in (first, second))
    same = one is not None and one is other and first.get("S") == second.get("S")
    whole = all(isinstance(kid, bytes) for kid in second.get("K", ()))
    return same and whole and first.get("S") in CONTAINERS and first.get("Pg") != second.get("Pg")


def _gather_links(pdf: pydyf.PDF, made: Any, link: Any, parents: Any) -> None:
    """Put the annotations of a link into its tag: WeasyPrint puts some into what is emphasised in the link."""
    here = made if made.get("S") == "/Link" else link
    kept: list[Any] = []
    for kid in made["K"]:
        below = _referred(pdf, kid)
        if below is not None and below.get("Type") == "/OBJR" and here is not None and here is not made:
            here["K"].append(kid)
            parents[2 * object_of(pdf, below["Obj"])["StructParent"] + 1] = here.reference
            continue
        kept.append(kid)
        if below is not None and "S" in below:
            _gather_links(pdf, below, here, parents)
    if len(kept) < len(made["K"]):
        made["K"] = pydyf.Array(kept)


def _give_body(pdf: pydyf.PDF, item: Any) -> None:
    """Put what a list item holds beside its mark into one body, where WeasyPrint makes none of its own."""
    kids = [(kid, object_of(pdf, kid)) for kid in item["K"] if isinstance(kid, bytes)]
    if len(kids) != len(item["K"]) or any(made.get("S") == "/LBody" for _, made in kids):
        return
    mark = [kid for kid, made in kids if made.get("S") == "/Lbl"]
    rest = [(kid, made) for kid, made in kids if made.get("S") != "/Lbl"]
    body = pydyf.Dictionary(
        {
            "Type": "/StructElem",
            "S": "/LBody",
            "K": pydyf.Array(kid for kid, _ in rest),
            "Pg": item["Pg"],
            "P": item.reference,
        }
    )
    pdf.add_object(body)
    for _, made in rest:
        made["P"] = body.reference
    item["K"] = pydyf.Array([*mark, body.reference])


def _speak(pdf: pydyf.PDF, made: Any, element: Any) -> None:
    """Say the language of a tag, which cells a heading is for, and where a link leads."""
    if element is None:
        return
    language = element.get("lang")
    if language and made["S"] != "/Document":
        made["Lang"] = pydyf.String(language)
    if made["S"] == "/TH":
        scope = "/Row" if element.get("scope") == "row" else "/Column"
        made.setdefault("A", pydyf.Dictionary({"O": "/Table"}))["Scope"] = scope
    if made["S"] == "/Link":
        said = " ".join("".join(element.itertext()).split())
        for kid in made["K"]:
            reference = _referred(pdf, kid)
            if reference is not None and reference.get("Type") == "/OBJR":
                object_of(pdf, reference["Obj"])["Contents"] = pydyf.String(said)
