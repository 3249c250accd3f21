"""The door of the documents: a guide in, a file out.

Only the worker goes through it, by ``importlib.import_module("courses.guides.making")``: WeasyPrint behind it costs
half a second and 40 MB, which a web process must not carry.
"""

from __future__ import annotations

from courses.catalogue.renderings import Guide, Rendering
from courses.guides.page.filling import SIZES, Frame, fill, languages_in, style
from institute.i18n import current_locale, direction
from institute.printing.pages import make_document
from institute.printing.papers import Paper


def make_guide(guide: Guide, frame: Frame, paper: Paper) -> bytes:
    """Return a guide as a document, in the language that is spoken here.

    A quick reference is set smaller until it stands on one sheet; one with very much in it takes a second.
    """
    one_sheet = guide.rendering is Rendering.QUICK
    sizes = SIZES if one_sheet else SIZES[:1]
    return make_document(
        (fill(guide, frame, size) for size in sizes),
        style=style(paper, direction(current_locale())),
        author=frame.institute_name,
        languages=languages_in(guide),
        day=frame.day,
        most=1 if one_sheet else None,
    )
