"""The transcript of hours and competencies: what an award rests on, part by part."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction

from babel.numbers import format_decimal

from certificates.documents.papers.facts import (
    CriterionReached,
    EvidenceAccepted,
    HoursOf,
    MeetingAttended,
    ModuleDone,
    RecordFacts,
    RuleMet,
)
from certificates.documents.papers.labels import LABELS, Label
from certificates.documents.papers.sheets import Cell, Part, Sheet, Table
from certificates.documents.papers.words import Piece, Speaker, Words
from certificates.levels.rules import Strand
from certificates.levels.wording import say_score, say_strand
from courses.catalogue.durations import say_minutes
from courses.meetings.wording import say_meeting_kind
from courses.sessions.models import Kind
from courses.sessions.wording import say_kind, say_mode
from institute.i18n import current_locale, direction, gettext, language_tag, ngettext


def transcript(facts: RecordFacts) -> Sheet:
    """Return the transcript of an award."""
    speaker = Speaker(facts.languages)
    parts = (
        *_hours(facts, speaker),
        *_competencies(facts, speaker),
        *_evidence(facts, speaker),
        *_modules(facts, speaker),
        *_meetings(facts, speaker),
        *_rules(facts, speaker),
    )
    return Sheet(
        title=speaker.say(LABELS[Label.TRANSCRIPT]),
        intro=(),
        facts=head_of(facts, speaker),
        parts=parts,
        places=(),
        closing=(
            speaker.say(
                lambda: gettext(
                    "What the certificate rests on stands here as it was when the certificate was issued. Only "
                    "coaching counts that coach and participant both confirmed."
                )
            ),
        ),
    )


def head_of(facts: RecordFacts, speaker: Speaker) -> tuple[tuple[Words, Words], ...]:
    """Return the facts at the head of a paper: who, what, where and when."""

    def label(one: Label) -> Words:
        return speaker.say(LABELS[one])

    lines: list[tuple[Label, Words | None]] = [
        (Label.NAME, speaker.name(facts.name)),
        (Label.PROGRAMME, speaker.content(facts.programme) if facts.programme else None),
        (Label.COHORT, speaker.content(facts.cohort) if facts.cohort else None),
        (Label.SITE, speaker.content(facts.site) if facts.site else None),
        (Label.LEVEL, speaker.content(facts.level)),
        (Label.AWARDED_AS, speaker.content(facts.title) if facts.title.texts != facts.level.texts else None),
        (Label.PATHWAY, speaker.content(facts.pathway) if facts.pathway else None),
        (Label.BEGAN, speaker.day(facts.enrolled) if facts.enrolled else None),
        (Label.ISSUED, speaker.day(facts.issued)),
        (Label.VALID_UNTIL, speaker.day(facts.valid_until) if facts.valid_until else None),
        (Label.CONFIRMED, time_of(facts.minutes, speaker) if facts.minutes else None),
        (Label.ONE_TO_ONE, time_of(facts.one_to_one, speaker) if facts.one_to_one else None),
        (Label.SERIAL, speaker.name(facts.serial)),
        (Label.CHECK, speaker.name(facts.verify_address)),
    ]
    return tuple((label(one), words) for one, words in lines if words is not None)


def time_of(minutes: int, speaker: Speaker) -> Words:
    """Return whole minutes in words."""
    return speaker.say(lambda: say_minutes(minutes))


def heads(speaker: Speaker, *labels: Label, numbers: Iterable[Label] = ()) -> tuple[Cell, ...]:
    """Return the heads of a table's columns; those of ``numbers`` stand at the end of theirs."""
    at_end = frozenset(numbers)
    return tuple(Cell(speaker.say(LABELS[label]), number=label in at_end) for label in labels)


def number_of(number: int, speaker: Speaker) -> Cell:
    """Return a number as a cell."""
    return Cell(speaker.say(lambda: format_decimal(number, locale=current_locale())), number=True)


