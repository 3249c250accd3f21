"""The document of an award, made by the worker: whole and once, wherever the worker is killed.

The bytes are kept first; one transaction then records the file and sets it on the award, only where none is set.
Killed before, the job runs again and what was kept is swept away; killed after, there is nothing left to do.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import update

from certificates.awards.issuing.badging import badge_for
from certificates.awards.issuing.issuing import JOB_KIND
from certificates.awards.issuing.killpoints import reach
from certificates.awards.issuing.papers import want_papers
from certificates.awards.lifetime.errors import KeyExpiredError
from certificates.awards.lifetime.signing_keys import AWAITS_KEY, require_holding
from certificates.awards.models import Award, AwardId
from certificates.awards.proof import addresses
from certificates.documents.certificate import CertificateFacts, Paper, Signatory
from certificates.documents.looks.look import read_look
from certificates.levels.models import RuleSet
from certificates.levels.queries import evidence_asked
from institute import audit
from institute.actors import Actor
from institute.db import db, transaction
from institute.errors import NotFoundError
from institute.files import storing
from institute.i18n import LOCALES, Localised, pgettext, speaking
from institute.jobs import outbox
from institute.jobs.outbox import LeasedJob
from institute.jobs.worker import Dead, Done, Outcome
from institute.keys.keeping import KeyInHand, key_in_use
from institute.keys.models import InstituteKeyId, KeyPurpose
from institute.messages import mail
from institute.people.models import Institute
from institute.printing.papers import usual_paper

MEDIA_TYPE: Final = "application/pdf"
# What it takes to typeset and sign is large and slow to import: only the worker does, at its first document.
_MAKING: Final = "certificates.documents.making"
_PICTURES: Final = "certificates.documents.looks.pictures"
_LAYOUT: Final = "certificates.documents.layout"


@dataclass(frozen=True, slots=True)
class Made:
    """A document's bytes, the key that signed it, and the one that signed the badge in it."""

    pdf: bytes
    document_key: KeyInHand
    badge_key_id: InstituteKeyId


def make_document(job: LeasedJob) -> Outcome:
    """Make, keep and attach the document of an award, unless it has one."""
    award = db.session.get(Award, AwardId(int(job.key)))
    if award is None:
        return Dead("award-unknown")
    if award.document_file_id is not None:
        return Done()
    reach("before-document")
    try:
        return _make_and_attach(award)
    except KeyExpiredError:
        return AWAITS_KEY


def _make_and_attach(award: Award) -> Outcome:
    layout: Any = importlib.import_module(_LAYOUT)
    try:
        made = _make(award)
    except layout.PageError:
        return Dead("page-unfit")  # the same words would not fit next time either
    reach("after-typesetting")
    award_id, name = award.id, f"{award.serial}.pdf"
    blob = storing.keep(made.pdf)
    reach("after-keeping")
    _attach(award_id, blob, name, made)
    reach("after-attaching")
    return Done()


def _attach(award_id: AwardId, blob: Any, name: str, made: Made) -> None:
    with transaction() as session:
        award = session.get_one(Award, award_id, with_for_update=True)
        if award.document_file_id is not None:
            return  # another worker was faster; its bytes stand
        file_id = storing.record(
            blob, institute_id=award.institute_id, name=name, media_type=MEDIA_TYPE, owner_id=None
        )
        session.execute(
            update(Award)
            .where(Award.id == award_id, Award.document_file_id.is_(None))
            .values(
                document_file_id=file_id,
                document_sha256=blob.sha256,
                document_key_id=made.document_key.id,
                badge_key_id=made.badge_key_id,
            )
        )
        actor = Actor(institute_id=award.institute_id, person_id=None, door="worker")
        audit.record(
            "award.document",
            actor=actor,
            subject=("award", award_id),
            details={"sha256": blob.sha256, "file": file_id},
        )
        mail.tell(
            award.person_id, "certificate.ready", {"award_id": award_id}, institute_id=award.institute_id
        )
        want_papers(award_id)
        reach("inside-attaching")


def try_again(award_id: AwardId, *, actor: Actor) -> None:
    """Wish for the document once more, if there is none. Raises NotFoundError."""
    with transaction() as session:
        award = session.get(Award, award_id)
        if award is None or award.institute_id != actor.institute_id:
            raise NotFoundError
        if award.document_file_id is None:
            outbox.put(kind=JOB_KIND, key=str(award.id))
            audit.record("award.document-wanted", actor=actor, subject=("award", award.id))


def certificate_facts(award: Award) -> CertificateFacts:
    """Return what stands on an award's certificate: what was frozen at issue, and addresses that never change."""
    institute = db.session.get_one(Institute, award.institute_id)
    pictures: Any = importlib.import_module(_PICTURES)
    scores = award.snapshot.get("scores", {})
    asked, look = evidence_asked(award.rule_set_id, scores), read_look(award.look)
    # How many people scored each piece that the rules rest on: two who scored one each are not two raters of either.
    raters = [len(one["raters"]) for key, one in scores.items() if key in asked]
    return CertificateFacts(
        name=award.name_frozen,
        locale=award.locale,
        second_locale=award.second_locale,
        institute=award.institute_name,
        title=award.title,
        level=award.level_name,
        level_position=award.level_position,
        level_count=award.snapshot["level_count"],
        rules_version=db.session.get_one(RuleSet, award.rule_set_id).version,
        minutes=award.minutes,
        raters=min(raters, default=0),
        issued=award.issued_at.astimezone(ZoneInfo(institute.timezone)).date(),
        serial=award.serial,
        verify_address=addresses.verify_address(award.code),
        verify_url=addresses.verify_url(award.code),
        valid_until=_last_day(award.valid_until, institute.timezone),
        paper=Paper(look.paper or usual_paper(institute.timezone).value),
        signatories=pictures.signatories(look, award.institute_id)
        or (Signatory(award.signatory, _office()),),
        look=pictures.page_look(look, award.institute_id),
    )


def _make(award: Award) -> Made:
    facts = certificate_facts(award)
    document_key = key_in_use(award.institute_id, KeyPurpose.DOCUMENT)
    require_holding(document_key.certificate_der)
    # Kept first, so that whenever the certificate is made, it holds the same bytes.
    badge = badge_for(award, facts)
    making: Any = importlib.import_module(_MAKING)
    pdf = making.make_certificate(facts, document_key=document_key, credential=badge.document.encode())
    return Made(pdf, document_key, badge.badge_key_id)


def _last_day(until: datetime | None, timezone: str) -> date | None:
    return until.astimezone(ZoneInfo(timezone)).date() if until is not None else None


def _office() -> Localised:
    """Return the title of whoever issued, in every language."""
    texts = {}
    for locale in LOCALES:
        with speaking(locale):
            # Translators: under the name of whoever issued a certificate.
            texts[locale] = pgettext("certificate", "For the institute")
    return Localised.of(texts)
