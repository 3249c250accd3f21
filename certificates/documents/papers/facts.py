"""What stands on a transcript and on a form. Plain values: no database, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final

from certificates.documents.certificate import PageLook, Signatory
from certificates.levels.rules import Strand
from courses.meetings.models import MeetingKind
from courses.sessions.models import Kind, Mode
from institute.i18n import SOURCE_LOCALE, Localised, supported
from institute.printing.papers import Paper

USUAL_LOOK: Final = PageLook()


class PaperKind(StrEnum):
    """What is made beside a certificate."""

    TRANSCRIPT = "transcript"
    COMPLETION_FORM = "completion_form"


@dataclass(frozen=True, slots=True)
class HoursOf:
    """Confirmed sessions of a kind, of a way of meeting, or of a month (its first day), in whole minutes."""

    what: Kind | Mode | date
    sessions: int
    logged: int
    counted: int


@dataclass(frozen=True, slots=True)
class MeetingAttended:
    """A meeting that was attended or made up for; ``minutes`` of its ``length`` count."""

    day: date
    kind: MeetingKind
    length: int
    minutes: int
    made_up: bool


@dataclass(frozen=True, slots=True)
class ModuleDone:
    """How far a module is, and between which days its steps were done."""

    number: int
    title: Localised
    done: int
    total: int
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class CriterionReached:
    """A criterion with its exact level; ``above`` is the next level's name where it lies between two.

    ``element`` is what the competency is called that it belongs to.
    """

    title: Localised
    element: Localised | None
    level: Fraction | None
    name: Localised | None
    above: Localised | None = None


@dataclass(frozen=True, slots=True)
class EvidenceAccepted:
    """A piece of evidence that was accepted on a day; ``score`` of ``maximum`` where raters scored it."""

    title: Localised
    day: date | None
    score: Fraction | None = None
    maximum: Fraction | None = None
    raters: int = 0
    criteria: tuple[CriterionReached, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleMet:
    """A rule of the level and how it stood, as sentences by language."""

    strand: Strand | None
    said: Mapping[str, str]
    stands: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFacts:
    """Everything that a transcript or a form says of an award.

    ``locale`` is the holder's language, ``second_locale`` the institute's or None. ``programme`` and ``cohort`` are
    None where the level was reached in another role; ``site`` is where the person works, if that is known. ``minutes``
    are those that the award rests on, whatever the single sessions add up to. ``made`` is the day on which the rest was
    read.
    """

    name: str
    locale: str
    institute: Localised
    level: Localised
    title: Localised
    serial: str
    verify_address: str
    verify_url: str
    issued: date
    signatories: tuple[Signatory, ...]
    minutes: int
    made: date
    paper: Paper = Paper.A4
    look: PageLook = USUAL_LOOK
    footer: Localised | None = None
    second_locale: str | None = None
    valid_until: date | None = None
    pathway: Localised | None = None
    programme: Localised | None = None
    cohort: Localised | None = None
    enrolled: date | None = None
    site: Localised | None = None
    one_to_one: int = 0
    by_kind: tuple[HoursOf, ...] = ()
    by_mode: tuple[HoursOf, ...] = ()
    by_month: tuple[HoursOf, ...] = ()
    meetings: tuple[MeetingAttended, ...] = ()
    modules: tuple[ModuleDone, ...] = ()
    evidence: tuple[EvidenceAccepted, ...] = ()
    rules: tuple[RuleMet, ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the page that we have words in, the holder's first; one if both are the same."""
        wished = (self.locale, self.second_locale or self.locale)
        found = tuple(dict.fromkeys(one for one in map(supported, wished) if one is not None))
        return found or (SOURCE_LOCALE,)
