"""What a segment gives to read or use: one material as a form, and their order."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from courses.authoring import mistakes
from courses.authoring.checked import Checked
from courses.authoring.choices import Choices
from courses.authoring.entries import CONTENT_MOST, LINE_MOST, TITLE_MOST, Entries, source_text
from courses.authoring.keys import key_for
from courses.authoring.sheets import Layout, Sheet
from courses.catalogue.drafts import MaterialDraft, SegmentDraft
from courses.catalogue.models import MaterialKind
from institute.i18n import Localised

LAYOUT: Final = Layout(fields=("title", "detail", "kind", "origin", "body", "url", "resource"))


class Origin(StrEnum):
    """Where a material lies: a text of our own, an address elsewhere, or the institute's library."""

    TEXT = "text"
    WEB = "web"
    LIBRARY = "library"


def fill_material(material: MaterialDraft | None) -> Sheet:
    """Return the form of a material as the draft has it; of a new one for None."""
    if material is None:
        fields = dict.fromkeys(LAYOUT.fields, "")
        return Sheet({**fields, "kind": MaterialKind.DOCUMENT.value, "origin": Origin.TEXT.value})
    return Sheet(
        {
            "title": source_text(material.title),
            "detail": source_text(material.detail),
            "kind": material.kind.value,
            "origin": _origin(material).value,
            "body": source_text(material.body),
            "url": material.url or "",
            "resource": material.resource or "",
        }
    )


def material_texts(material: MaterialDraft | None) -> dict[str, Localised]:
    """Return the texts of a material by the fields that show them."""
    if material is None:
        return {}
    single = {"title": material.title, "detail": material.detail, "body": material.body}
    return {name: text for name, text in single.items() if text}


def check_material(
    sheet: Sheet, was: MaterialDraft | None, draft: SegmentDraft, choices: Choices, *, fixed: bool
) -> Checked[MaterialDraft]:
    """Return the material as the form makes it; a new one (``was`` None) gets its key from its title, for good.

    A text may stand beside an address or a resource, to introduce it. Only what belongs to the chosen origin must be
    there. What is added to a fixed segment is local.
    """
    entries = Entries(sheet, draft.title.source)
    origin = entries.kind("origin", sheet["origin"], Origin)
    url = entries.web_address("url") if origin is Origin.WEB else None
    if origin is Origin.WEB and not sheet["url"].strip():
        entries.refuse("url", mistakes.WebAddressError())
    resource = None
    if origin is Origin.LIBRARY:
        offered = [key for key, _ in choices.resources]
        resource = entries.one_of("resource", offered, was.resource if was else None)
        if resource is None:
            entries.refuse("resource", mistakes.NotOfferedError())
    taken = {one.key for one in draft.materials}
    made = MaterialDraft(
        key=was.key if was else key_for(sheet["title"], taken, otherwise="material"),
        kind=entries.kind("kind", sheet["kind"], MaterialKind),
        title=entries.text("title", was.title if was else None, most=TITLE_MOST, needed=True),
        detail=entries.text_or_none("detail", was.detail if was else None, most=LINE_MOST),
        body=entries.text_or_none("body", was.body if was else None, most=CONTENT_MOST),
        url=url,
        resource=resource,
        local=was.local if was else fixed,
    )
    return Checked(sheet, None if entries.problems else made, entries.problems, material_texts(was))


def users_of(draft: SegmentDraft, key: str) -> list[Localised]:
    """Return the titles of the activities that need a material, and the segment's own where its overview does."""
    titles = [one.title for one in draft.activities if one.material == key]
    onboarding = draft.session.onboarding if draft.session else None
    if onboarding and onboarding.overview == key:
        titles.append(draft.title)
    return titles


def _origin(material: MaterialDraft) -> Origin:
    if material.resource:
        return Origin.LIBRARY
    return Origin.WEB if material.url else Origin.TEXT
