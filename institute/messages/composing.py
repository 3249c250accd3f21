"""Writing a message in its reader's language, where there is no request: plain text, and the same as simple HTML."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from flask import render_template
from markupsafe import Markup

from institute.db import db
from institute.i18n import (
    SOURCE_LOCALE,
    LazyText,
    current_locale,
    direction,
    gettext,
    language_tag,
    ngettext,
    speaking,
    supported,
)
from institute.messages.links import make_link
from institute.messages.mail import About, MailKind, SignInTo
from institute.messages.stopping import stop_address
from institute.messages.topics import Topic
from institute.people.models import Institute, Person

LONGEST_NAME: Final = 120
LONGEST_WORDS: Final = 5000
IMPOSING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067")
APART: Final = "\u2068"  # first strong isolate
TOGETHER: Final = "\u2069"  # pop directional isolate
BREAKING: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Action:
    """A link of a message: what it does and where it leads."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in one language. ``sender`` is the institute's name; nothing here is bound to the database.

    ``stop_at`` is the address at which its reader stops such messages, empty where they cannot.
    """

    subject: str
    sender: str
    locale: str
    text: str
    html: str
    stop_at: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """What one wish says to its reader, before its links are made."""

    heading: str
    paragraphs: tuple[str, ...]
    openings: tuple[SignInTo, ...]
    label: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a message under a heading of its own, with its links."""

    heading: str
    paragraphs: tuple[str, ...]
    actions: tuple[Action, ...]


def compose(kind: MailKind, person: Person, about: About) -> Letter | None:
    """Write a message of ``kind`` for a person, or return None if nobody needs it any more.

    Makes the links that it holds, in a transaction of their own, after everything else was read.
    """
    institute = db.session.get_one(Institute, person.institute_id)
    with speaking(locale_of(person, institute)):
        piece = write_piece(kind, person, about)
        if piece is None:
            return None
        greeting = _greeting(person.name)
        sender = institute.name.in_(current_locale())
        actions = _actions(piece.openings, person, piece.label)
        notes = "\n".join(_notes(piece.openings)) if piece.openings else ""
        stop = stop_address(person, [kind.chosen]) if kind.chosen else ""
        paragraphs = [greeting, *piece.paragraphs]
        return lay_out(piece.heading, sender, paragraphs, actions, notes, stop=stop)


def compose_digest(
    subject: LazyText, pieces: Sequence[Callable[[], Piece | None]], person: Person, topics: Sequence[Topic]
) -> Letter | None:
    """Write what has gathered for a person as one message, or return None if nothing of it is needed any more.

    ``pieces`` write one wish each, in the reader's language.
    """
    institute = db.session.get_one(Institute, person.institute_id)
    with speaking(locale_of(person, institute)):
        needed = [piece for write in pieces if (piece := write()) is not None]
        if not needed:
            return None
        greeting, sender = _greeting(person.name), institute.name.in_(current_locale())
        parts = [
            Part(piece.heading, piece.paragraphs, tuple(_actions(piece.openings, person, piece.label)))
            for piece in needed
        ]
        openings = [opening for piece in needed for opening in piece.openings]
        notes = "\n".join(_notes(openings)) if openings else ""
        stop = stop_address(person, topics)
        return lay_out(str(subject), sender, [greeting], [], notes, parts=parts, stop=stop)


def write_piece(kind: MailKind, person: Person, about: About) -> Piece | None:
    """Return what a wish says, in the language spoken, or None if nobody needs it any more."""
    facts = kind.facts(person, about)
    if facts is None:
        return None
    paragraphs = _paragraphs(render_template(kind.template, **facts))
    wanted = kind.sign_in(person, about) if kind.sign_in else ()
    openings = (wanted,) if isinstance(wanted, SignInTo) else tuple(wanted)
    label = str(kind.action) if kind.action else gettext("Open the page")
    return Piece(str(kind.subject), tuple(paragraphs), openings, label)


def locale_of(person: Person, institute: Institute) -> str:
    """Return the language to write to a person in: the one they chose, else the institute's first."""
    wished = (person.locale, *institute.languages.split())
    return next((found for name in wished if (found := supported(name))), SOURCE_LOCALE)


def isolated(words: object) -> str:
    """Return a name or typed words for a sentence of a message: set apart where they are written the other way."""
    plain = one_line(str(words), longest=LONGEST_WORDS)
    against = {"R", "AL"} if direction(current_locale()) == "ltr" else {"L"}
    if any(unicodedata.bidirectional(letter) in against for letter in plain):
        return f"{APART}{plain}{TOGETHER}"
    return plain


