"""A certificate to look at: with the longest name of the institute's people, so that what fits here fits for all."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from certificates.documents.certificate import CertificateFacts, PageLook, Paper, Signatory
from certificates.documents.fitting import CertificateNameError, check_name
from certificates.documents.looks.look import Look
from certificates.levels.models import Level
from institute.actors import InstituteId
from institute.clock import now
from institute.db import db
from institute.i18n import LOCALES, Localised, pgettext, speaking
from institute.people.models import Institute, Person
from institute.printing import papers

SHORTEST: Final = "María del Carmen Fernández-Villaverde"
LONGEST_ASKED: Final = 8
HOURS: Final = 43 * 60 + 30


def sample_facts(
    look: Look, page: PageLook, signatories: tuple[Signatory, ...], institute_id: InstituteId, locale: str
) -> CertificateFacts:
    """Return the facts of a certificate that nobody holds, in a language and the institute's first."""
    institute = db.session.get_one(Institute, institute_id)
    first = first_language(institute)
    level = db.session.scalars(
        select(Level)
        .where(Level.institute_id == institute_id)
        .order_by(Level.position.desc(), Level.id)
        .limit(1)
    ).first()
    count = db.session.scalar(select(func.max(Level.position)).where(Level.institute_id == institute_id))
    named = level.name if level else _coaching()
    today = now().astimezone(ZoneInfo(institute.timezone)).date()
    return CertificateFacts(
        name=longest_name(institute_id),
        locale=locale,
        second_locale=first if first != locale else None,
        institute=institute.name,
        title=(level.title or level.name) if level else named,
        level=named,
        level_position=level.position if level else 1,
        level_count=max(count or 1, level.position if level else 1),
        rules_version=1,
        minutes=HOURS,
        raters=2,
        issued=today,
        valid_until=today + timedelta(days=3 * 365),
        serial="VALLEY-2026-00418-7",
        verify_address="certificates.example/verify/7Q2K-M9XD-PLW4",
        verify_url="https://certificates.example/verify/7Q2KM9XDPLW4",
        signatories=signatories or (Signatory("Dr. Ruth Ellison", office()),),
        paper=Paper(look.paper or papers.usual_paper(institute.timezone).value),
        look=page,
    )


def first_language(institute: Institute) -> str:
    """Return the language that stands second on certificates in another one."""
    return next((one for one in institute.languages.split() if one in LOCALES), LOCALES[0])


def longest_name(institute_id: InstituteId) -> str:
    """Return the longest name of the institute's people that can be printed; a long one of ours where all are short."""
    names = db.session.scalars(
        select(Person.name)
        .where(Person.institute_id == institute_id)
        .order_by(func.length(Person.name).desc(), Person.id)
        .limit(LONGEST_ASKED)
    )
    for name in names:
        try:
            kept = check_name(name)
        except CertificateNameError:
            continue
        return kept if len(kept) > len(SHORTEST) else SHORTEST
    return SHORTEST


def office() -> Localised:
    """Return the title of whoever issued, in every language."""
    texts = {}
    for locale in LOCALES:
        with speaking(locale):
            # Translators: under the name of whoever issued a certificate.
            texts[locale] = pgettext("certificate", "For the institute")
    return Localised.of(texts)


def _coaching() -> Localised:
    texts = {}
    for locale in LOCALES:
        with speaking(locale):
            # Translators: stands for the name of a level where an institute has none yet.
            texts[locale] = pgettext("sample", "Certified coach")
    return Localised.of(texts)
