"""A rubric as a TOML file of its own, alone or in a package; one that is unfinished too.

Reading is strict about what a file is made of and notes every mistake with its line; what a rubric says, such as a cut
above its levels, is told by the builder, where it can be mended.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from certificates.rubrics.errors import RubricFileError
from certificates.rubrics.policies import FLAGS, LIMITS, USUAL, Releasing, Settled
from certificates.rubrics.sketches import TICKED, Sketch, SketchCriterion, SketchLevel, blank, policy_fields
from courses.packages import problems
from courses.packages.problems import PackageError, Problem, Problems
from courses.packages.spelling import Paper
from courses.packages.tables import Table, read_sheet
from institute.i18n import Localised, lazy_gettext

FORMAT: Final = 1
LARGEST: Final = 400 * 1024
NONE: Final = "none"
MEDIA_TYPE: Final = "application/toml"
_TYPED: Final = 160


@dataclass(frozen=True, slots=True)
class RubricPaper:
    """What a file says: the key of the rubric, and its text."""

    key: str
    sketch: Sketch


def write_rubric(key: str, sketch: Sketch, source: str) -> str:
    """Return a rubric as a file whose texts are written in ``source``, where they do not say otherwise."""
    paper = Paper(source)
    paper.put("format", FORMAT)
    paper.put("source_language", source)
    paper.put("key", key)
    paper.put("cut", sketch.cut)
    paper.put_text("title", sketch.title)
    policy = Paper(source)
    for name, value in sketch.policy.items():
        _put_field(policy, name, value)
    paper.set("policy", policy)
    for level in sketch.levels:
        below = Paper(source)
        _put_written(below, "name", level.name)
        paper.add("level", below)
    for criterion in sketch.criteria:
        paper.add("criterion", _criterion(sketch, criterion, source))
    return paper.text()


def read_rubric_file(data: bytes, name: str, *, source: str) -> RubricPaper:
    """Return what a file says. Raises RubricFileError, PackageError with every mistake."""
    if not data or len(data) > LARGEST:
        raise RubricFileError(most=LARGEST // 1024)
    noted = Problems()
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        sentence = lazy_gettext("The file is not UTF-8.")
        raise PackageError(Problem(problems.TEXT, sentence, name, line)) from error
    table = read_sheet(text, file=name, source=source, noted=noted)
    paper = read_rubric(table) if table is not None else None
    noted.refuse()
    assert paper is not None  # noqa: S101  (no rubric without a problem)
    return paper


def read_rubric(table: Table) -> RubricPaper:
    """Return what a table says, noting every mistake."""
    if table.integer("format", least=1, default=FORMAT) > FORMAT:
        sentence = lazy_gettext("This rubric was written by a newer version of this software.")
        table.note(problems.FORMAT, sentence, "format")
    if table.has("source_language"):
        table = table.written_in(table.locale("source_language"))
    key = table.slug("key")
    title = table.localised("title")
    levels = tuple(
        SketchLevel(str(number), level.optional_localised("name") or blank(title.source))
        for number, level in enumerate(table.tables("level"), start=1)
    )
    criteria = tuple(_read_criterion(one, title.source) for one in table.tables("criterion"))
    keys = [one.key for one in criteria]
    for number, one in enumerate(keys, start=1):
        if one in keys[: number - 1]:
            sentence = lazy_gettext("“%(key)s” stands in the file twice.")
            table.note(problems.TWICE, sentence, "criterion", number, "key")
    sketch = Sketch(
        title=title,
        cut=table.text("cut", longest=_TYPED) if table.has("cut") else "",
        levels=levels,
        criteria=criteria,
        policy=_read_policy(table),
    )
    table.finish()
    return RubricPaper(key, sketch)


def _criterion(sketch: Sketch, criterion: SketchCriterion, source: str) -> Paper:
    paper = Paper(source)
    paper.put("key", criterion.key)
    paper.put("element", criterion.element)
    paper.put("minimum", sketch.number_of(criterion.minimum))
    _put_written(paper, "title", criterion.title)
    for level in sketch.levels:
        below = Paper(source)
        _put_written(below, "descriptor", criterion.descriptors.get(level.id))
        _put_written(below, "example", criterion.examples.get(level.id))
        paper.add("criterion.level", below)
    return paper


def _put_written(paper: Paper, name: str, text: Localised | None) -> None:
    """Write a text, unless nothing stands in it yet."""
    if text is not None and text.texts.get(text.source, "").strip():
        paper.put_text(name, text)


def _put_field(paper: Paper, name: str, value: str) -> None:
    if name in FLAGS:
        paper.lines.append(f"{name} = {'true' if value else 'false'}")
    elif name in LIMITS and value.isascii() and value.isdigit():
        paper.put(name, int(value))
    elif value or name not in ("settled", "releasing"):
        paper.put(name, value or NONE)


def _read_criterion(table: Table, source: str) -> SketchCriterion:
    descriptors, examples = {}, {}
    for number, level in enumerate(table.tables("level"), start=1):
        descriptor, example = level.optional_localised("descriptor"), level.optional_localised("example")
        if descriptor is not None:
            descriptors[str(number)] = descriptor
        if example is not None:
            examples[str(number)] = example
    minimum = table.optional_integer("minimum", least=1)
    return SketchCriterion(
        key=table.slug("key"),
        title=table.optional_localised("title") or blank(source),
        element=table.optional_text("element", longest=_TYPED) or "",
        minimum="" if minimum is None else str(minimum),
        descriptors=descriptors,
        examples=examples,
    )


def _read_policy(table: Table) -> dict[str, str]:
    """Return the policy's fields; what the file does not say is as usual."""
    fields = policy_fields(USUAL)
    policy = table.table("policy") if table.has("policy") else None
    if policy is None:
        return fields
    for name in LIMITS:
        if policy.has(name):
            fields[name] = _read_typed(policy, name)
    fields |= {name: TICKED if policy.flag(name) else "" for name in FLAGS if policy.has(name)}
    if policy.has("near_cut"):
        fields["near_cut"] = _read_typed(policy, "near_cut")
    if policy.has("settled"):
        fields["settled"] = policy.choice("settled", Settled).value
    if policy.has("releasing"):
        fields["releasing"] = policy.choice("releasing", Releasing).value
    policy.finish()
    return fields


def _read_typed(table: Table, name: str) -> str:
    """Return a number, or what somebody typed in its place while the policy was unfinished."""
    if not isinstance(table.data[name], str):
        return str(table.integer(name, least=0))
    typed = table.text(name, longest=_TYPED)
    return "" if typed == NONE else typed
