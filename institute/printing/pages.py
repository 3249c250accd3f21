"""From a page of HTML to a document of as many sheets as it takes.

Only the worker imports this module: WeasyPrint takes 0.4 s and 40 MB.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from typing import Any

import pydyf
import weasyprint
from weasyprint.text.fonts import FontConfiguration

from institute.printing.tagging import complete_tags, noting
from institute.printing.writing import VARIANT, Description, describe, write

Fetcher = Callable[..., Any]


def make_document(
    pages: Iterable[str],
    *,
    style: str,
    author: str,
    languages: tuple[str, ...],
    day: date,
    most: int | None = None,
) -> bytes:
    """Return a page of HTML as a file: tagged, PDF/A-3a and PDF/UA-1, the same bytes for the same page.

    ``pages`` are settings of the same words, from the most generous to the densest; the first that takes at most
    ``most`` sheets is written, else the last. ``style`` is all the style there is: no renderer's defaults are added.
    The title is the page's own. ``day`` is the date of the file.
    """
    html, document = "", None
    for html in pages:
        document = lay_out(html, style, fetcher=_fetcher())
        if most is None or len(document.pages) <= most:
            break
    if document is None:
        raise ValueError("there is no page to set")
    title = document.metadata.title or ""
    with noting() as noted:

        def complete(pdf: pydyf.PDF) -> None:
            describe(pdf, Description(title, author, languages, day))
            complete_tags(pdf, noted)

        identifier = hashlib.sha256(f"{day}{style}{html}".encode()).hexdigest()[:32].encode()
        return write(document, identifier=identifier, complete=complete)


def lay_out(html: str, style: str, *, fetcher: Fetcher) -> weasyprint.Document:
    """Return a page of HTML laid out on its sheets; ``fetcher`` gets what it refers to, or refuses to."""
    page = weasyprint.HTML(string=html, url_fetcher=fetcher)
    # WeasyPrint's defaults for any HTML are matched against each element anew: a sixth of a page's time.
    page._ua_stylesheets = lambda forms=False: []
    sheet = _style(style, fetcher)
    return page.render(stylesheets=[sheet], font_config=_font_config(), pdf_variant=VARIANT)


@lru_cache(maxsize=1)
def _fetcher() -> weasyprint.URLFetcher:
    """Return what fetches pictures that a page carries in itself, and nothing from elsewhere."""
    return weasyprint.URLFetcher(allowed_protocols={"data"})


@lru_cache(maxsize=1)
def _font_config() -> FontConfiguration:
    return FontConfiguration()


@lru_cache(maxsize=32)
def _style(text: str, fetcher: Fetcher) -> weasyprint.CSS:
    return weasyprint.CSS(string=text, font_config=_font_config(), url_fetcher=fetcher)
