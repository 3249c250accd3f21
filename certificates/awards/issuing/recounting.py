"""What a transcript recounts of an award: what was frozen at issue, and the days and names of what it rests on."""

from __future__ import annotations

import importlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from certificates.awards.issuing.scored import accepted_evidence
from certificates.awards.models import Award
from certificates.awards.proof import addresses
from certificates.documents.certificate import Signatory
from certificates.documents.looks.look import read_look
from certificates.documents.papers.facts import HoursOf, MeetingAttended, ModuleDone, RecordFacts, RuleMet
from certificates.documents.papers.filling import office
from certificates.levels.models import RuleSet
from certificates.levels.rules import STANDARD, read_rules
from courses.catalogue.models import StepId
from courses.catalogue.outlines import Outline
from courses.catalogue.queries import load_outline
from courses.cohorts.assigning import local_day
from courses.cohorts.models import ActivityCompletion, Cohort, Enrolment, EnrolmentId, Recipient
from courses.hours.explaining import explain_enrolment
from courses.meetings.attendance import counted_of
from courses.meetings.models import Meeting
from courses.sessions.models import Kind, Mode, SessionLog
from institute.actors import InstituteId
from institute.db import db
from institute.i18n import Localised
from institute.people.models import Institute, Organisation
from institute.printing.papers import Paper, usual_paper

# Pictures are read by the worker alone.
_PICTURES: Final = "certificates.documents.looks.pictures"
# A session as a row of the figures: its day, its kind, how the two met, minutes logged and minutes that count.
Had = tuple[date, Kind, Mode, int, int]
_BY_KIND: Final[Callable[[Had], Any]] = lambda one: one[1]  # noqa: E731
_BY_MODE: Final[Callable[[Had], Any]] = lambda one: one[2]  # noqa: E731
_BY_MONTH: Final[Callable[[Had], Any]] = lambda one: one[0].replace(day=1)  # noqa: E731


def record_facts(award: Award) -> RecordFacts:
    """Return what the papers of an award say.

    What was decided on is as it was frozen. Sessions are those that the award rests on; meetings and steps those until
    it was issued.
    """
    institute = db.session.get_one(Institute, award.institute_id)
    rules = db.session.get_one(RuleSet, award.rule_set_id)
    zone, look = institute.timezone, read_look(award.look)
    pictures: Any = importlib.import_module(_PICTURES)
    said: dict[str, Any] = {}
    if award.enrolment_id is not None:
        said = _of_enrolment(award, award.enrolment_id)
    return RecordFacts(
        name=award.name_frozen,
        locale=award.locale,
        second_locale=award.second_locale,
        institute=award.institute_name,
        level=award.level_name,
        title=award.title,
        serial=award.serial,
        verify_address=addresses.verify_address(award.code),
        verify_url=addresses.verify_url(award.code),
        issued=local_day(zone, award.issued_at),
        valid_until=local_day(zone, award.valid_until) if award.valid_until is not None else None,
        signatories=pictures.signatories(look, award.institute_id) or (Signatory(award.signatory, office()),),
        minutes=award.minutes,
        one_to_one=int(award.snapshot.get("facts", {}).get("one_to_one", 0)),
        made=local_day(zone),
        paper=Paper(look.paper) if look.paper else usual_paper(zone),
        look=pictures.page_look(look, award.institute_id),
        footer=look.footer,
        pathway=_pathway_of(award, rules),
        meetings=_meetings(award, zone),
        rules=_rules(award, rules),
        **said,
    )


def _of_enrolment(award: Award, enrolment_id: EnrolmentId) -> dict[str, Any]:
    """Return what is there only for somebody who took part in a cohort."""
    enrolment, cohort = db.session.execute(
        select(Enrolment, Cohort)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.id == enrolment_id, Enrolment.institute_id == award.institute_id)
    ).one()
    outline = load_outline(award.institute_id, enrolment.version_id)
    had = _sessions(award, enrolment_id)
    return {
        "programme": outline.title,
        "cohort": cohort.name,
        "enrolled": max(cohort.starts, local_day(cohort.timezone, enrolment.created_at)),
        "site": _site_of(enrolment_id, award.institute_id),
        "by_kind": _summed(had, _BY_KIND, list(Kind)),
        "by_mode": _summed(had, _BY_MODE, list(Mode)),
        "by_month": _summed(had, _BY_MONTH, sorted({_BY_MONTH(one) for one in had})),
        "modules": _modules(award, enrolment_id, outline, cohort.timezone),
        "evidence": accepted_evidence(award, enrolment_id, cohort.timezone),
    }


