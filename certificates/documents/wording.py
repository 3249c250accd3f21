"""The certificate's own sentences in a given language, dates and hours included."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from gettext import NullTranslations

from babel import Locale
from babel.dates import format_date
from babel.support import Translations

from certificates.documents.certificate import CertificateFacts
from institute.i18n import LOCALES, SOURCE_LOCALE, direction, language_tag, supported
from institute.paths import ROOT


class Wording:
    """The words of one language. A language without words of ours is answered in the fallback's."""

    def __init__(self, locale: str, words: NullTranslations) -> None:
        self.locale = locale
        self.tag = language_tag(locale)
        self.direction = direction(locale)
        self._words = words

    def certifies(self) -> str:
        """Return what stands between the institute's name and the holder's."""
        # Translators: on a certificate, between the institute's name above and the holder's name below.
        return self._words.gettext("certifies that")

    def proof(self, facts: CertificateFacts) -> str:
        """Return the sentence that says what was shown: rules, hours and independent scoring."""
        words = self._words
        if facts.raters > 1 and facts.minutes:
            # Translators: goes on from the holder's name on a certificate. hours is such as "43 hours 30 minutes".
            sentence = words.gettext(
                "has met every rule of the level “%(level)s”, version %(version)s, with %(hours)s of coaching "
                "confirmed by coach and participant, and evidence scored by two independent raters."
            )
        elif facts.raters and facts.minutes:
            # Translators: goes on from the holder's name on a certificate. hours is such as "43 hours 30 minutes".
            sentence = words.gettext(
                "has met every rule of the level “%(level)s”, version %(version)s, with %(hours)s of coaching "
                "confirmed by coach and participant, and evidence scored by an independent rater."
            )
        elif facts.minutes:
            # Translators: goes on from the holder's name on a certificate. hours is such as "43 hours 30 minutes".
            sentence = words.gettext(
                "has met every rule of the level “%(level)s”, version %(version)s, with %(hours)s of coaching "
                "confirmed by coach and participant."
            )
        elif facts.raters > 1:
            # Translators: goes on from the holder's name on a certificate.
            sentence = words.gettext(
                "has met every rule of the level “%(level)s”, version %(version)s, with evidence scored by two "
                "independent raters."
            )
        elif facts.raters:
            # Translators: goes on from the holder's name on a certificate.
            sentence = words.gettext(
                "has met every rule of the level “%(level)s”, version %(version)s, with evidence scored by an "
                "independent rater."
            )
        else:
            # Translators: goes on from the holder's name on a certificate.
            sentence = words.gettext("has met every rule of the level “%(level)s”, version %(version)s.")
        return sentence % {
            "level": facts.level.in_(self.locale),
            "version": facts.rules_version,
            "hours": self.duration(facts.minutes, kept="\u00a0"),
        }

    def criteria(self, facts: CertificateFacts) -> str:
        """Return what had to be shown, as a badge says it."""
        # Translators: criteria of an Open Badge.
        sentence = self._words.gettext(
            "Every rule of the level “%(level)s”, version %(version)s, was met. Coaching counts when coach and "
            "participant both confirmed it."
        )
        return sentence % {"level": facts.level.in_(self.locale), "version": facts.rules_version}

    def confirmed_coaching(self) -> str:
        """Return the name of what was counted."""
        # Translators: name of a result in an Open Badge; its value is a length of time.
        return self._words.gettext("Coaching confirmed by coach and participant")

    def serial(self) -> str:
        """Return the label of the serial."""
        # Translators: label of a certificate's number.
        return self._words.pgettext("certificate", "Serial")

    def issued(self) -> str:
        """Return the label of the day of issue."""
        # Translators: label of the day on which a certificate was issued.
        return self._words.pgettext("certificate", "Issued")

    def valid_until(self) -> str:
        """Return the label of the last day."""
        # Translators: label of the last day on which a certificate holds.
        return self._words.pgettext("certificate", "Valid until")

    def verify(self) -> str:
        """Return what the QR code is for."""
        # Translators: above a QR code and an address, on a certificate.
        return self._words.gettext("Check this certificate")

    def signed(self) -> str:
        """Return what stands under the institute's name in the place of a second signatory."""
        # Translators: under the institute's name on a certificate, where a second signature would stand.
        return self._words.gettext("Signed electronically")

    def signed_by(self, institute: str) -> str:
        """Return what a screen reader says of the electronic signature."""
        # Translators: read aloud for the invisible signature in a PDF document.
        return self._words.gettext("Electronic signature of %(institute)s") % {"institute": institute}

    def heading(self, serial: str) -> str:
        """Return the document's title."""
        # Translators: title of a PDF document; serial is a certificate's number.
        return self._words.gettext("Certificate %(serial)s") % {"serial": serial}

    def day(self, at: date) -> str:
        """Return a day as this language writes it out."""
        return str(format_date(at, "long", locale=self.locale))

    def duration(self, minutes: int, *, kept: str = " ") -> str:
        """Return hours and minutes in words, never as a fraction. ``kept`` stands between a number and its unit."""
        hours, rest = divmod(minutes, 60)
        # Translators: a length of time on a certificate, written out.
        whole = self._words.ngettext("%(number)s hour", "%(number)s hours", hours) % {"number": hours}
        # Translators: a length of time on a certificate, written out.
        part = self._words.ngettext("%(number)s minute", "%(number)s minutes", rest) % {"number": rest}
        whole, part = whole.replace(" ", kept), part.replace(" ", kept)
        if not rest:
            return whole
        if not hours:
            return part
        # Translators: a length of time on a certificate, such as "43 hours 30 minutes".
        return self._words.gettext("%(hours)s %(minutes)s") % {"hours": whole, "minutes": part}


def wording(locale: str, *, fallback: str = SOURCE_LOCALE) -> Wording:
    """Return the words for a language as people and platforms spell it: ours, or those of ``fallback``."""
    for wished in (locale, fallback):
        found = supported(wished)
        if found:
            return _wording(found)
    return _wording(SOURCE_LOCALE)


@lru_cache(maxsize=len(LOCALES))
def _wording(locale: str) -> Wording:
    return Wording(locale, Translations.load(ROOT / "translations", [Locale.parse(locale)]))
