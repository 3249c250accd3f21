"""What an administrator types about the look of documents: read from a form, with a sentence for each field to mend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from certificates.documents.fitting import CertificateNameError, check_name
from certificates.documents.looks.keeping import current, forget_unused
from certificates.documents.looks.look import (
    ACCENT,
    LEAST_CONTRAST,
    MOST_SIGNATORIES,
    PRIMARY,
    Look,
    Orientation,
    Signer,
    Template,
    contrast_on_white,
    is_colour,
)
from certificates.documents.looks.previews import languages_of, typed_look
from certificates.documents.looks.receiving import Taken
from institute.actors import Actor
from institute.db import db, transaction
from institute.files import storing
from institute.files.models import StoredFileId
from institute.i18n import Localised, gettext
from institute.people.models import Institute
from institute.printing.fonts import missing
from institute.printing.papers import Paper
from institute.web.forms import storable

LONGEST_TITLE: Final = 120
LONGEST_TEXT: Final = 300
LEAST_ACCENT: Final = 3.0  # lines and rings: shapes, not text
Kind = TypeVar("Kind", Template, Orientation)
TEXTS: Final = ("certifies", "statement", "footer")


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as it was read: the look it makes, what was typed into each field, and what is wrong with which."""

    look: Look
    values: Mapping[str, str]
    errors: tuple[tuple[str, str], ...] = ()

    def error(self, name: str) -> str:
        """Return the sentence of a field, empty where it is well."""
        return next((said for where, said in self.errors if where == name), "")


@dataclass(slots=True)
class _Reading:
    """A form while it is read."""

    form: Mapping[str, str]
    taken: Mapping[str, Taken | str]
    languages: list[str]
    actor: Actor
    errors: list[tuple[str, str]] = field(default_factory=list)
    recorded: dict[str, StoredFileId] = field(default_factory=dict)

    def text(self, name: str, most: int) -> str:
        """Return what was typed, on one line; what is too long or cannot be printed is an error."""
        said = " ".join(storable(self.form.get(name, "")).split())
        if len(said) > most:
            self.errors.append((name, gettext("At most %(most)s letters have room here.", most=most)))
            return said[:most]
        if unknown := missing(said):
            self.errors.append(
                (name, gettext("This letter cannot be printed: %(letters)s", letters=unknown[0]))
            )
        return said

    def localised(self, name: str, most: int) -> Localised | None:
        """Return a text in the languages in which it was typed, None in none."""
        texts = {one: self.text(f"{name}-{one}", most) for one in self.languages}
        said = {one: text for one, text in texts.items() if text}
        return Localised.of(said, next(iter(said))) if said else None


def start(actor: Actor) -> Typed:
    """Return the form as it begins: with what was typed last, else with what holds now."""
    look = typed_look(actor) or current(actor.institute_id)
    return Typed(look, values_of(look))


def read_form(form: Mapping[str, str], taken: Mapping[str, Taken | str], *, actor: Actor) -> Typed:
    """Read the form; ``taken`` are the pictures that came with it, or the sentence why one was not taken.

    Pictures that came before and are not taken out stay. New ones are recorded, in the caller's transaction.
    """
    before = typed_look(actor) or current(actor.institute_id)
    reading = _Reading(form, taken, institute_languages(actor), actor)
    look = Look(
        template=_one_of(Template, form.get("template", ""), Template.CLASSIC),
        orientation=_one_of(Orientation, form.get("orientation", ""), Orientation.LANDSCAPE),
        paper=form.get("paper", "") if form.get("paper") in list(Paper) else "",
        primary=_colour(reading, "primary", PRIMARY, LEAST_CONTRAST),
        accent=_colour(reading, "accent", ACCENT, LEAST_ACCENT),
        signers=_signers(reading, before),
    )
    look = replace(
        look,
        certifies=reading.localised("certifies", LONGEST_TEXT),
        statement=reading.localised("statement", LONGEST_TEXT),
        footer=reading.localised("footer", LONGEST_TEXT),
    )
    look = replace(look, logo_id=_picture(reading, "logo", before.logo_id))
    if reading.errors:
        look = _without(look, reading, before)
    return Typed(look, dict(form), tuple(reading.errors))


