"""Whether a certificate would fit its sheet: an estimate from the widths of letters, asked before anything is issued.

It is cautious: what it lets through is laid out well. The worker, which sets the page itself, has the last word.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum
from typing import Final

from certificates.documents.certificate import CertificateFacts, PageLook, Signatory
from certificates.documents.fitting import POINTS_PER_MM, CertificateNameError, check_name
from certificates.documents.looks.keeping import current
from certificates.documents.looks.look import Look, Orientation, Template
from certificates.documents.looks.samples import sample_facts
from certificates.documents.places import Foot, Places, places_of
from certificates.documents.wording import Wording, wording
from institute.actors import InstituteId
from institute.i18n import Localised
from institute.printing.fonts import missing, width

# As the densest setting has it (page/certificate.css, page/plans.css): millimetres, and points of type.
TOPS: Final = {
    (Template.CLASSIC, Orientation.LANDSCAPE): 24.5,
    (Template.CLASSIC, Orientation.PORTRAIT): 30.0,
    (Template.MODERN, Orientation.LANDSCAPE): 16.0,
    (Template.MODERN, Orientation.PORTRAIT): 68.0,
}
LOGO: Final = 18 * 0.6 + 1.5
WRAPPED: Final = 1.12  # a line ends where a word does
LINES_OF_ROLE: Final = 2
LINES_OF_SIGNER: Final = 2


class Problem(StrEnum):
    """What would not fit or could not be drawn."""

    NAME = "name"
    WORDS = "words"
    SIGNATURES = "signatures"


def fits(
    institute_id: InstituteId,
    *,
    name: str,
    locale: str,
    second_locale: str | None,
    title: Localised,
    level: Localised,
) -> list[Problem]:
    """Return what would not fit on a certificate as the institute's documents look now; nothing where all is well."""
    look = current(institute_id)
    page = PageLook(
        template=look.template,
        orientation=look.orientation,
        certifies=look.certifies,
        statement=look.statement,
    )
    signatories = tuple(Signatory(one.name, one.title) for one in look.signers)
    sample = sample_facts(look, page, signatories, institute_id, locale)
    facts = replace(sample, name=name, second_locale=second_locale, title=title, level=level)
    return problems_of(facts, look)


def problems_of(facts: CertificateFacts, look: Look) -> list[Problem]:
    """Return what would not fit on one page. ``look`` says whether a logo takes room."""
    found = []
    try:
        check_name(facts.name)
    except CertificateNameError:
        found.append(Problem.NAME)
    places = places_of(facts)
    texts = [text.in_(locale) for text in (facts.title, facts.level) for locale in facts.locales]
    if missing("".join(texts)) or _height(facts, places, logo=look.logo_id is not None) > places.ceiling:
        found.append(Problem.WORDS)
    if not all(_signs_well(one, facts, places) for one in facts.signatories):
        found.append(Problem.SIGNATURES)
    return found


def _height(facts: CertificateFacts, places: Places, *, logo: bool) -> float:
    """Return how far down the upper part reaches, in millimetres, set as densely as it can be."""
    column = places.column - (20 if places.centred and places.column > 190 else 4)  # noqa: PLR2004
    height = TOPS[facts.look.template, facts.look.orientation] + (LOGO if logo else 0)
    words = [wording(facts.locale, fallback=facts.second_locale or facts.locale)]
    if facts.second_locale and facts.second_locale != facts.locale:
        words.append(wording(facts.second_locale))
    height += 2 * _block(facts.institute.in_(facts.locale), 13, 1.3, column)
    certifies = facts.look.certifies.in_(facts.locale) if facts.look.certifies else words[0].certifies()
    height += 3 + _block(certifies, 10, 1.6, column)
    # Two lines of the largest size that two lines may have, whatever the script, and the name in another one.
    height += 1.5 + 2 * _millimetres(28 * 1.45)
    if facts.second_name:
        height += _block(facts.second_name, 15, 1.4, column)
    for one, points in zip(words, (15, 10), strict=False):
        height += 2 + _block(facts.title.in_(one.locale), points, 1.3, column)
    height += 2 + sum(1.5 + _block(text, 9.3, 1.35, column) for text in _sentences(facts, words))
    return height


def _sentences(facts: CertificateFacts, words: Iterable[Wording]) -> list[str]:
    sentences = [one.proof(facts) for one in words]
    if facts.look.statement:
        sentences += {facts.look.statement.in_(locale) for locale in facts.locales}
    return sentences


def _signs_well(signatory: Signatory, facts: CertificateFacts, places: Places) -> bool:
    """Tell whether a name and a title fit above and below their line."""
    shares = {Foot.ROUND: 0.19, Foot.WIDE: 0.19 if places.centred else 0.23, Foot.TALL: 0.3}
    column = (places.width - 2 * 35 if places.centred else places.column) * shares[places.foot]
    title = signatory.title.in_(facts.locale)
    longest = max((width(word) for word in (*signatory.name.split(), *title.split())), default=0.0)
    if _millimetres(longest * 12) > column:
        return False
    lines = _lines(signatory.name, 12, column), _lines(title, 9, column)
    return lines[0] <= LINES_OF_SIGNER and lines[1] <= LINES_OF_ROLE


def _block(text: str, points: float, leading: float, column: float) -> float:
    """Return how high a text stands, in millimetres."""
    return _lines(text, points, column) * _millimetres(points * leading)


def _lines(text: str, points: float, column: float) -> int:
    return max(1, math.ceil(_millimetres(width(text) * points) * WRAPPED / column))


def _millimetres(points: float) -> float:
    return points / POINTS_PER_MM
