"""Documents of office programs (Open XML and OpenDocument) without the names of who wrote, changed and remarked.

Every text that its author typed stays. Who remarked or changed something becomes "Author 1", "Author 2".
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import BinaryIO, Final

from institute.files.archives import DAMAGE
from institute.files.cleaners import markup
from institute.files.cleaners.faults import UncleanError
from institute.files.cleaners.inner import clean_picture

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_DEEPEST: Final = 3
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_DOCUMENT: Final = "http://schemas.openxmlformats.org/officeDocument/2006"
_META: Final = (
    '<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.2">'
    "<office:meta/></office:document-meta>"
)
# Parts that describe the document, and what says nothing instead.
_DESCRIBES: Final = {
    "docProps/core.xml": f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}"/>',
    "docProps/app.xml": f'{_HEAD}<Properties xmlns="{_DOCUMENT}/extended-properties"/>',
    "docProps/custom.xml": f'{_HEAD}<Properties xmlns="{_DOCUMENT}/custom-properties"/>',
    "meta.xml": f"{_HEAD}{_META}",
}
_INITIALS: Final = frozenset({"initials", "creator-initials", "author-initials"})
_AUTHORS: Final = frozenset({"author", "lastModifiedBy", "userName", "lastEditedBy"})
_ACCOUNTS: Final = frozenset({"userId", "providerId"})
_PEOPLE: Final = frozenset({"name", "displayName"})
_MADE: Final = frozenset({"creator", "initial-creator", "author", "author-name"})
_SENDER: Final = frozenset(
    f"sender-{what}"
    for what in (
        *(
            "firstname",
            "lastname",
            "initials",
            "title",
            "position",
            "email",
            "phone-private",
            "fax",
            "company",
        ),
        *("phone-work", "street", "city", "postal-code", "country", "state-or-province"),
    )
)
_PATHS: Final = frozenset({"descr", "title", "url"})
_ON_A_DISK: Final = re.compile(r"\s*(file:|[A-Za-z]:[\\/]|\\\\|/(Users|home)/)", re.IGNORECASE)
_CORE: Final = re.compile(r"<(?:[\w.-]+:)?coreProperties\b")
_PRINTER: Final = re.compile(r"(<config:config-item\s[^<>]*config:name=\"Printer\w+\"[^<>]*>)[^<]*")
_OLE: Final = b"\xd0\xcf\x11\xe0"
_LISTS_OF_PEOPLE: Final = ("word/people.xml", "ppt/commentAuthors.xml", "ppt/authors.xml", "xl/persons/")


def clean_office(source: BinaryIO, target: BinaryIO) -> None:
    """Write a document that reads the same. Raises UncleanError where it cannot be read."""
    _clean(source, target, depth=1)


def _clean(source: BinaryIO, target: BinaryIO, *, depth: int) -> None:
    if depth > _DEEPEST:
        raise UncleanError("office-depth")
    names = markup.Names()
    try:
        with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
            for part in old.infolist():
                if part.is_dir() or part.filename.startswith("docProps/thumbnail"):
                    continue
                entry = zipfile.ZipInfo(part.filename, _EPOCH)
                entry.compress_type = (
                    zipfile.ZIP_STORED if part.filename == "mimetype" else zipfile.ZIP_DEFLATED
                )
                entry.external_attr = 0o600 << 16
                new.writestr(entry, _part(part.filename, old.read(part), names, depth))
    except (
        *DAMAGE,
        RuntimeError,
        IndexError,
    ) as error:  # for parts that say they are encrypted, or have no name
        raise UncleanError("office-archive") from error


def _part(name: str, data: bytes, names: markup.Names, depth: int) -> bytes:
    """Return a part without what names people."""
    plain_part = _DESCRIBES.get(name) or (_DESCRIBES["meta.xml"] if name.endswith("/meta.xml") else None)
    if plain_part is not None:
        return plain_part.encode()
    if name.startswith("customXml/item") and not name.startswith("customXml/itemProps"):
        return f"{_HEAD}<root/>".encode()
    if data.startswith(_OLE) or name.startswith("Thumbnails/"):
        return b""
    if "/embeddings/" in name and data.startswith(b"PK"):
        target = io.BytesIO()
        _clean(io.BytesIO(data), target, depth=depth + 1)
        return target.getvalue()
    if name.lower().endswith((".xml", ".rels", ".vml", ".psmdcp")):
        return markup.write(_xml(name, markup.read(data), names.plain))
    return clean_picture(data)


def _xml(name: str, text: str, plain: Callable[[str], str]) -> str:
    if name.endswith(".rels"):
        text = _thumbless(text) if "metadata/thumbnail" in text else text
        return markup.change_attributes(
            text, frozenset({"Target"}), lambda at: "file:///" if _ON_A_DISK.match(at) else at
        )
    if _CORE.search(text[:1000]):
        return _DESCRIBES["docProps/core.xml"]
    text = markup.change_attributes(text, _AUTHORS, plain)
    text = markup.change_attributes(text, _INITIALS, lambda _value: "A")
    text = markup.change_texts(text, _INITIALS, lambda _value: "A")
    text = markup.change_attributes(text, _ACCOUNTS, lambda _value: "")
    text = markup.change_attributes(text, _PATHS, lambda said: "" if _ON_A_DISK.match(said) else said)
    if name.startswith(_LISTS_OF_PEOPLE):
        text = markup.change_attributes(text, _PEOPLE, plain)
    if name == "settings.xml":
        text = _PRINTER.sub(r"\1", text)
    return markup.change_texts(text, _MADE | _SENDER, plain)


def _thumbless(text: str) -> str:
    """Return the list of a package's parts without its picture, which is left out."""
    start = text.find("metadata/thumbnail")
    opening, closing = text.rfind("<", 0, start), text.find(">", start)
    return text[:opening] + text[closing + 1 :]