def _without(look: Look, reading: _Reading, before: Look) -> Look:
    """Return a look without the pictures that came with a refused form, which are chosen again with the next try."""
    came = frozenset(reading.recorded.values())
    forget_unused(came, institute_id=reading.actor.institute_id)
    again = gettext("Choose the file once more.")
    reading.errors += [(name, again) for name in reading.recorded]
    return replace(
        look,
        logo_id=before.logo_id if look.logo_id in came else look.logo_id,
        signers=tuple(replace(one, file_id=None) if one.file_id in came else one for one in look.signers),
    )


def values_of(look: Look) -> dict[str, str]:
    """Return what stands in each field for a look."""
    values = {
        "template": look.template.value,
        "orientation": look.orientation.value,
        "paper": look.paper,
        "primary": look.primary,
        "accent": look.accent,
    }
    for name in TEXTS:
        values |= _written(name, getattr(look, name))
    for number, signer in enumerate(look.signers, start=1):
        values[f"signer-{number}-name"] = signer.name
        values |= _written(f"signer-{number}-title", signer.title)
    return values


def institute_languages(actor: Actor) -> list[str]:
    """Return the languages in which texts are asked for."""
    return languages_of(db.session.get_one(Institute, actor.institute_id))


def _written(name: str, text: Localised | None) -> dict[str, str]:
    return {f"{name}-{locale}": said for locale, said in (text.texts.items() if text else ())}


def _one_of(kinds: type[Kind], text: str, usual: Kind) -> Kind:
    return next((kind for kind in kinds if kind.value == text), usual)


def _colour(reading: _Reading, name: str, usual: str, least: float) -> str:
    typed = reading.form.get(name, "").strip().lower() or usual
    if not is_colour(typed):
        reading.errors.append((name, gettext("Write a colour as # and six digits or letters a to f.")))
        return usual
    contrast = contrast_on_white(typed)
    if contrast < least:
        said = gettext(
            "This colour is too pale on white paper: its contrast is %(contrast)s to 1, at least %(least)s is needed. "
            "Choose a darker one.",
            contrast=f"{contrast:.1f}",
            least=f"{least:.1f}",
        )
        reading.errors.append((name, said))
    return typed


def _signers(reading: _Reading, before: Look) -> tuple[Signer, ...]:
    """Return who signs: rows without a name are left out."""
    signers = []
    for number in range(1, MOST_SIGNATORIES + 1):
        prefix = f"signer-{number}"
        name = reading.text(f"{prefix}-name", LONGEST_TITLE)
        title = reading.localised(f"{prefix}-title", LONGEST_TITLE)
        kept = before.signers[number - 1].file_id if number <= len(before.signers) else None
        file_id = _picture(reading, f"{prefix}-ink", kept)
        if not name:
            if title is not None or f"{prefix}-ink" in reading.taken:
                reading.errors.append((f"{prefix}-name", gettext("Say who signs.")))
            continue
        try:
            check_name(name)
        except CertificateNameError as refused:
            reading.errors.append((f"{prefix}-name", str(refused.text)))
        if title is None:
            first = f"{prefix}-title-{reading.languages[0]}"
            reading.errors.append((first, gettext("Say as what this person signs, such as Director.")))
            continue
        signers.append(Signer(name, title, file_id))
    return tuple(signers)


def _picture(reading: _Reading, name: str, kept: StoredFileId | None) -> StoredFileId | None:
    """Return a picture that came, else the one that was there unless it is to go."""
    came = reading.taken.get(name)
    if isinstance(came, str):
        reading.errors.append((name, came))
    elif came is not None:
        with transaction():
            file_id = storing.record(
                came.blob,
                institute_id=reading.actor.institute_id,
                name=came.name,
                media_type=came.media_type,
                owner_id=None,
            )
        reading.recorded[name] = file_id
        return file_id
    return None if reading.form.get(f"{name}-drop") else kept
