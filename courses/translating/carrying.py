"""A programme's texts taken out for translators' own programs, and brought back."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from courses.authoring.shelf import part_here, read_content, take_up
from courses.catalogue.addresses import each_part
from courses.translating.pages import language_page
from courses.translating.portable import PoEntry, applicable, read_texts, write_texts
from courses.translating.storing import keep_entries
from courses.translating.texts import lines_of
from institute import audit
from institute.actors import Actor
from institute.db import transaction
from institute.i18n import text_hash


@dataclass(frozen=True, slots=True)
class Brought:
    """What a file brought.

    ``kept`` translations are new here; ``stale`` of them were made from an older text; ``same`` were here already;
    ``older`` were left out because there is a fresher one; ``unfinished`` are empty or marked fuzzy; ``unknown`` name
    a text that the programme does not have.
    """

    kept: int
    stale: int
    same: int
    older: int
    unfinished: int
    unknown: int


def take_out(programme_slug: str, locale: str, *, actor: Actor) -> bytes:
    """Return all texts of a programme as it is being written as a PO file.

    Raises PartNotFoundError, LanguageNotFoundError.
    """
    page = language_page(programme_slug, locale, actor=actor)
    content = read_content(take_up(programme_slug, actor=actor))
    return write_texts(each_part(content), page.locale, project=programme_slug)


def bring_back(
    programme_slug: str, locale: str, data: bytes, *, dry_run: bool = False, actor: Actor
) -> Brought:
    """Put the translations of a PO file into a programme; a second time nothing changes. ``dry_run`` only counts.

    Raises PartNotFoundError, LanguageNotFoundError, and what ``read_texts`` raises.
    """
    entries = read_texts(data, locale)
    with transaction():
        language_page(programme_slug, locale, actor=actor)
        programme_id = take_up(programme_slug, actor=actor)
        drafts = dict(each_part(read_content(programme_id)))
        counts: Counter[str] = Counter(unfinished=sum(entry.unfinished for entry in entries))
        grouped: dict[str, list[PoEntry]] = defaultdict(list)
        for entry in entries:
            if not entry.unfinished:
                grouped[entry.address].append(entry)
        for address, members in grouped.items():
            lines = (
                {line.path: line for line in lines_of(drafts[address], locale)} if address in drafts else {}
            )
            new, others = applicable(members, lines)
            counts.update(others)
            counts["kept"] += len(new)
            if new and not dry_run:
                keep_entries(part_here(programme_slug, address, actor=actor), locale, new, actor=actor)
            counts["stale"] += sum(
                one.made_from != text_hash(lines[path].source) for path, one in new.items()
            )
        if counts["kept"] and not dry_run:
            audit.record(
                "programme.translated",
                actor=actor,
                subject=("programme", programme_id),
                institute_id=actor.institute_id,
                details={"language": locale, "texts": counts["kept"]},
            )
    return Brought(*(counts[name] for name in ("kept", "stale", "same", "older", "unfinished", "unknown")))
