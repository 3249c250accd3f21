"""Packages with something wrong, each known by what it is, with the problems that are told."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Callable, Mapping
from typing import Final

from courses.packages import problems

Files = dict[str, bytes]

PROGRAMME: Final = b"""\
format = 1
source_language = "en"
slug = "leadership"
title.en = "Leadership"
title.es = "Liderazgo"
"""
MODULE: Final = b"""\
number = 1
slug = "module-1"
reading_minutes = { min = 0, max = 60 }
coaching_minutes = { min = 60, max = 60 }
title.en = "Core practice"
description.en = "Where it comes from."
"""
SEGMENT: Final = b"""\
number = 1
slug = "segment-1"
reading_minutes = { min = 0, max = 60 }
coaching_minutes = { min = 60, max = 60 }
title.en = "History"

[[activity]]
key = "read"
timing = "before"
kind = "reading"
title.en = "Read it"

[[material]]
key = "sheet"
kind = "template"
title.en = "Sheet"
"""
FOLDER: Final = "module-1/segment-1"
TOML: Final = f"{FOLDER}/segment.toml"
WHOLE: Final[Mapping[str, bytes]] = {
    "programme.toml": PROGRAMME,
    "module-1/module.toml": MODULE,
    TOML: SEGMENT,
    f"{FOLDER}/content.en.md": b"It began early.\n",
    f"{FOLDER}/materials/sheet.en.md": b"Write here.\n",
}


def packed(files: Mapping[str, bytes], *, packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip of files."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", packing) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, packing)
    return data.getvalue()


def changed(name: str, before: bytes, after: bytes) -> bytes:
    """Return the whole package with a piece of one file replaced."""
    assert before in WHOLE[name]
    return packed({**WHOLE, name: WHOLE[name].replace(before, after)})


def without(name: str) -> bytes:
    """Return the package without a file."""
    return packed({other: content for other, content in WHOLE.items() if other != name})


def with_file(name: str, content: bytes = b"x") -> bytes:
    """Return the package with a file more."""
    return packed({**WHOLE, name: content})


def with_segments(*more: tuple[str, bytes]) -> bytes:
    """Return the package with further segments, each waiting for what is said."""
    files = dict(WHOLE)
    for slug, opens in more:
        number = slug.rpartition("-")[2].encode()
        text = SEGMENT.replace(b"segment-1", slug.encode()).replace(b"number = 1", b"number = " + number)
        files[f"module-1/{slug}/segment.toml"] = text.replace(b"\n[[activity]]", opens + b"\n\n[[activity]]")
        files[f"module-1/{slug}/content.en.md"] = b"More.\n"
        files[f"module-1/{slug}/materials/sheet.en.md"] = b"Write here.\n"
    return packed(files)


def as_link() -> bytes:
    """Return the package with a symbolic link to a file of the machine."""
    data = io.BytesIO(packed(WHOLE))
    with zipfile.ZipFile(data, "a") as archive:
        member = zipfile.ZipInfo("module-1/passwords.md")
        member.create_system, member.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(member, "/etc/passwd")
    return data.getvalue()


def renamed_inside(name: str) -> bytes:
    """Return the package with a file whose name the library for zips would not write."""
    placeholder = "x" * len(name.encode())
    return with_file(placeholder).replace(placeholder.encode(), name.encode())


def twice() -> bytes:
    """Return the package with two files of one name."""
    other = TOML.replace("segment-1", "segmEnt-1")
    return with_file(other, b"a = 1").replace(other.encode(), TOML.encode())


def locked() -> bytes:
    """Return the package with the mark of encryption on its files."""
    data = bytearray(packed(WHOLE))
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = -1
        while (place := data.find(sign, place + 1)) >= 0:
            data[place + at] |= 1
    return bytes(data)


def lying(size: int) -> bytes:
    """Return the package where the content's file claims another size than it has."""
    name = f"{FOLDER}/content.en.md"
    text = b"It began early.\n" * 4
    return packed({**WHOLE, name: text}).replace(struct.pack("<L", len(text)), struct.pack("<L", size))


