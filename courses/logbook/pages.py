"""What the pages of the logbook show: the months of an enrolment, one of them, and how far its document is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from courses.cohorts.models import EnrolmentId
from courses.hours.figures import MonthFigure
from courses.hours.queries import hours_of
from courses.logbook.documents import DocumentHere, Progress, Wish, find_document
from courses.logbook.finding import BookHere, Reach, find_book, read_month, write_month
from courses.logbook.months import MonthLog, month_log, months_signed
from courses.logbook.signing import sign_month
from courses.sessions.models import Side
from institute.actors import Actor
from institute.clock import now
from institute.db import db, transaction
from institute.i18n import OWN_NAMES, direction, language_tag
from institute.people.models import Person
from institute.people.naming import name_or_number
from institute.printing.papers import PAPER_NAMES, Paper, usual_paper

LOOK_AGAIN: Final = 2
LOOK_LATER: Final = 10
LONG: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose pages these are: which enrolments they reach, and which side they sign for."""

    reach: Reach
    side: Side | None


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month in the list of all of them."""

    figure: MonthFigure
    key: str
    signed: frozenset[Side]


@dataclass(frozen=True, slots=True)
class BookPage:
    """All months of an enrolment, the latest first."""

    book: BookHere
    participant_name: str
    months: tuple[MonthRow, ...]


@dataclass(frozen=True, slots=True)
class MonthPage:
    """One month. ``paper`` is the usual one of the cohort's zone."""

    log: MonthLog
    key: str
    papers: tuple[tuple[str, Any], ...]
    paper: Paper


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """How far a month's document is. ``place`` is what addresses of the month are made of, ``which`` the document's."""

    here: DocumentHere
    log: MonthLog
    place: dict[str, Any]
    which: dict[str, Any]
    paper_name: Any
    language_name: str
    tag: str
    dir: str
    slow: bool
    again_in: int


def book_page(enrolment_id: EnrolmentId, *, reader: Reader, actor: Actor) -> BookPage:
    """Return the months of an enrolment. Raises NotFoundError."""
    book = find_book(enrolment_id, None, reach=reader.reach, side=reader.side, actor=actor)
    figures = hours_of(enrolment_id).months
    signed = months_signed(book, figures)
    months = [
        MonthRow(figure, write_month(figure.first_day), signed.get(figure.first_day, frozenset()))
        for figure in reversed(figures)
    ]
    name = db.session.get_one(Person, book.participant_id).name
    return BookPage(book, name_or_number(name, book.participant_id), tuple(months))


def find_month(enrolment_id: EnrolmentId, month: str, *, reader: Reader, actor: Actor) -> MonthLog:
    """Return a month that the actor may read. Raises NotFoundError."""
    first = read_month(month)
    return month_log(find_book(enrolment_id, first, reach=reader.reach, side=reader.side, actor=actor), first)


def month_page(log: MonthLog) -> MonthPage:
    """Return the page of a month."""
    papers = tuple((paper.value, PAPER_NAMES[paper]) for paper in Paper)
    return MonthPage(log, write_month(log.month), papers, usual_paper(log.book.timezone))


def sign(enrolment_id: EnrolmentId, month: str, *, seen: str, reader: Reader, actor: Actor) -> None:
    """Sign a month as it is at this moment. Raises as ``find_month`` and ``sign_month``."""
    with transaction():
        sign_month(find_month(enrolment_id, month, reader=reader, actor=actor), seen=seen, actor=actor)


def document_page(log: MonthLog, wish: Wish) -> DocumentPage:
    """Return how far a month's document is."""
    here = find_document(wish, log)
    slow = here.progress is Progress.WAITING and _waits_long(here)
    place = {"enrolment_id": log.book.enrolment_id, "month": write_month(log.month)}
    return DocumentPage(
        here=here,
        log=log,
        place=place,
        which={**place, "locale": wish.locale, "paper": wish.paper.value},
        paper_name=PAPER_NAMES[wish.paper],
        language_name=OWN_NAMES[wish.locale],
        tag=language_tag(wish.locale),
        dir=direction(wish.locale),
        slow=slow,
        again_in=LOOK_LATER if slow else LOOK_AGAIN,
    )


def _waits_long(here: DocumentHere) -> bool:
    return here.wished_at is not None and now() - here.wished_at > LONG