def _hours(facts: RecordFacts, speaker: Speaker) -> Iterable[Part]:
    if not facts.by_kind:
        return
    lead = speaker.say(
        lambda: gettext("%(time)s of confirmed coaching count.", time=say_minutes(facts.minutes))
    )
    yield Part(speaker.say(LABELS[Label.HOURS]), lead=lead)
    for heading, ones in (
        (Label.BY_KIND, facts.by_kind),
        (Label.BY_MODE, facts.by_mode),
        (Label.BY_MONTH, facts.by_month),
    ):
        yield Part(speaker.say(LABELS[heading]), _sums(ones, facts.minutes, speaker), minor=True)


def _sums(ones: tuple[HoursOf, ...], minutes: int, speaker: Speaker) -> Table:
    """Return hours with their sum, which is what the award rests on, whatever the single ones add up to."""
    numbers = (Label.SESSIONS, Label.LOGGED, Label.COUNTED)
    rows = [
        (
            Cell(_called(one, speaker)),
            number_of(one.sessions, speaker),
            Cell(time_of(one.logged, speaker), number=True),
            Cell(time_of(one.counted, speaker), number=True),
        )
        for one in ones
    ]
    differs = minutes - sum(one.counted for one in ones)
    if differs:
        sign = "−" if differs < 0 else "+"
        said = speaker.say(lambda: f"{sign}\u2060{say_minutes(abs(differs))}")
        rows.append((Cell(speaker.say(LABELS[Label.ROUNDED])), Cell(()), Cell(()), Cell(said, number=True)))
    sums = (
        Cell(speaker.say(LABELS[Label.ALL])),
        number_of(sum(one.sessions for one in ones), speaker),
        Cell(time_of(sum(one.logged for one in ones), speaker), number=True),
        Cell(time_of(minutes, speaker), number=True),
    )
    first = Cell(())
    return Table((first, *heads(speaker, *numbers, numbers=numbers)), tuple(rows), sums)


def _called(one: HoursOf, speaker: Speaker) -> Words:
    what = one.what
    if isinstance(what, date):
        return speaker.month(what)
    say: Callable[[], str] = (lambda: say_kind(what)) if isinstance(what, Kind) else (lambda: say_mode(what))
    return speaker.say(say)


def _competencies(facts: RecordFacts, speaker: Speaker) -> Iterable[Part]:
    scored = [one for one in facts.evidence if one.criteria]
    if not scored:
        return
    yield Part(speaker.say(LABELS[Label.COMPETENCIES]))
    for one in scored:
        rows = tuple(_criterion(criterion, one, speaker) for criterion in one.criteria)
        columns = heads(speaker, Label.CRITERION, Label.REACHED, Label.SCORE, numbers=[Label.SCORE])
        yield Part(speaker.content(one.title), Table(columns, rows), _scored_by(one, speaker), minor=True)


def _scored_by(one: EvidenceAccepted, speaker: Speaker) -> Words:
    return speaker.say(
        lambda: ngettext(
            "Scored by %(num)s independent rater.", "Scored by %(num)s independent raters.", one.raters
        )
    )


def _criterion(one: CriterionReached, evidence: EvidenceAccepted, speaker: Speaker) -> tuple[Cell, ...]:
    reached: Words = ()
    name, above = one.name, one.above
    if name is not None and above is not None:
        reached = speaker.say(
            lambda: gettext(
                "between “%(one)s” and “%(other)s”",
                one=name.in_(current_locale()),
                other=above.in_(current_locale()),
            )
        )
    elif name is not None:
        reached = speaker.content(name)
    soft = speaker.content(one.element) if one.element is not None else ()
    return (
        Cell(speaker.content(one.title), soft=soft),
        Cell(reached),
        score_of(one.level, evidence, speaker),
    )


def score_of(score: Fraction | None, evidence: EvidenceAccepted, speaker: Speaker) -> Cell:
    """Return an exact score of its maximum."""
    if score is None or evidence.maximum is None:
        return Cell((), number=True)
    most = evidence.maximum

    def said() -> str:
        # Translators: a score and the highest there is, such as "3.5 of 5".
        return gettext("%(score)s of %(most)s", score=say_score(score), most=say_score(most))

    return Cell(speaker.say(said), number=True)