def overlapping() -> bytes:
    """Return a zip whose list names one packed file four hundred times."""
    one = packed({"a": b"0" * 1_000_000})
    start = one.index(b"PK\x01\x02")
    end = one.index(b"PK\x05\x06")
    entry = one[start:end]
    entries = b"".join(
        entry[:-1] + bytes([65 + number % 26]) if number < 26 else entry for number in range(400)
    )
    tail = struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, 400, 400, len(entries), start, 0)
    return one[:start] + entries + tail


def endless_list() -> bytes:
    """Return a zip that says its list of members is four gigabytes long."""
    whole = packed(WHOLE)
    at = whole.rindex(b"PK\x05\x06")
    return whole[: at + 12] + struct.pack("<L", 0xFFFFFFF0) + whole[at + 16 :]


Said = tuple[str, str, int | None, str]  # code, file, line, a piece of the sentence

SPOILT: Final[dict[str, tuple[Callable[[], bytes], Said]]] = {
    "a wrong field": (
        lambda: changed(TOML, b'kind = "reading"', b'kind = "wish"'),
        (problems.VALUE, TOML, 10, "“activity[1].kind” must be one of acknowledgement, reading"),
    ),
    "an unknown key": (
        lambda: changed(TOML, b'title.en = "Read it"', b'titel.en = "Read it"'),
        (problems.UNKNOWN, TOML, 11, "“activity[1].titel” is not a key"),
    ),
    "a key that is missing": (
        lambda: changed(TOML, b'timing = "before"\n', b""),
        (problems.MISSING, TOML, 7, "“activity[1].timing” is missing"),
    ),
    "a number as text": (
        lambda: changed("module-1/module.toml", b"number = 1", b'number = "1"'),
        (problems.VALUE, "module-1/module.toml", 1, "“number” must be a whole number without quotation marks"),
    ),
    "a number that is too large": (
        lambda: changed("module-1/module.toml", b"number = 1", b"number = 1" + b"0" * 30),
        (problems.VALUE, "module-1/module.toml", 1, "“number” must be a whole number from 1"),
    ),
    "a number of a hundred thousand digits": (
        lambda: changed("module-1/module.toml", b"number = 1", b"number = " + b"9" * 100_000),
        (problems.TOML, "module-1/module.toml", None, "This is not TOML"),
    ),
    "a wrong language in a table": (
        lambda: changed("programme.toml", b"title.es", b"title.fr"),
        (problems.LANGUAGE, "programme.toml", 5, "“title.fr” is not one of the languages: en, es"),
    ),
    "a wrong language of a file": (
        lambda: with_file(f"{FOLDER}/content.fr.md"),
        (problems.LANGUAGE, f"{FOLDER}/content.fr.md", None, "“fr” is not one of the languages"),
    ),
    "an unfinished line": (
        lambda: changed("programme.toml", b'"Leadership"', b'"Leadership'),
        (problems.TOML, "programme.toml", 4, "This is not TOML"),
    ),
    "tables within tables without end": (
        lambda: changed("programme.toml", b"format = 1", b"format = " + b"[" * 50_000),
        (problems.DEEP, "programme.toml", 1, "too many tables within tables"),
    ),
    "a NUL in a text": (
        lambda: changed("programme.toml", b'"Liderazgo"', b'"Lid\\u0000erazgo"'),
        (problems.VALUE, "programme.toml", 5, "“title.es” must be a text that every database can hold"),
    ),
    "no programme.toml": (
        lambda: without("programme.toml"),
        (problems.MISSING_FILE, "programme.toml", None, "The file is missing"),
    ),
    "no module.toml": (
        lambda: without("module-1/module.toml"),
        (problems.MISSING_FILE, "module-1/module.toml", None, "The file is missing"),
    ),
    "no content": (
        lambda: without(f"{FOLDER}/content.en.md"),
        (problems.MISSING_FILE, f"{FOLDER}/content.en.md", None, "The file is missing"),
    ),
    "no text of a material": (
        lambda: without(f"{FOLDER}/materials/sheet.en.md"),
        (problems.MISSING_FILE, TOML, 14, f"the file {FOLDER}/materials/sheet.en.md is missing"),
    ),
    "a file that nobody reads": (
        lambda: with_file(f"{FOLDER}/materials/sheets.en.md"),
        (problems.UNREAD, f"{FOLDER}/materials/sheets.en.md", None, "Nothing in the package refers"),
    ),
    "a zip in the zip": (
        lambda: with_file("module-2.zip", packed(WHOLE)),
        (problems.UNREAD, "module-2.zip", None, "Nothing in the package refers"),
    ),
    "a path that goes up": (
        lambda: with_file("../../etc/cron.d/evil.md"),
        (problems.PATH, "../../etc/cron.d/evil.md", None, "The path leads out of the package"),
    ),
    "a path that goes up later": (
        lambda: with_file("module-1/../../evil.md"),
        (problems.PATH, "module-1/../../evil.md", None, "The path leads out"),
    ),
    "an absolute path": (
        lambda: with_file("/etc/evil.md"),
        (problems.PATH, "/etc/evil.md", None, "The path leads out"),
    ),
    "a path on a drive": (
        lambda: with_file("C:/evil.md"),
        (problems.PATH, "C:/evil.md", None, "The path leads out"),
    ),
    "a path with backslashes": (
        lambda: with_file("..\\..\\evil.md"),
        (problems.PATH, "..\\..\\evil.md", None, "The path leads out"),
    ),
    "a path that reads backwards": (
        lambda: with_file("module-1/\u202edm.evil"),
        (problems.PATH, "module-1/\\u202edm.evil", None, "The path leads out"),
    ),
    "a path with a NUL": (
        lambda: renamed_inside("content.en.md\0.exe"),
        (problems.PATH, "content.en.md\\x00.exe", None, "The path leads out"),
    ),
    "a path with dots at its end": (
        lambda: with_file("module-1/evil.../a.md"),
        (problems.PATH, "module-1/evil.../a.md", None, "The path leads out"),
    ),
    "a path that is deep": (
        lambda: with_file("a/" * 30 + "b.md"),
        (problems.PATH, "a/" * 30 + "b.md", None, "The path leads out"),
    ),
    "a link": (as_link, (problems.PATH, "module-1/passwords.md", None, "This is a link or a device")),
    "two names that some systems take for one": (
        lambda: with_file("module-1/Segment-1/SEGMENT.toml", SEGMENT),
        (problems.TWICE, "module-1/Segment-1/SEGMENT.toml", None, "take for the same"),
    ),
    "two names that look alike": (
        lambda: with_file("module-1/segment-1/content.en.\uff4dd"),
        (problems.TWICE, "module-1/segment-1/content.en.\uff4dd", None, "take for the same"),
    ),
    "one name twice": (twice, (problems.TWICE, TOML, None, "Two files have this name")),
    "one slug twice": (
        lambda: packed(
            dict(WHOLE) | {name.replace("/s", "/t", 1): text for name, text in WHOLE.items() if FOLDER in name}
        ),
        (problems.STRUCTURE, "module-1/tegment-1/segment.toml", 2, "The key “segment-1” stands twice"),
    ),
    "one key twice": (
        lambda: changed(TOML, b"\n[[material]]", b'\n[[preparation]]\nkey = "read"\ntitle.en = "A"\n\n[[material]]'),
        (problems.STRUCTURE, TOML, 13, "The key “read” stands twice"),
    ),
    "a name that means nothing": (
        lambda: changed(TOML, b'kind = "reading"', b'kind = "reading"\nmaterial = "sheets"'),
        (problems.STRUCTURE, TOML, 11, "“sheets” names nothing that is here"),
    ),
    "a cycle of prerequisites": (
        lambda: with_segments(
            ("segment-2", b'opens = { after = ["module-1/segment-3"] }'),
            ("segment-3", b'opens = { after = ["module-1/segment-2"] }'),
        ),
        (problems.CYCLE, "module-1/segment-2/segment.toml", 6, "This segment would wait for itself"),
    ),
    "not UTF-8": (
        lambda: changed(f"{FOLDER}/content.en.md", b"early.", b"early.\n\xff\xfe"),
        (problems.TEXT, f"{FOLDER}/content.en.md", 2, "The file is not UTF-8"),
    ),
    "ten megabytes of Markdown": (
        lambda: with_file(f"{FOLDER}/content.es.md", b"Empez\xc3\xb3. " * 1_200_000),
        (problems.LARGE, f"{FOLDER}/content.es.md", None, "The file is larger than 1024 kB"),
    ),
    "a newer format": (
        lambda: changed("programme.toml", b"format = 1", b"format = 2"),
        (problems.FORMAT, "programme.toml", 1, "made by a newer version"),
    ),
    "a resource whose file is missing": (
        lambda: with_file(
            "resources/guide/resource.toml",
            b'key = "guide"\nkind = "document"\ntitle.en = "G"\n[[file]]\nlanguage = "en"\npath = "en.pdf"\n',
        ),
        (problems.MISSING_FILE, "resources/guide/resource.toml", 6, "“file[1].path” names a file that is not there"),
    ),
    "a resource whose file escapes": (
        lambda: with_file(
            "resources/guide/resource.toml",
            b'key = "guide"\nkind = "document"\ntitle.en = "G"\n[[file]]\nlanguage = "en"\npath = "../../a.toml"\n',
        ),
        (problems.MISSING_FILE, "resources/guide/resource.toml", 6, "“file[1].path” names a file that is not there"),
    ),
    "a resource whose file is another": (
        lambda: packed(
            {
                **WHOLE,
                "resources/guide/resource.toml": b'key = "guide"\nkind = "document"\ntitle.en = "G"\n[[file]]\n'
                b'language = "en"\npath = "en.txt"\nsha256 = "' + b"0" * 64 + b'"\n',
                "resources/guide/en.txt": b"Not that one.",
            }
        ),
        (problems.DIGEST, "resources/guide/resource.toml", 7, "The file is not the one"),
    ),
    "no zip": (lambda: b"<html>This is a page</html>" * 100, (problems.ZIP, "", None, "This is not a zip")),
    "nothing": (lambda: b"", (problems.ZIP, "", None, "This is not a zip")),
    "a zip that ends early": (lambda: packed(WHOLE)[:-200], (problems.ZIP, "", None, "its end is missing")),
    "a zip with a password": (locked, (problems.LOCKED, "programme.toml", None, "locked with a password")),
    "a zip packed otherwise": (
        lambda: packed(WHOLE, packing=zipfile.ZIP_LZMA),
        (problems.ZIP, "programme.toml", None, "use Deflate"),
    ),
    "a file that is larger than it says": (
        lambda: lying(3),
        (problems.ZIP, f"{FOLDER}/content.en.md", None, "not of the size that the zip says"),
    ),
    "a file that is smaller than it says": (
        lambda: lying(300_000),
        (problems.ZIP, f"{FOLDER}/content.en.md", None, "not of the size that the zip says"),
    ),
    "a bomb": (
        lambda: with_file("resources/a/en.bin", b"\0" * 30_000_000),
        (problems.SWELLING, "", None, "unpacks to far more than its size"),
    ),
    "a bomb of overlapping files": (overlapping, (problems.SWELLING, "", None, "unpacks to far more")),
    "a bomb of many files": (
        lambda: packed({f"{number}.md": b"" for number in range(20_001)}),
        (problems.SWELLING, "", None, "holds too many files"),
    ),
    "a list without end": (endless_list, (problems.SWELLING, "", None, "holds too many files")),
}  # fmt: skip
