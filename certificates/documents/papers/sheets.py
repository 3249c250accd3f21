"""What a paper consists of, whichever it is: facts at its head, parts with tables, places to sign."""

from __future__ import annotations

from dataclasses import dataclass

from certificates.documents.papers.words import Words


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table. A ``number`` stands at the end of its column; ``soft`` is what explains the first words."""

    words: Words
    number: bool = False
    soft: Words = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its heads, its rows (the first cell heads its row), and a row of sums below."""

    heads: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    sums: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A part under a heading. ``lead`` says what stands below; ``minor`` is part of the one before."""

    heading: Words
    table: Table | None = None
    lead: Words = ()
    minor: bool = False


@dataclass(frozen=True, slots=True)
class SignPlace:
    """A place to sign: for whom, and what is filled in already."""

    who: Words
    name: Words = ()
    role: Words = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole paper. ``intro`` stands under its title, ``closing`` at its end."""

    title: Words
    intro: Words
    facts: tuple[tuple[Words, Words], ...]
    parts: tuple[Part, ...]
    places: tuple[SignPlace, ...]
    closing: tuple[Words, ...]