def _evidence(facts: RecordFacts, speaker: Speaker) -> Iterable[Part]:
    if not facts.evidence:
        return
    rows = tuple(
        (
            Cell(speaker.content(one.title)),
            Cell(speaker.day(one.day) if one.day else ()),
            score_of(one.score, one, speaker),
        )
        for one in facts.evidence
    )
    columns = heads(speaker, Label.PIECE, Label.ACCEPTED, Label.SCORE, numbers=[Label.SCORE])
    yield Part(speaker.say(LABELS[Label.EVIDENCE]), Table(columns, rows))


def _modules(facts: RecordFacts, speaker: Speaker) -> Iterable[Part]:
    if not facts.modules:
        return
    rows = tuple(_module(one, speaker) for one in facts.modules)
    columns = heads(speaker, Label.MODULE, Label.STEPS, Label.FIRST, Label.LAST, numbers=[Label.STEPS])
    yield Part(speaker.say(LABELS[Label.MODULES]), Table(columns, rows))


def _module(one: ModuleDone, speaker: Speaker) -> tuple[Cell, ...]:
    first, *others = speaker.content(one.title)
    called = (Piece(f"{one.number}. {first.text}", first.tag, first.direction), *others)

    def steps() -> str:
        # Translators: how many of all steps of a module are done.
        return gettext("%(done)s of %(total)s", done=one.done, total=one.total)

    return (
        Cell(called),
        Cell(speaker.say(steps), number=True),
        Cell(speaker.day(one.first) if one.first else ()),
        Cell(speaker.day(one.last) if one.last else ()),
    )


def _meetings(facts: RecordFacts, speaker: Speaker) -> Iterable[Part]:
    if not facts.meetings:
        return
    rows = tuple(_meeting(one, speaker) for one in facts.meetings)
    numbers = (Label.LENGTH, Label.COUNTED)
    columns = heads(speaker, Label.DATE, Label.MEETING, *numbers, numbers=numbers)
    yield Part(speaker.say(LABELS[Label.MEETINGS]), Table(columns, rows))


def _meeting(one: MeetingAttended, speaker: Speaker) -> tuple[Cell, ...]:
    made_up = speaker.say(LABELS[Label.MADE_UP]) if one.made_up else ()
    return (
        Cell(speaker.day(one.day)),
        Cell(speaker.say(lambda: say_meeting_kind(one.kind)), soft=made_up),
        Cell(time_of(one.length, speaker), number=True),
        Cell(time_of(one.minutes, speaker), number=True),
    )


def _rules(facts: RecordFacts, speaker: Speaker) -> Iterable[Part]:
    if not facts.rules:
        return
    yield Part(speaker.say(LABELS[Label.RULES]))
    columns = heads(speaker, Label.RULE, Label.STANDS)
    grouped = any(one.strand is not None for one in facts.rules)
    for strand in (*Strand, None):
        ones = [one for one in facts.rules if one.strand is strand]
        if not ones:
            continue
        words = speaker.say(_strand_words(strand)) if grouped else ()
        rows = tuple(
            (Cell(_by_language(one, stands=False)), Cell(_by_language(one, stands=True))) for one in ones
        )
        yield Part(words, Table(columns, rows), minor=True)


def _strand_words(strand: Strand | None) -> Callable[[], str]:
    return (lambda: str(LABELS[Label.OTHER_RULES])) if strand is None else (lambda: say_strand(strand))


def _by_language(one: RuleMet, *, stands: bool) -> Words:
    """Return a sentence that was frozen in each of the award's languages."""
    found: dict[str, Piece] = {}
    for locale, text in (one.stands if stands else one.said).items():
        if text:
            found.setdefault(text, Piece(text, language_tag(locale), direction(locale)))
    return tuple(found.values())