def one_line(text: str, *, longest: int = LONGEST_NAME) -> str:
    """Return ``text`` in one line of at most ``longest`` letters, without commands to whatever shows it."""
    return " ".join(_without_commands(text[: 4 * longest], lines=False).split())[:longest]


def _without_commands(text: str, *, lines: bool) -> str:
    """Return ``text`` with spaces for control characters and without directions that it could impose on others.

    ``lines`` keeps line breaks, and the marks by which ``isolated`` set something apart.
    """
    gone = IMPOSING if lines else IMPOSING | {APART, TOGETHER}
    return "".join(
        " " if unicodedata.category(letter) in BREAKING and not (lines and letter == "\n") else letter
        for letter in text
        if letter not in gone
    )


def _greeting(name: str) -> str:
    shown = isolated(one_line(name))
    return gettext("Hello %(name)s,", name=shown) if shown else gettext("Hello,")


def _paragraphs(body: str) -> list[str]:
    """Return the paragraphs of a rendered body, each with its lines stripped."""
    parts = re.split(r"\n\s*\n", _without_commands(body, lines=True).strip())
    return ["\n".join(line.strip() for line in part.splitlines()) for part in parts if part.strip()]


def _actions(openings: Sequence[SignInTo], reader: Person, label: str) -> list[Action]:
    made = []
    for opening in openings:
        person = opening.person or reader
        address = make_link(
            person.id,
            institute_id=person.institute_id,
            roles=opening.roles,
            place=opening.place,
            target=opening.target,
            valid_for=opening.valid_for,
        )
        made.append(Action(one_line(opening.label) or label, address))
    return made


def _notes(openings: Sequence[SignInTo]) -> list[str]:
    """Say how long the links work, the shortest of them, and what then."""
    shortest = min(opening.valid_for for opening in openings)
    if shortest >= 2 * _DAY:
        days = shortest // _DAY
        works = ngettext(
            "A link works once and for %(num)s day.", "A link works once and for %(num)s days.", days
        )
    elif shortest >= 2 * _HOUR:
        hours = shortest // _HOUR
        works = ngettext(
            "A link works once and for %(num)s hour.", "A link works once and for %(num)s hours.", hours
        )
    else:
        minutes = shortest // _MINUTE
        works = ngettext(
            "A link works once and for %(num)s minute.", "A link works once and for %(num)s minutes.", minutes
        )
    return [
        works,
        gettext("After that, its page offers to send you a new one."),
        gettext("Do not pass it on: it signs in as you."),
    ]


def lay_out(
    subject: str,
    sender: str,
    paragraphs: Sequence[str],
    actions: Sequence[Action],
    notes: str,
    *,
    parts: Sequence[Part] = (),
    stop: str = "",
) -> Letter:
    """Return a letter of paragraphs and links, in the language spoken: plain text, and the same as simple HTML.

    ``parts`` stand between paragraphs and links, each under its heading; ``stop`` is where such messages are stopped.
    """
    locale = current_locale()
    closing = isolated(sender)
    footer = gettext("To get such messages otherwise, or not at all:") if stop else ""
    lines = [
        *paragraphs,
        *(line for part in parts for line in _plain(part)),
        *_links(actions),
        *([notes] if notes else []),
        closing,
        *([f"{footer}\n{stop}"] if stop else []),
    ]
    html = render_template(
        "mail/letter.html",
        subject=subject,
        lang=language_tag(locale),
        dir=direction(locale),
        paragraphs=[_broken(part) for part in paragraphs],
        parts=[(part.heading, [_broken(one) for one in part.paragraphs], part.actions) for part in parts],
        actions=actions,
        notes=_broken(notes),
        closing=closing,
        footer=footer,
        stop=stop,
    )
    return Letter(subject, one_line(sender), locale, "\n\n".join(lines) + "\n", html, stop)


def _plain(part: Part) -> list[str]:
    return [f"* {part.heading}", *part.paragraphs, *_links(part.actions)]


def _links(actions: Sequence[Action]) -> list[str]:
    return [f"{action.label}:\n{action.address}" for action in actions]


def _broken(part: str) -> Markup:
    """Return a paragraph as HTML, its lines broken where they are."""
    return Markup("<br>\n").join(part.splitlines())
