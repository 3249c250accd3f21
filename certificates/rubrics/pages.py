"""What the pages of rubrics show: the list, one of them with its draft and versions, two texts side by side."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import select

from certificates.rubrics.checking import check_policy, check_sketch
from certificates.rubrics.comparing import Beside, changes_between, side_by_side
from certificates.rubrics.draft_models import RubricWriting, SaveId
from certificates.rubrics.drafting import Clash, find_writing
from certificates.rubrics.errors import RubricNotFoundError
from certificates.rubrics.policies import Policy
from certificates.rubrics.publishing import OpenTexts, languages_of, open_texts
from certificates.rubrics.queries import RubricLine, RubricView, draft_of, listing, versions_of
from certificates.rubrics.sketches import ABOUT, Sketch, digest_of, read_document, sketch_of
from certificates.rubrics.uses import Uses, uses_of
from certificates.rubrics.writings import saved_sketch
from courses.authoring.comparing import Change
from courses.frameworks.naming import is_slug
from courses.frameworks.queries import ChoiceGroup, element_choices, named
from institute.actors import Actor
from institute.db import db
from institute.errors import DomainError
from institute.i18n import Localised, current_locale
from institute.people.models import Person

DRAFT: Final = "draft"
_SAVE: Final = re.compile(r"save-([0-9]{1,9})\Z")
_VERSION: Final = re.compile(r"[0-9]{1,6}\Z")


@dataclass(frozen=True, slots=True)
class ShelfLine:
    """A rubric of the list: its newest version, or None before the first; ``drafted``: somebody writes on it."""

    key: str
    title: Localised
    published: RubricLine | None
    drafted: bool


@dataclass(frozen=True, slots=True)
class Writing:
    """A draft: what it says, what has to be mended by the paths of its fields, who saved it last and when."""

    sketch: Sketch
    problems: Mapping[str, DomainError]
    base_version: int
    at: datetime
    author: str | None
    open: tuple[OpenTexts, ...]

    @property
    def whole(self) -> bool:
        """Whether it can be published."""
        return not self.problems

    @property
    def policy(self) -> Policy | None:
        """The policy that it says, or None while something in it is impossible."""
        return check_policy(self.sketch.policy)[0]

    def problems_in(self, section: str) -> int:
        """Return how many things have to be mended in a section."""
        return sum(path.startswith(f"{section}/") or path == section for path in self.problems)


@dataclass(frozen=True, slots=True)
class RubricPage:
    """A rubric: its versions, newest first, what is being written of it, and what it is used for."""

    key: str
    title: Localised
    versions: tuple[RubricView, ...]
    writing: Writing | None
    uses: Uses
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def newest(self) -> RubricView | None:
        """The version by which evidence is scored from now on."""
        return self.versions[0] if self.versions else None

    @property
    def open_tasks(self) -> list[tuple[RubricView, int]]:
        """The versions by which something is still to be scored, with how many tasks that are."""
        counts = self.uses.open_tasks
        return [(one, counts[one.id]) for one in self.versions if one.id in counts]

    @property
    def draft(self) -> Writing:
        """What is being written of it. Raises RubricNotFoundError where nobody writes."""
        if self.writing is None:
            raise RubricNotFoundError
        return self.writing


@dataclass(frozen=True, slots=True)
class FormPage:
    """The form of one section of a draft. ``problems`` are those of what stands in the fields."""

    here: RubricPage
    sketch: Sketch
    section: str
    seen: str
    problems: Mapping[str, DomainError]
    choices: tuple[ChoiceGroup, ...] = ()
    clash: Clash | None = None

    def error(self, path: str) -> str:
        """Return what is wrong with a field, or nothing."""
        return self.problems[path].text if path in self.problems else ""

    @property
    def wrong_here(self) -> list[tuple[str, str]]:
        """What has to be mended in this section, as (field, sentence)."""
        mine = ("title", "cut", "levels") if self.section == ABOUT else (self.section,)
        return [
            (path, problem.text)
            for path, problem in self.problems.items()
            if any(path == start or path.startswith(f"{start}/") for start in mine)
        ]

    @property
    def policy(self) -> Policy | None:
        """The policy that stands in the fields, or None while something in it is impossible."""
        return check_policy(self.sketch.policy)[0]

    @property
    def differences(self) -> tuple[Change, ...]:
        """Where the two texts of a clash differ: theirs before, mine after."""
        return () if self.clash is None else changes_between(self.clash.theirs, self.clash.mine)


@dataclass(frozen=True, slots=True)
class ComparePage:
    """Two texts of a rubric: what they are called in addresses, what differs, and both beside each other."""

    here: RubricPage
    before_ref: str
    after_ref: str
    before: Sketch
    after: Sketch
    changes: tuple[Change, ...]
    beside: tuple[Beside, ...]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PublishPage:
    """What publishing a draft would change. ``seen`` and ``version`` are sent back, so that nothing else is."""

    here: RubricPage
    seen: str
    version: int
    before: Sketch | None
    changes: tuple[Change, ...]

    @property
    def is_new(self) -> bool:
        """Whether it is the first version, or says anything new."""
        return self.before is None or bool(self.changes)


def shelf(actor: Actor) -> list[ShelfLine]:
    """Return every rubric of the institute, by title."""
    published = {line.key: line for line in listing(actor.institute_id)}
    rows = db.session.scalars(select(RubricWriting).where(RubricWriting.institute_id == actor.institute_id))
    drafts = {row.key: read_document(row.document) for row in rows}
    lines = [
        ShelfLine(
            key,
            published[key].title if key in published else drafts[key].title,
            published.get(key),
            key in drafts,
        )
        for key in published | drafts
    ]
    return sorted(lines, key=lambda line: (str(line.title).casefold(), line.key))


def rubric_page(key: str, *, actor: Actor) -> RubricPage:
    """Return a rubric with its draft and versions. Raises RubricNotFoundError."""
    if not is_slug(key):
        raise RubricNotFoundError
    versions = tuple(versions_of(actor.institute_id, key))
    row = find_writing(key, institute_id=actor.institute_id)
    writing = None if row is None else _writing(row, actor)
    if writing is None and not versions:
        raise RubricNotFoundError
    title = writing.sketch.title if writing is not None else versions[0].title
    elements = [one.element for view in versions for one in view.criteria if one.element]
    if writing is not None:
        elements += [one.element for one in writing.sketch.criteria if one.element]
    return RubricPage(
        key, title, versions, writing, uses_of(actor.institute_id, key), element_names(elements, actor=actor)
    )


def form_page(
    key: str, section: str, *, typed: Sketch | None = None, clash: Clash | None = None, actor: Actor
) -> FormPage:
    """Return the form of a section as it stands, or as it was typed where it clashed. Raises RubricNotFoundError."""
    here = rubric_page(key, actor=actor)
    stands = here.draft.sketch
    sketch = typed if typed is not None else stands
    return FormPage(
        here=here,
        sketch=sketch,
        section=section,
        seen=digest_of(stands, section),
        problems=check_sketch(key, sketch).problems,
        choices=tuple(element_choices(actor.institute_id)),
        clash=clash,
    )


def compare_page(key: str, before: str, after: str, *, actor: Actor) -> ComparePage:
    """Return two texts of a rubric side by side: ``draft``, the number of a version, or ``save-`` and a number.

    What is left empty is the newest version, and the draft or the version before. Raises RubricNotFoundError.
    """
    here = rubric_page(key, actor=actor)
    last = str(here.newest.version) if here.newest is not None else DRAFT
    if not after:
        after = DRAFT if here.writing is not None else last
    if not before:
        before = last if after == DRAFT else str(max(int(after) - 1, 1)) if _VERSION.match(after) else last
    old, new = sketch_at(here, before, actor=actor), sketch_at(here, after, actor=actor)
    elements = [one.element for sketch in (old, new) for one in sketch.criteria if one.element]
    return ComparePage(
        here=here,
        before_ref=before,
        after_ref=after,
        before=old,
        after=new,
        changes=changes_between(old, new),
        beside=tuple(side_by_side(old, new, current_locale())),
        names=element_names(elements, actor=actor),
    )


def sketch_at(here: RubricPage, ref: str, *, actor: Actor) -> Sketch:
    """Return the text of a rubric that ``ref`` names, as ``compare_page`` takes it. Raises RubricNotFoundError."""
    if ref == DRAFT:
        return here.draft.sketch
    save = _SAVE.match(ref)
    if save:
        return saved_sketch(actor.institute_id, here.key, SaveId(int(save[1])))
    return sketch_of(draft_of(version_in(here, ref)))


def publish_page(key: str, *, actor: Actor) -> PublishPage:
    """Return what publishing a draft would change. Raises RubricNotFoundError."""
    here = rubric_page(key, actor=actor)
    sketch, last = here.draft.sketch, here.newest
    before = sketch_of(draft_of(last)) if last is not None else None
    return PublishPage(
        here=here,
        seen=digest_of(sketch),
        version=last.version if last is not None else 0,
        before=before,
        changes=changes_between(before, sketch) if before is not None else (),
    )


def criterion_in(key: str, criterion_key: str, *, actor: Actor) -> None:
    """Refuse a criterion that the draft does not have. Raises RubricNotFoundError."""
    if rubric_page(key, actor=actor).draft.sketch.criterion(criterion_key) is None:
        raise RubricNotFoundError


def read_save(ref: str) -> SaveId:
    """Return the saved text that ``save-`` and a number name. Raises RubricNotFoundError."""
    save = _SAVE.match(ref)
    if save is None:
        raise RubricNotFoundError
    return SaveId(int(save[1]))


def version_in(here: RubricPage, ref: str) -> RubricView:
    """Return the version of a number, as an address names it. Raises RubricNotFoundError."""
    number = int(ref) if _VERSION.match(ref) and ref.isascii() else 0
    found = next((one for one in here.versions if one.version == number), None)
    if found is None:
        raise RubricNotFoundError
    return found


def element_names(addresses: list[str], *, actor: Actor) -> dict[str, str]:
    """Return what the addresses of competencies are called, code and title; what names nothing is its own name."""
    found = named(actor.institute_id, addresses) if addresses else {}
    return {
        address: " ".join(filter(None, (one.code, str(one.title) if one.title is not None else "")))
        for address, one in found.items()
    }


def _writing(row: RubricWriting, actor: Actor) -> Writing:
    sketch = read_document(row.document)
    author = db.session.get(Person, row.updated_by) if row.updated_by is not None else None
    return Writing(
        sketch=sketch,
        problems=check_sketch(row.key, sketch).problems,
        base_version=row.base_version,
        at=row.updated_at,
        author="" if author is None else author.name or None,
        open=tuple(open_texts(sketch, languages_of(actor))),
    )
