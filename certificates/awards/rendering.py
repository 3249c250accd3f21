"""The document of an award, made by the worker: whole and once, wherever the worker is killed.

The bytes are kept first; one transaction then records the file and sets it on the award, only where none is set.
Killed before, the job runs again and what was kept is swept away; killed after, there is nothing left to do.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import update

from certificates.awards import addresses
from certificates.awards.issuing import JOB_KIND
from certificates.awards.killpoints import reach
from certificates.awards.models import Award, AwardId
from certificates.documents.certificate import CertificateFacts, Signatory
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
from institute.keys.models import KeyPurpose
from institute.messages import mail
from institute.people.models import Institute

MEDIA_TYPE: Final = "application/pdf"
# What it takes to typeset and sign is large and slow to import: only the worker does, at its first document.
_MAKING: Final = "certificates.documents.making"
_LAYOUT: Final = "certificates.documents.layout"


@dataclass(frozen=True, slots=True)
class Made:
    """A document's bytes and the keys that signed it."""

    pdf: bytes
    document_key: KeyInHand
    badge_key: KeyInHand


def make_document(job: LeasedJob) -> Outcome:
    """Make, keep and attach the document of an award, unless it has one."""
    award = db.session.get(Award, AwardId(int(job.key)))
    if award is None:
        return Dead("award-unknown")
    if award.document_file_id is not None:
        return Done()
    reach("before-document")
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
                badge_key_id=made.badge_key.id,
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
    asked = evidence_asked(award.rule_set_id)
    # How many people scored each piece that the rules ask for: two who scored one each are not two raters of either.
    raters = [len(one["raters"]) for key, one in award.snapshot.get("scores", {}).items() if key in asked]
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
        signatories=(Signatory(award.signatory, _office()),),
    )


def _make(award: Award) -> Made:
    institute = db.session.get_one(Institute, award.institute_id)
    facts = certificate_facts(award)
    badge_key = key_in_use(award.institute_id, KeyPurpose.BADGE)
    document_key = key_in_use(award.institute_id, KeyPurpose.DOCUMENT)
    making: Any = importlib.import_module(_MAKING)
    badge = making.make_credential(
        facts,
        badge_key=badge_key,
        issuer_url=addresses.issuer_url(institute.slug),
        status_url=addresses.status_url(institute.slug),
        status_index=award.status_index,
    )
    pdf = making.make_certificate(facts, document_key=document_key, credential=badge)
    return Made(pdf, document_key, badge_key)


def _office() -> Localised:
    """Return the title of whoever issued, in every language."""
    texts = {}
    for locale in LOCALES:
        with speaking(locale):
            # Translators: under the name of whoever issued a certificate.
            texts[locale] = pgettext("certificate", "For the institute")
    return Localised.of(texts)
