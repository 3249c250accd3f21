"""The words of transcripts and forms that are always the same."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Final

from institute.i18n import LazyText, lazy_gettext, pgettext


class Label(StrEnum):
    """What there are words for."""

    TRANSCRIPT = "transcript"
    FORM = "form"
    NAME = "name"
    LEVEL = "level"
    AWARDED_AS = "awarded-as"
    PATHWAY = "pathway"
    PROGRAMME = "programme"
    COHORT = "cohort"
    BEGAN = "began"
    SITE = "site"
    SERIAL = "serial"
    ISSUED = "issued"
    VALID_UNTIL = "valid-until"
    CONFIRMED = "confirmed"
    ONE_TO_ONE = "one-to-one"
    HOURS = "hours"
    BY_KIND = "by-kind"
    BY_MODE = "by-mode"
    BY_MONTH = "by-month"
    SESSIONS = "sessions"
    LOGGED = "logged"
    COUNTED = "counted"
    ALL = "all"
    ROUNDED = "rounded"
    MEETINGS = "meetings"
    DATE = "date"
    MEETING = "meeting"
    LENGTH = "length"
    MADE_UP = "made-up"
    MODULES = "modules"
    MODULE = "module"
    STEPS = "steps"
    FIRST = "first"
    LAST = "last"
    EVIDENCE = "evidence"
    PIECE = "piece"
    ACCEPTED = "accepted"
    SCORE = "score"
    COMPETENCIES = "competencies"
    CRITERION = "criterion"
    REACHED = "reached"
    RULES = "rules"
    RULE = "rule"
    STANDS = "stands"
    OTHER_RULES = "other-rules"
    REQUIREMENTS = "requirements"
    REQUIREMENT = "requirement"
    OFFICE = "office"
    HOLDER = "holder"
    EMPLOYER = "employer"
    NAME_LINE = "name-line"
    SIGNATURE_LINE = "signature-line"
    DATE_LINE = "date-line"
    CODE = "code"
    CHECK = "check"


LABELS: Final[dict[Label, LazyText | Callable[[], str]]] = {
    Label.TRANSCRIPT: lazy_gettext("Transcript of hours and competencies"),
    Label.FORM: lazy_gettext("Program Completion Verification Form"),
    Label.NAME: lazy_gettext("Name"),
    Label.LEVEL: lazy_gettext("Level"),
    Label.AWARDED_AS: lazy_gettext("Awarded title"),
    Label.PATHWAY: lazy_gettext("Pathway"),
    Label.PROGRAMME: lazy_gettext("Programme"),
    Label.COHORT: lazy_gettext("Cohort"),
    # Translators: label of the day on which somebody began a programme.
    Label.BEGAN: lazy_gettext("Began on"),
    Label.SITE: lazy_gettext("Place of work"),
    Label.SERIAL: lazy_gettext("Serial of the certificate"),
    Label.ISSUED: lazy_gettext("Issued on"),
    # Translators: label of the last day on which a certificate holds.
    Label.VALID_UNTIL: lazy_gettext("Valid until"),
    Label.CONFIRMED: lazy_gettext("Confirmed coaching"),
    Label.ONE_TO_ONE: lazy_gettext("Of it one-to-one"),
    Label.HOURS: lazy_gettext("Hours of coaching"),
    Label.BY_KIND: lazy_gettext("By kind of session"),
    Label.BY_MODE: lazy_gettext("By way of meeting"),
    Label.BY_MONTH: lazy_gettext("By month"),
    Label.SESSIONS: lazy_gettext("Sessions"),
    Label.LOGGED: lambda: pgettext("minutes", "Logged"),
    Label.COUNTED: lambda: pgettext("minutes", "Counted"),
    # Translators: head of a row of sums.
    Label.ALL: lambda: pgettext("sum", "Total"),
    Label.ROUNDED: lazy_gettext("Rounding and later changes"),
    Label.MEETINGS: lazy_gettext("Meetings"),
    Label.DATE: lazy_gettext("Date"),
    Label.MEETING: lazy_gettext("Meeting"),
    Label.LENGTH: lazy_gettext("Length"),
    Label.MADE_UP: lazy_gettext("made up for"),
    Label.MODULES: lazy_gettext("Modules"),
    Label.MODULE: lazy_gettext("Module"),
    Label.STEPS: lazy_gettext("Steps done"),
    Label.FIRST: lazy_gettext("First step"),
    Label.LAST: lazy_gettext("Last step"),
    Label.EVIDENCE: lazy_gettext("Evidence"),
    Label.PIECE: lazy_gettext("Piece of evidence"),
    Label.ACCEPTED: lazy_gettext("Accepted on"),
    Label.SCORE: lazy_gettext("Score"),
    Label.COMPETENCIES: lazy_gettext("Competencies"),
    Label.CRITERION: lazy_gettext("Criterion"),
    Label.REACHED: lazy_gettext("Level reached"),
    Label.RULES: lazy_gettext("What the level asks for"),
    Label.RULE: lazy_gettext("Rule"),
    # Translators: head of a column: how a rule stood when the certificate was issued.
    Label.STANDS: lazy_gettext("How it was met"),
    Label.OTHER_RULES: lazy_gettext("Further rules"),
    Label.REQUIREMENTS: lazy_gettext("Requirements met"),
    Label.REQUIREMENT: lazy_gettext("Requirement"),
    # Translators: on a form, above the place for the signature of the institute's office.
    Label.OFFICE: lazy_gettext("For the institute"),
    # Translators: on a form, above the place for the signature of whoever completed the programme.
    Label.HOLDER: lazy_gettext("Participant"),
    # Translators: on a form, above the place for the signature of the employer.
    Label.EMPLOYER: lazy_gettext("For the employer"),
    # Translators: on a form, under a line to write a name on.
    Label.NAME_LINE: lazy_gettext("Name and title"),
    # Translators: on a form, under a line to sign on.
    Label.SIGNATURE_LINE: lazy_gettext("Signature"),
    # Translators: on a form, under a line to write a date on.
    Label.DATE_LINE: lazy_gettext("Date of signature"),
    # Translators: read aloud for the picture of a QR code.
    Label.CODE: lazy_gettext("QR code that opens the page on which this certificate can be checked"),
    # Translators: label of the address at which a certificate can be checked.
    Label.CHECK: lazy_gettext("Check it at"),
}
