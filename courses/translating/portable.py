"""Texts as a PO file, which every translator's program knows, and such a file read back. Pure.

The context of an entry names the text: ``module-1/segment-2#activities/read/title``; the programme's own texts begin
with ``#``. A translation that is older than its text is marked fuzzy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po, write_po

from courses.authoring.wording import say_path
from courses.catalogue.addresses import PartDraft
from courses.translating.errors import PoLanguageError, PoTooLargeError, PoUnreadableError
from courses.translating.texts import Entry, Line, State, lines_of
from institute.clock import now
from institute.i18n import supported, text_hash

MEDIA_TYPE: Final = "text/x-gettext-translation"
LARGEST: Final = 20 * 1024 * 1024
_BETWEEN: Final = "#"
# Lines of a heading that translators' programs fill in, and that would stand there as examples.
_BLANKS: Final = (
    b'"Project-Id-Version: ',
    b'"Report-Msgid-Bugs-To: ',
    b'"PO-Revision-Date: ',
    b'"Last-Translator: ',
    b'"Language-Team: ',
)
_CHECKED_BY_OTHERS: Final = {"python-format", "python-brace-format"}  # content holds no placeholders


@dataclass(frozen=True, slots=True)
class PoEntry:
    """An entry of a file: the address and path of a text, the source that was translated, and the translation."""

    address: str
    path: str
    source: str
    text: str
    unfinished: bool


def write_texts(parts: Iterable[tuple[str, PartDraft]], locale: str, *, project: str) -> bytes:
    """Return the texts of parts, each with its address, as a PO file for ``locale``."""
    catalogue = Catalog(
        locale=locale,
        project=project,
        header_comment=f"# {project}: {locale}",
        fuzzy=False,
        creation_date=now(),
    )
    for address, draft in parts:
        for line in lines_of(draft, locale):
            message = catalogue.add(
                line.source,
                string=line.text,
                context=f"{address}{_BETWEEN}{line.path}",
                auto_comments=[say_path(line.path)],
                flags=["fuzzy"] if line.state is State.STALE else [],
            )
            message.flags -= _CHECKED_BY_OTHERS
    out = BytesIO()
    write_po(out, catalogue, width=0)
    return b"".join(line for line in out.getvalue().splitlines(keepends=True) if not line.startswith(_BLANKS))


def read_texts(data: bytes, locale: str) -> list[PoEntry]:
    """Return the entries of a PO file that name a text of a programme.

    Raises PoTooLargeError, PoUnreadableError, PoLanguageError where the file says that it is in another language.
    """
    if len(data) > LARGEST:
        raise PoTooLargeError(most=LARGEST // 1024 // 1024)
    try:
        _check_whole(data.decode("utf-8"))
        catalogue = read_po(BytesIO(data.removeprefix(b"\xef\xbb\xbf")), abort_invalid=True)
    except (PoFileError, ValueError, LookupError) as error:
        raise PoUnreadableError from error
    found = catalogue.locale_identifier or ""
    if found and supported(found) != locale:
        raise PoLanguageError(found=found, wanted=locale)
    return [entry for message in catalogue if (entry := _entry(message)) is not None]


def applicable(
    entries: Iterable[PoEntry], lines: Mapping[str, Line]
) -> tuple[dict[str, Entry], dict[str, int]]:
    """Return the translations of one part that say something new, and counts of the others by why they do not.

    A translation of an older text comes in as stale, unless there is a fresh one already.
    """
    new: dict[str, Entry] = {}
    counts = {"same": 0, "unknown": 0, "older": 0}
    for entry in entries:
        line = lines.get(entry.path)
        if line is None:
            counts["unknown"] += 1
            continue
        made_from = text_hash(entry.source)
        fresh = made_from == text_hash(line.source)
        if entry.text == line.text and (line.made_from == made_from or line.state is State.FRESH):
            counts["same"] += 1
        elif not fresh and line.state is State.FRESH:
            counts["older"] += 1
        else:
            new[entry.path] = Entry(entry.text, made_from)
    return new, counts


def _check_whole(text: str) -> None:
    """Raise ValueError for a file that ends in the middle: what reads it would take half a sentence for a whole one."""
    for line in text.splitlines():
        said = line.strip()
        if said and not said.startswith("#") and (len(said) == 1 or not said.endswith('"')):
            raise ValueError("a line does not end where its text ends")


def _entry(message: Message) -> PoEntry | None:
    if not isinstance(message.id, str) or not isinstance(message.string, str) or not message.context:
        return None
    address, between, path = message.context.partition(_BETWEEN)
    if not (message.id and between and path):
        return None
    text = message.string.replace("\x00", "")
    return PoEntry(address, path, message.id, text, unfinished=message.fuzzy or not text.strip())
