"""What stands on a certificate. Frozen: the same facts make the same page, whatever is renamed later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from certificates.documents.looks.look import ACCENT, MOST_SIGNATORIES, PRIMARY, Orientation, Template
from institute.i18n import Localised


class Paper(StrEnum):
    """The sheets a certificate is made for; ``millimetres`` are those of a lying one."""

    A4 = "a4"
    LETTER = "letter"

    @property
    def millimetres(self) -> tuple[float, float]:
        """Width and height."""
        return (297.0, 210.0) if self is Paper.A4 else (279.4, 215.9)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that a page shows: its bytes, its media type, and its width for a height of 1."""

    data: bytes
    media_type: str
    ratio: float


@dataclass(frozen=True, slots=True)
class Signatory:
    """Somebody who answers for the certificate, with the title held when it was issued.

    ``signature`` is a picture of the name as it is signed by hand.
    """

    name: str
    title: Localised
    signature: Picture | None = None


@dataclass(frozen=True, slots=True)
class PageLook:
    """How the page looks. Colours are ``#rrggbb``.

    ``certifies`` stands in the place of "certifies that", ``statement`` is a sentence more below the proof.
    """

    template: Template = Template.CLASSIC
    orientation: Orientation = Orientation.LANDSCAPE
    primary: str = PRIMARY
    accent: str = ACCENT
    logo: Picture | None = None
    certifies: Localised | None = None
    statement: Localised | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFacts:
    """Everything that stands on the page.

    ``locale`` is the holder's language, ``second_locale`` the institute's or None; both may be languages the
    interface does not have: their sentences then fall back. ``second_name`` is the name in the second
    language's script. ``level`` is the level's bare name, ``title`` what the holder may be called.
    ``minutes`` are those that counted; ``raters`` is how many people scored each piece of evidence, at least.
    ``verify_address`` is printed, ``verify_url`` is what the QR code opens. One to three signatories.
    Raises ValueError for facts that no page can show.
    """

    name: str
    locale: str
    institute: Localised
    title: Localised
    level: Localised
    level_position: int
    rules_version: int
    minutes: int
    issued: date
    serial: str
    verify_address: str
    verify_url: str
    signatories: tuple[Signatory, ...]
    level_count: int = 4
    raters: int = 0
    second_locale: str | None = None
    second_name: str | None = None
    valid_until: date | None = None
    paper: Paper = Paper.A4
    look: PageLook = PageLook()

    def __post_init__(self) -> None:
        if not 1 <= self.level_position <= self.level_count:
            raise ValueError(f"there is no level {self.level_position} of {self.level_count}")
        if not 1 <= len(self.signatories) <= MOST_SIGNATORIES:
            raise ValueError("a certificate has one to three signatories")
        if self.minutes < 0 or self.raters < 0 or self.rules_version < 1:
            raise ValueError("minutes, raters and the version of the rules are counts")
        if self.valid_until is not None and self.valid_until < self.issued:
            raise ValueError("a certificate cannot end before it begins")

    @property
    def millimetres(self) -> tuple[float, float]:
        """Width and height of the sheet as it lies or stands."""
        width, height = self.paper.millimetres
        return (width, height) if self.look.orientation is Orientation.LANDSCAPE else (height, width)

    @property
    def locales(self) -> tuple[str, ...]:
        """The languages of the page, the holder's first; one if both are the same."""
        if self.second_locale is None or self.second_locale == self.locale:
            return (self.locale,)
        return (self.locale, self.second_locale)
