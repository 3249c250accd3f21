"""What a specimen of a transcript or a form says: nine months of a coaching that nobody had, whose sums agree."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Final

from certificates.documents.certificate import CertificateFacts
from certificates.documents.papers.facts import EvidenceAccepted, HoursOf, MeetingAttended, RecordFacts
from courses.meetings.models import MeetingKind
from courses.sessions.models import Kind, Mode
from institute.i18n import LOCALES, Localised, gettext, speaking
from institute.printing import papers

# Sessions and minutes; each of the three adds up to the same.
KINDS: Final = {Kind.ONE_TO_ONE: (24, 2160), Kind.GROUP: (3, 270), Kind.OBSERVATION: (3, 180)}
MODES: Final = {Mode.IN_PERSON: (14, 1260), Mode.VIDEO: (13, 1110), Mode.PHONE: (3, 240)}
MONTHS: Final = ((3, 280), (3, 270), (4, 320), (3, 280), (3, 270), (4, 320), (3, 280), (3, 270), (4, 320))
MINUTES: Final = sum(minutes for _, minutes in MONTHS)


def specimen_of(facts: CertificateFacts) -> RecordFacts:
    """Return the record beside the specimen of a certificate."""
    return RecordFacts(
        name=facts.name,
        locale=facts.locale,
        second_locale=facts.second_locale,
        institute=facts.institute,
        level=facts.level,
        title=facts.title,
        serial=facts.serial,
        verify_address=facts.verify_address,
        verify_url=facts.verify_url,
        issued=facts.issued,
        valid_until=facts.valid_until,
        signatories=facts.signatories,
        minutes=MINUTES,
        one_to_one=KINDS[Kind.ONE_TO_ONE][1],
        made=facts.issued,
        paper=papers.Paper(facts.paper.value),
        look=facts.look,
        by_kind=tuple(HoursOf(kind, sessions, time, time) for kind, (sessions, time) in KINDS.items()),
        by_mode=tuple(HoursOf(mode, sessions, time, time) for mode, (sessions, time) in MODES.items()),
        by_month=tuple(
            HoursOf(_month_before(facts.issued, len(MONTHS) - place), sessions, time, time)
            for place, (sessions, time) in enumerate(MONTHS)
        ),
        meetings=(
            MeetingAttended(_month_before(facts.issued, 8), MeetingKind.COHORT, 120, 120, made_up=False),
            MeetingAttended(_month_before(facts.issued, 4), MeetingKind.TRAINING, 180, 180, made_up=True),
        ),
        evidence=(
            EvidenceAccepted(_plan(), _month_before(facts.issued, 1), Fraction(7, 2), Fraction(4), raters=2),
        ),
    )


def _month_before(day: date, count: int) -> date:
    """Return the first day of the month ``count`` months before a day's."""
    month = day.year * 12 + day.month - 1 - count
    return date(month // 12, month % 12 + 1, 1)


def _plan() -> Localised:
    texts = {}
    for locale in LOCALES:
        with speaking(locale):
            texts[locale] = gettext("Individual leadership plan")
    return Localised.of(texts)
