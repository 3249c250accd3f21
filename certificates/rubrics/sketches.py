"""What is being written of a rubric: anything in it may still be missing or impossible. Pure.

A text is known by its path: ``title``, ``levels/2``, ``criteria/vision/title``, ``criteria/vision/descriptors/2``,
``criteria/vision/examples/2``. The number in it is the id of a level, which it keeps when levels move.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from certificates.rubrics.amounts import write_amount
from certificates.rubrics.defining import RubricDraft
from certificates.rubrics.policies import FLAGS, LIMITS, USUAL, Policy
from institute.i18n import Localised

ABOUT: Final = "about"
POLICY: Final = "policy"
CRITERION: Final = "criteria/"
TICKED: Final = "1"


@dataclass(frozen=True, slots=True)
class SketchLevel:
    """A level; its place in the list is its number. ``id`` stays when levels move."""

    id: str
    name: Localised


@dataclass(frozen=True, slots=True)
class SketchCriterion:
    """A criterion. Descriptors and examples stand by the ids of levels; ``minimum`` is one of these or empty."""

    key: str
    title: Localised
    element: str = ""
    minimum: str = ""
    descriptors: Mapping[str, Localised] = field(default_factory=dict)
    examples: Mapping[str, Localised] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sketch:
    """A rubric as it is being written. The cut and the fields of the policy are what was typed."""

    title: Localised
    cut: str
    levels: tuple[SketchLevel, ...] = ()
    criteria: tuple[SketchCriterion, ...] = ()
    policy: Mapping[str, str] = field(default_factory=dict)

    def criterion(self, key: str) -> SketchCriterion | None:
        """Return the criterion of a key, or None."""
        return next((one for one in self.criteria if one.key == key), None)

    def number_of(self, level_id: str) -> int | None:
        """Return the number of a level, 1 being the lowest, or None for none of them."""
        return next((number for number, one in enumerate(self.levels, start=1) if one.id == level_id), None)


def policy_fields(policy: Policy) -> dict[str, str]:
    """Return a policy as the fields of a form."""
    fields = {name: str(getattr(policy, name)) for name in LIMITS}
    fields |= {name: TICKED if getattr(policy, name) else "" for name in FLAGS}
    near = policy.near_cut
    return fields | {
        "near_cut": "" if near is None else write_amount(near),
        "settled": policy.settled.value,
        "releasing": policy.releasing.value,
    }


def blank_sketch(title: Localised) -> Sketch:
    """Return a rubric of which nothing but the title is written, with four levels and the usual policy."""
    levels = tuple(SketchLevel(str(number), blank(title.source)) for number in range(1, 5))
    return Sketch(title, "3", levels, policy=policy_fields(USUAL))


def blank(source: str) -> Localised:
    """Return a text in which nothing stands yet."""
    return Localised({source: ""}, source)


def sketch_of(draft: RubricDraft) -> Sketch:
    """Return a finished rubric as one that is written on."""
    ids = [str(number) for number in range(1, len(draft.level_names) + 1)]
    criteria = tuple(
        SketchCriterion(
            key=one.key,
            title=one.title,
            element=one.element or "",
            minimum="" if one.minimum is None else str(one.minimum),
            descriptors=dict(zip(ids, one.descriptors, strict=True)),
            examples={
                level: text for level, text in zip(ids, one.examples, strict=False) if text is not None
            },
        )
        for one in draft.criteria
    )
    levels = tuple(SketchLevel(level, name) for level, name in zip(ids, draft.level_names, strict=True))
    return Sketch(draft.title, write_amount(draft.cut), levels, criteria, policy_fields(draft.policy))


def canonical(sketch: Sketch) -> Sketch:
    """Return the same as a file says it: levels known by their numbers, and no translation that is blank."""
    number = {one.id: str(place) for place, one in enumerate(sketch.levels, start=1)}

    def numbered(found: Mapping[str, Localised]) -> dict[str, Localised]:
        return {number[level]: text for level, text in found.items() if level in number}

    criteria = tuple(
        replace(
            one,
            minimum=number.get(one.minimum, ""),
            descriptors=numbered(one.descriptors),
            examples=numbered(one.examples),
        )
        for one in sketch.criteria
    )
    levels = tuple(replace(one, id=number[one.id]) for one in sketch.levels)
    told = replace(sketch, levels=levels, criteria=criteria)
    return with_texts(told, {path: _bare(text) for path, text in texts_of(told).items()})


def _bare(text: Localised) -> Localised:
    texts = {locale: said for locale, said in text.texts.items() if said.strip() or locale == text.source}
    origins = {locale: mark for locale, mark in text.origins.items() if locale in texts}
    return Localised(texts, text.source, origins)


def texts_of(sketch: Sketch) -> dict[str, Localised]:
    """Return every text that is written, by its path, in the order in which they are read."""
    return dict(_texts(sketch))


def _texts(sketch: Sketch) -> Iterator[tuple[str, Localised]]:
    yield "title", sketch.title
    for level in sketch.levels:
        yield f"levels/{level.id}", level.name
    for one in sketch.criteria:
        start = f"{CRITERION}{one.key}"
        yield f"{start}/title", one.title
        for level in sketch.levels:
            if level.id in one.descriptors:
                yield f"{start}/descriptors/{level.id}", one.descriptors[level.id]
            if level.id in one.examples:
                yield f"{start}/examples/{level.id}", one.examples[level.id]


def with_texts(sketch: Sketch, texts: Mapping[str, Localised]) -> Sketch:
    """Return the same with other texts at these paths; paths where nothing is written are ignored."""

    def levels_of(start: str, found: Mapping[str, Localised]) -> dict[str, Localised]:
        return {level: texts.get(f"{start}/{level}", text) for level, text in found.items()}

    criteria = tuple(
        replace(
            one,
            title=texts.get(f"{CRITERION}{one.key}/title", one.title),
            descriptors=levels_of(f"{CRITERION}{one.key}/descriptors", one.descriptors),
            examples=levels_of(f"{CRITERION}{one.key}/examples", one.examples),
        )
        for one in sketch.criteria
    )
    levels = tuple(replace(one, name=texts.get(f"levels/{one.id}", one.name)) for one in sketch.levels)
    return replace(sketch, title=texts.get("title", sketch.title), levels=levels, criteria=criteria)


def document_of(sketch: Sketch) -> dict[str, Any]:
    """Return a sketch as a document that JSON can hold."""
    return {
        "title": _said(sketch.title),
        "cut": sketch.cut,
        "levels": [{"id": one.id, "name": _said(one.name)} for one in sketch.levels],
        "criteria": [
            {
                "key": one.key,
                "title": _said(one.title),
                "element": one.element,
                "minimum": one.minimum,
                "descriptors": {level: _said(text) for level, text in one.descriptors.items()},
                "examples": {level: _said(text) for level, text in one.examples.items()},
            }
            for one in sketch.criteria
        ],
        "policy": dict(sketch.policy),
    }


def read_document(document: Mapping[str, Any]) -> Sketch:
    """Return the sketch that ``document_of`` made."""
    return Sketch(
        title=_heard(document["title"]),
        cut=document["cut"],
        levels=tuple(SketchLevel(one["id"], _heard(one["name"])) for one in document["levels"]),
        criteria=tuple(
            SketchCriterion(
                key=one["key"],
                title=_heard(one["title"]),
                element=one["element"],
                minimum=one["minimum"],
                descriptors={level: _heard(text) for level, text in one["descriptors"].items()},
                examples={level: _heard(text) for level, text in one["examples"].items()},
            )
            for one in document["criteria"]
        ),
        policy=document["policy"],
    )


def digest_of(sketch: Sketch, section: str = "") -> str:
    """Return a short digest of one section of a sketch (``about``, ``policy``, ``criteria/<key>``), or of the whole.

    A form carries that of its own section, so that who writes another one is in nobody's way.
    """
    document = document_of(sketch)
    said: Any = document
    if section == ABOUT:
        said = [document["title"], document["cut"], document["levels"]]
    elif section == POLICY:
        said = document["policy"]
    elif section:
        said = [one for one in document["criteria"] if f"{CRITERION}{one['key']}" == section]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def _said(text: Localised) -> dict[str, Any]:
    return {"source": text.source, "texts": dict(text.texts), "origins": dict(text.origins)}


def _heard(text: Mapping[str, Any]) -> Localised:
    return Localised(text["texts"], text["source"], text["origins"])
