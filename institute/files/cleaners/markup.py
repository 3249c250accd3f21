"""Values of attributes and texts of elements in the XML of documents, changed without reading it as a tree.

Office programs refer to prefixes of namespaces by name, so that a document written anew from a tree opens damaged.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from institute.files.cleaners.faults import UncleanError

_TAG: Final = re.compile(r"""<[A-Za-z][^<>"']*(?:"[^"]*"[^<>"']*|'[^']*'[^<>"']*)*>""")


class Names:
    """People as a document names them, each with a number instead."""

    def __init__(self, word: str = "Author") -> None:
        self._word = word
        self._known: dict[str, str] = {}

    def plain(self, name: str) -> str:
        """Return what stands for a name."""
        return self._known.setdefault(name, f"{self._word} {len(self._known) + 1}") if name else ""


def read(data: bytes) -> str:
    """Return the text of an XML part. Raises UncleanError where it is in no Unicode."""
    encoding = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UncleanError("xml-encoding") from error


def write(text: str) -> bytes:
    """Return a part's bytes in UTF-8, which its first line then says too."""
    return re.sub(r"(<\?xml[^>]*encoding=)([\"'])[^\"']*\2", r"\1\2UTF-8\2", text, count=1).encode()


def change_attributes(text: str, names: frozenset[str], change: Callable[[str], str]) -> str:
    """Change the values of attributes by their names without prefix, inside tags alone."""
    wanted = re.compile(rf"""(\s(?:[\w.-]+:)?(?:{"|".join(sorted(names))})\s*=\s*)("[^"]*"|'[^']*')""")

    def of_tag(tag: re.Match[str]) -> str:
        return wanted.sub(lambda found: f'{found[1]}"{change(found[2][1:-1])}"', tag[0])

    return _TAG.sub(of_tag, text)


def change_texts(text: str, names: frozenset[str], change: Callable[[str], str]) -> str:
    """Change what stands in elements that hold text alone, by their names without prefix."""
    wanted = re.compile(rf"(<((?:[\w.-]+:)?(?:{'|'.join(sorted(names))}))(?:\s[^<>]*)?>)([^<]*)(</\2\s*>)")
    return wanted.sub(lambda found: found[1] + change(found[3]) + found[4], text)
