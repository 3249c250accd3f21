"""The program completion verification form: what the institute's office confirms and others sign beside it."""

from __future__ import annotations

from certificates.documents.papers.facts import EvidenceAccepted, RecordFacts
from certificates.documents.papers.labels import LABELS, Label
from certificates.documents.papers.sheets import Cell, Part, Sheet, SignPlace, Table
from certificates.documents.papers.transcript import head_of, heads
from certificates.documents.papers.words import Speaker
from institute.i18n import gettext


def form(facts: RecordFacts) -> Sheet:
    """Return the form of an award: who completed which programme, when, with which hours and requirements."""
    speaker = Speaker(facts.languages)
    columns = heads(speaker, Label.REQUIREMENT, Label.DATE)
    rows = tuple(_requirement(one, speaker) for one in facts.evidence)
    parts = []
    if rows:
        parts.append(Part(speaker.say(LABELS[Label.REQUIREMENTS]), Table(columns, rows)))
    return Sheet(
        title=speaker.say(LABELS[Label.FORM]),
        intro=speaker.say(_confirmed),
        facts=head_of(facts, speaker),
        parts=tuple(parts),
        places=_places(facts, speaker),
        closing=(speaker.say(_signed),),
    )


def _confirmed() -> str:
    return gettext(
        "The institute confirms that the person named here completed the programme named here, with the hours and "
        "requirements that stand below."
    )


def _signed() -> str:
    return gettext(
        "The institute signed this file electronically. Whoever needs a signature by hand signs the printed form."
    )


def _requirement(one: EvidenceAccepted, speaker: Speaker) -> tuple[Cell, ...]:
    return Cell(speaker.content(one.title)), Cell(speaker.day(one.day) if one.day else ())


def _places(facts: RecordFacts, speaker: Speaker) -> tuple[SignPlace, ...]:
    """Return where to sign: the office, the person, the employer."""
    first = facts.signatories[0]
    return (
        SignPlace(speaker.say(LABELS[Label.OFFICE]), speaker.name(first.name), speaker.content(first.title)),
        SignPlace(speaker.say(LABELS[Label.HOLDER]), speaker.name(facts.name)),
        SignPlace(
            speaker.say(LABELS[Label.EMPLOYER]),
            role=speaker.content(facts.site) if facts.site is not None else (),
        ),
    )