def _sessions(award: Award, enrolment_id: EnrolmentId) -> list[Had]:
    wanted = [int(one) for one in award.snapshot.get("sessions", [])]
    if not wanted:
        return []
    explained = explain_enrolment(enrolment_id)
    rows = db.session.execute(
        select(
            SessionLog.id, SessionLog.local_day, SessionLog.kind, SessionLog.mode, SessionLog.minutes
        ).where(SessionLog.enrolment_id == enrolment_id, SessionLog.id.in_(wanted))
    )
    return [
        (
            row.local_day,
            row.kind,
            row.mode,
            row.minutes,
            explained[row.id].counted if row.id in explained else 0,
        )
        for row in rows
    ]


def _summed(had: Iterable[Had], of: Callable[[Had], Any], order: list[Any]) -> tuple[HoursOf, ...]:
    """Return the sessions summed up by something of theirs, in an order; what there is none of is left out."""
    groups: Mapping[Any, list[Had]] = defaultdict(list)
    for one in had:
        groups[of(one)].append(one)
    return tuple(
        HoursOf(what, len(ones), sum(one[3] for one in ones), sum(one[4] for one in ones))
        for what in order
        if (ones := groups.get(what))
    )


def _modules(award: Award, enrolment_id: EnrolmentId, outline: Outline, zone: str) -> tuple[ModuleDone, ...]:
    rows = db.session.execute(
        select(ActivityCompletion.step_id, ActivityCompletion.done_at).where(
            ActivityCompletion.enrolment_id == enrolment_id,
            ActivityCompletion.undone_at.is_(None),
            ActivityCompletion.done_at <= award.issued_at,
        )
    )
    done: dict[StepId, datetime] = {row.step_id: row.done_at for row in rows}
    found = []
    for module in outline.modules:
        steps = [step for segment in module.segments for step in segment.steps]
        days = [local_day(zone, done[step]) for step in steps if step in done]
        if days:
            found.append(ModuleDone(module.number, module.title, len(days), len(steps), min(days), max(days)))
    return tuple(found)


def _meetings(award: Award, zone: str) -> tuple[MeetingAttended, ...]:
    counted = counted_of(
        award.person_id, Meeting.institute_id == award.institute_id, Meeting.starts <= award.issued_at
    )
    return tuple(
        MeetingAttended(
            one.starts.astimezone(ZoneInfo(zone)).date(),
            one.kind,
            one.length,
            one.minutes,
            made_up=one.made_up > 0,
        )
        for one in counted.values()
        if one.minutes
    )


def _rules(award: Award, rules: RuleSet) -> tuple[RuleMet, ...]:
    """Return the rules in the words that were frozen, none for an award that has none."""
    words: dict[str, list[list[str]]] = award.snapshot.get("words", {})
    written = rules.renewal if award.supersedes_id is not None and award.edition == 1 else rules.rules
    asked = [rule for rule in read_rules(written) if rule.is_on(award.pathway)]
    most = max(map(len, words.values()), default=0)
    # Where these are others than the words, nobody knows to which strand each belongs.
    strands = [rule.strand for rule in asked] if len(asked) == most else [None] * most
    return tuple(
        RuleMet(
            strand,
            {locale: said[at][0] for locale, said in words.items()},
            {locale: said[at][1] for locale, said in words.items()},
        )
        for at, strand in enumerate(strands)
    )


def _pathway_of(award: Award, rules: RuleSet) -> Localised | None:
    if award.pathway == STANDARD:
        return None
    name = next((one["name"] for one in rules.pathways if one["key"] == award.pathway), None)
    return Localised.of(name["texts"], name["source"]) if name else None


def _site_of(enrolment_id: EnrolmentId, institute_id: InstituteId) -> Localised | None:
    """Return where the person worked last, as far as it was said."""
    return db.session.scalar(
        select(Organisation.name)
        .join(Recipient, Recipient.site_id == Organisation.id)
        .where(Recipient.enrolment_id == enrolment_id, Organisation.institute_id == institute_id)
        .order_by(Recipient.since.desc())
        .limit(1)
    )
