"""Fields, languages and what is missing, in the reader's words."""

from __future__ import annotations

from typing import Final

from babel import Locale

from courses.authoring.missing import Lack
from institute.i18n import LazyText, current_locale, gettext, lazy_gettext

_LACKS: Final[dict[Lack, LazyText]] = {
    Lack.MODULE: lazy_gettext("There is no module yet."),
    Lack.SEGMENT: lazy_gettext("The module has no segment yet."),
    Lack.DESCRIPTION: lazy_gettext("The description is empty."),
    Lack.OBJECTIVE: lazy_gettext("There is no learning objective."),
    Lack.CONTENT: lazy_gettext("The content is empty."),
    Lack.READING_SUM: lazy_gettext("Reading: the segments do not add up to what the module says."),
    Lack.COACHING_SUM: lazy_gettext("Coaching: the segments do not add up to what the module says."),
    Lack.QUESTION: lazy_gettext("The coaching session has no reflective question."),
    Lack.PROMPT: lazy_gettext("A reflection does not say what to write about."),
    Lack.MATERIAL: lazy_gettext("An activity needs a material, and none is chosen."),
    Lack.INSTRUMENT: lazy_gettext("A self-assessment needs an instrument, and none is chosen."),
    Lack.SESSION: lazy_gettext("An activity is about the coaching session, and there is none."),
    Lack.BODY: lazy_gettext("A material has no text, no address and no resource."),
    Lack.IMAGE_TEXT: lazy_gettext("An image has no text for those who cannot see it."),
    Lack.SCALE: lazy_gettext("The instrument has no scale."),
    Lack.ITEM: lazy_gettext("The instrument has no statement to answer."),
    Lack.TRANSLATION: lazy_gettext("A translation is missing."),
    Lack.FRESH_TRANSLATION: lazy_gettext("A translation is older than its text."),
}

# A path's words that are fields of ours; the others are keys and places of lists.
_FIELDS: Final[dict[str, LazyText]] = {
    "title": lazy_gettext("Title"),
    "summary": lazy_gettext("Summary"),
    "description": lazy_gettext("Description"),
    "content": lazy_gettext("Content"),
    "tags": lazy_gettext("Tags"),
    "elements": lazy_gettext("Alignment"),
    "origin": lazy_gettext("Origin"),
    "slug": lazy_gettext("Short name"),
    "key": lazy_gettext("Short name"),
    "core": lazy_gettext("Core"),
    "local": lazy_gettext("Local addition"),
    "local_note": lazy_gettext("Local note"),
    "reading": lazy_gettext("Reading and activities"),
    "coaching": lazy_gettext("Coaching"),
    "least": lazy_gettext("from, minutes"),
    "most": lazy_gettext("to, minutes"),
    "objectives": lazy_gettext("Learning objective"),
    "areas": lazy_gettext("Area"),
    "toolkit": lazy_gettext("Toolkit"),
    "resources": lazy_gettext("Resource"),
    "session": lazy_gettext("Coaching session"),
    "number": lazy_gettext("Number"),
    "minutes": lazy_gettext("Minutes"),
    "opening": lazy_gettext("Opening"),
    "wrap_up": lazy_gettext("Wrap-up"),
    "equity_prompt": lazy_gettext("A question to carry"),
    "steps": lazy_gettext("Step"),
    "audience": lazy_gettext("Who reads it"),
    "questions": lazy_gettext("Question"),
    "onboarding": lazy_gettext("First session"),
    "overview": lazy_gettext("Overview"),
    "assignment": lazy_gettext("First assignment"),
    "activities": lazy_gettext("Activity"),
    "timing": lazy_gettext("When"),
    "kind": lazy_gettext("Kind"),
    "note": lazy_gettext("Note"),
    "session_number": lazy_gettext("Number of the session"),
    "prompt": lazy_gettext("What to write or do"),
    "material": lazy_gettext("Material"),
    "materials": lazy_gettext("Material"),
    "instrument": lazy_gettext("Instrument"),
    "detail": lazy_gettext("Detail"),
    "body": lazy_gettext("Text"),
    "text": lazy_gettext("Text"),
    "url": lazy_gettext("Web address"),
    "resource": lazy_gettext("Resource"),
    "opens": lazy_gettext("What must be before it opens"),
    "after": lazy_gettext("Done before"),
    "days": lazy_gettext("Days after the start"),
    "intro": lazy_gettext("Introduction"),
    "scale": lazy_gettext("Scale"),
    "value": lazy_gettext("Value"),
    "label": lazy_gettext("Label"),
    "items": lazy_gettext("Statement"),
    "priorities": lazy_gettext("Areas to put in order"),
    "purpose": lazy_gettext("What it is for"),
}
_BETWEEN: Final = " › "


def say_lack(what: Lack) -> str:
    """Return what is missing as a sentence."""
    return str(_LACKS[what])


def say_path(path: str) -> str:
    """Return a field's path in words, from the whole to the detail: "Activity read-primer › Title"."""
    words: list[str] = []
    for name in path.split("/"):
        known = _FIELDS.get(name)
        if known is not None:
            words.append(str(known))
        elif words:
            words[-1] = gettext("%(field)s %(name)s", field=words[-1], name=name)
    return _BETWEEN.join(words)


def say_language(locale: str) -> str:
    """Return a language's name in the reader's own."""
    return Locale.parse(locale).get_display_name(current_locale()) or locale
