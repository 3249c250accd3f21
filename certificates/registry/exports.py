"""The registry as a table that leaves the house: its columns, what each holds, and its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from certificates.awards.models import AwardId
from certificates.awards.proof.addresses import verify_url
from certificates.awards.wording import say_award_status
from certificates.registry.listing import Holding, every_holding, places_of
from certificates.registry.seeking import Criteria, matching, region_of
from certificates.registry.tags import TagHere, tags_on
from certificates.registry.wording import say_tag, say_track
from courses.coaches.languages import say_language
from courses.coaches.profiles import specialty_choices
from courses.cohorts.recipients import confidential_in
from institute import audit
from institute.actors import Actor
from institute.db import transaction
from institute.i18n import LazyText, current_locale, gettext, language_tag, lazy_gettext
from institute.people.models import OrganisationId
from institute.spreadsheets import Cell

_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the export: its name for software, the same in every language, and what it holds."""

    name: str
    meaning: LazyText


COLUMNS: Final = (
    Column(
        "name", lazy_gettext("The name as it stands on the certificate; empty for who stands in no list.")
    ),
    Column("serial", lazy_gettext("The serial on the certificate; empty where the name is.")),
    Column("level", lazy_gettext("The level that was awarded.")),
    Column("track", lazy_gettext("Whose level it is: participants', coaches', trainers' or mentors'.")),
    Column("status", lazy_gettext("Whether it is valid, suspended, revoked, superseded or expired.")),
    Column("issued", lazy_gettext("The day on the certificate, as year-month-day.")),
    Column("valid_until", lazy_gettext("The last day on which it is valid; empty where it does not end.")),
    Column("region", lazy_gettext("The region in which the holder works, as recorded last.")),
    Column("place", lazy_gettext("The agency or site where the holder works, as recorded last.")),
    Column("certificate_languages", lazy_gettext("The languages of the certificate, as tags.")),
    Column("coaching_languages", lazy_gettext("The languages that the holder coaches in.")),
    Column("specialties", lazy_gettext("What the holder knows well as a coach.")),
    Column("tags", lazy_gettext("The institute's own tags, such as a scholarship.")),
    Column("public", lazy_gettext("yes where the holder agrees to stand in the public registry.")),
    Column("address", lazy_gettext("Where anybody can check it; empty where the name is.")),
)


def note_taken_out(criteria: Criteria, kind: str, *, actor: Actor) -> None:
    """Note who took the list out of the house, and what was looked for beside a name."""
    details = {name: value for name, value in criteria.query.items() if name != "q"}
    with transaction():
        audit.record(
            "registry.taken-out",
            actor=actor,
            subject=("institute", actor.institute_id),
            details={"kind": kind, **details},
        )


def export_header() -> list[str]:
    """Return the names of the columns."""
    return [column.name for column in COLUMNS]


def export_rows(criteria: Criteria, *, actor: Actor) -> Iterator[Sequence[Cell]]:
    """Yield a row for each award that fits, by name."""
    here = actor.institute_id
    places = places_of(here)
    names = {one.id: one.name for one in places}
    by_id = {one.id: one for one in places}
    specialties = {choice.address: choice.title.in_(current_locale()) for choice in specialty_choices(here)}
    hidden = confidential_in(here)

    def region(place_id: OrganisationId | None) -> str:
        found = region_of(place_id, by_id)
        return found.name if found is not None else ""

    holdings = every_holding(matching(criteria, here, places))
    for one, tags in _with_tags(holdings, lambda ids: tags_on(ids, here)[1]):
        known = one.enrolment_id not in hidden
        yield (
            one.name if known else "",
            one.serial if known else "",
            one.level_name.in_(current_locale()),
            say_track(one.track),
            say_award_status(one.status),
            one.issued.isoformat(),
            one.valid_until.isoformat() if one.valid_until else "",
            region(one.place_id),
            names.get(one.place_id, "") if one.place_id is not None else "",
            ", ".join(language_tag(locale) for locale in one.locales),
            ", ".join(say_language(tag) for tag in one.languages),
            ", ".join(specialties.get(address, address) for address in one.specialties),
            ", ".join(say_tag(tag) for tag in tags),
            gettext("yes") if one.listed else gettext("no"),
            verify_url(one.code) if known else "",
        )


def _with_tags(
    holdings: Iterator[Holding],
    find: Callable[[list[AwardId]], Mapping[AwardId, Sequence[TagHere]]],
) -> Iterator[tuple[Holding, Sequence[TagHere]]]:
    part: list[Holding] = []

    def told() -> Iterator[tuple[Holding, Sequence[TagHere]]]:
        carried = find([one.id for one in part])
        yield from ((one, carried.get(one.id, ())) for one in part)

    for holding in holdings:
        part.append(holding)
        if len(part) == _AT_ONCE:
            yield from told()
            part.clear()
    yield from told()
