"""A section on an author's desk: opened, looked at, sent, and told of what somebody else wrote meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from werkzeug.datastructures import MultiDict

from courses.authoring.checked import Checked, seen_of
from courses.authoring.choices import Choices, addresses_in
from courses.authoring.mistakes import MeanwhileError
from courses.authoring.saving import Clash, Saved, save_here
from courses.authoring.sections import Section
from courses.authoring.sheets import SAVE, Row, Sheet, clean, read_press, read_sheet
from courses.authoring.shelf import PartHere
from courses.authoring.spoken import Spoken, spoken_of
from courses.catalogue.addresses import PartDraft
from courses.catalogue.drafts import InstrumentDraft, ModuleDraft, ProgrammeDraft, SegmentDraft
from courses.catalogue.reading import ReadingHere, read_here
from courses.frameworks.queries import ChoiceGroup
from institute.actors import Actor
from institute.i18n import Localised, direction, language_tag
from institute.web.forms import read_revision

D = TypeVar("D", SegmentDraft, InstrumentDraft, ModuleDraft, ProgrammeDraft)

OPEN, REFUSED, CLASHED = 200, 422, 409


@dataclass(frozen=True, slots=True)
class Desk(Generic[D]):
    """A section as an author has it before them.

    ``revision`` and ``seen`` say what the next sending was made from. ``looked`` names the field whose text is shown as
    readers will see it. ``status`` is that of the page.
    """

    here: PartHere
    choices: Choices
    section: Section[D]
    checked: Checked[D]
    revision: int
    seen: str
    clash: Clash | None = None
    looked: str = ""
    status: int = OPEN

    @property
    def sheet(self) -> Sheet:
        """What stands in the form."""
        return self.checked.sheet

    @property
    def draft(self) -> D:
        """The part as it is kept."""
        return cast("D", self.here.draft)

    @property
    def source(self) -> str:
        """The language in which this part is written."""
        return self.here.draft.title.source

    @property
    def tag(self) -> str:
        """The same for a ``lang`` attribute."""
        return language_tag(self.source)

    @property
    def direction(self) -> str:
        """Which way it runs."""
        return direction(self.source)

    def read(self, name: str) -> ReadingHere:
        """Return the text in a field as readers will see it."""
        return read_here(Localised({self.source: self.sheet[name]}, self.source))

    def blank(self, name: str) -> Row:
        """Return an empty row of a list."""
        return dict.fromkeys(self.section.layout.rows[name], "")

    def unoffered(self, name: str, groups: Iterable[ChoiceGroup]) -> list[str]:
        """Return the chosen values of a group of boxes that are not offered any more."""
        offered = addresses_in(groups)
        return [value for value in self.sheet.many[name] if value not in offered]

    def problem(self, name: str) -> str:
        """Return what has to be mended in a field; empty where nothing has."""
        return self.checked.problems[name].text if name in self.checked.problems else ""

    def spoken(self, name: str, was: str = "") -> Spoken:
        """Return in which languages a field's text is there; with ``was``, that of a row of the list ``name``."""
        return spoken_of(self.section.texts.get(f"{name}/{was}" if was else name), self.here.languages)


def open_desk(here: PartHere, section: Section[D], choices: Choices) -> Desk[D]:
    """Return a section as the draft has it."""
    checked: Checked[D] = Checked(section.sheet, cast("D", here.draft))
    return Desk(here, choices, section, checked, here.revision, seen_of(here.draft, section.paths))


def send(
    here: PartHere, section: Section[D], choices: Choices, form: MultiDict[str, str], *, actor: Actor
) -> Desk[D] | None:
    """Keep what was typed, or give it back with a row more, what has to be mended, or what was written meanwhile.

    None: it is kept. Where somebody else changed only other sections, nothing clashes.
    Raises as courses.authoring.saving.save.
    """
    sheet, press = read_sheet(form, section.layout), read_press(form)
    revision, seen = read_revision(form), form.get("_seen", "")
    if press != SAVE:
        looked = press.list if press.verb in {"look", "insert"} else ""
        if press.verb == "insert":
            sheet = _inserted(sheet, press.list, form.get(f"_insert_{press.list}", ""), choices)
        looked_at: Checked[D] = Checked(sheet.pressed(press, section.layout))
        return Desk(here, choices, section, looked_at, revision, seen, looked=looked)
    checked = section.check(sheet)
    if checked.draft is None:
        return Desk(here, choices, section, checked, revision, seen, status=REFUSED)
    if seen == seen_of(here.draft, section.paths):
        revision = here.revision
    outcome = save_here(here, checked.draft, revision=revision, actor=actor)
    if isinstance(outcome, Saved):
        return None
    now_seen = seen_of(outcome.theirs, section.paths)
    return Desk(here, choices, section, checked, outcome.theirs_revision, now_seen, outcome, status=CLASHED)


def replace_part(here: PartHere, draft: PartDraft, *, actor: Actor) -> None:
    """Keep a part in which something was moved or removed. Raises as ``save``, and MeanwhileError."""
    if isinstance(save_here(here, draft, revision=here.revision, actor=actor), Clash):
        raise MeanwhileError


def _inserted(sheet: Sheet, name: str, key: str, choices: Choices) -> Sheet:
    """Return the sheet with a resource of the library at the end of a text."""
    found = dict(choices.resources).get(key)
    if found is None or name not in sheet.fields:
        return sheet
    title = clean(found).replace("[", "(").replace("]", ")").replace("\n", " ")
    return sheet.with_fields(**{name: f"{sheet[name]}\n\n![{title}](resource:{key})".lstrip("\n")})
