"""Lean fonts for WeasyPrint: faces opened once per process, and subsets that hold the used glyphs alone.

WeasyPrint keeps the numbers of glyphs when it cuts a font down. For a Chinese face that leaves an index of
63,000 empty glyphs, 150 kB and most of a page's time; and each document copies the whole face of 25 MB once more.
Faces whose glyphs are named by number (CID-keyed CFF) need neither: their own table of names keeps the numbers.
"""

from __future__ import annotations

import copy
import struct
from typing import Any, Final

from weasyprint.pdf.fonts import Font
from weasyprint.text.ffi import ffi, harfbuzz, harfbuzz_subset
from weasyprint.text.fonts import get_hb_object_data

DROPPED: Final = (
    b"BASE", b"DSIG", b"GDEF", b"GPOS", b"GSUB", b"VORG", b"VVAR", b"cmap", b"name", b"post", b"vhea", b"vmtx",
)  # fmt: skip

_opened: dict[int, Font] = {}


class LeanFonts(dict[int, Any]):
    """The fonts of one document, by WeasyPrint's key: copies of those that the process opened before."""

    def __contains__(self, key: object) -> bool:
        """Return whether a font is at hand, taking it from those opened before if need be."""
        if super().__contains__(key):
            return True
        if not isinstance(key, int) or key not in _opened:
            return False
        super().__setitem__(key, _fresh(_opened[key]))
        return True

    def __setitem__(self, key: int, font: Any) -> None:
        """Keep a font that was just opened, without its file, and use a copy of it."""
        font.file_content = b""  # 25 MB that the subset is not made from
        _opened[key] = font
        super().__setitem__(key, _fresh(font))


def _fresh(font: Any) -> Any:
    """Return a copy that knows no document yet."""
    copied = copy.copy(font)
    copied.widths, copied.to_unicode, copied.missing = {}, {}, {}
    if "CFF " in copied.tables:
        copied.clean = lambda to_unicode, _hinting: _cut(copied, to_unicode)
    return copied


def _cut(font: Any, to_unicode: dict[int, str]) -> None:
    """Put the used glyphs into ``file_content``. A page's numbers stay valid through the font's charset."""
    wanted = ffi.gc(harfbuzz_subset.hb_subset_input_create_or_fail(), harfbuzz_subset.hb_subset_input_destroy)
    glyphs = harfbuzz_subset.hb_subset_input_glyph_set(wanted)
    used = sorted({0, *to_unicode})
    harfbuzz.hb_set_add_sorted_array(glyphs, ffi.new(f"hb_codepoint_t[{len(used)}]", used), len(used))
    harfbuzz_subset.hb_subset_input_set_flags(
        wanted,
        harfbuzz_subset.HB_SUBSET_FLAGS_NO_HINTING | harfbuzz_subset.HB_SUBSET_FLAGS_DESUBROUTINIZE,
    )
    dropped = harfbuzz_subset.hb_subset_input_set(wanted, harfbuzz_subset.HB_SUBSET_SETS_DROP_TABLE_TAG)
    tags = sorted(harfbuzz.hb_tag_from_string(name, -1) for name in DROPPED)
    harfbuzz.hb_set_add_sorted_array(dropped, ffi.new(f"hb_codepoint_t[{len(tags)}]", tags), len(tags))
    face = ffi.gc(harfbuzz_subset.hb_subset_or_fail(font.hb_face, wanted), harfbuzz.hb_face_destroy)
    content = get_hb_object_data(face) if face else None
    if not content:
        raise ValueError(f"the face {font.family} cannot be cut down to {len(used)} glyphs")
    font.file_content = content


def bare(opentype: bytes) -> bytes:
    """Return the CFF table of an OpenType font: alone, its charset says which glyph a page's number means.

    Inside OpenType some readers take the number for the glyph's place. Raises ValueError if there is no such table.
    """
    (count,) = struct.unpack_from(">H", opentype, 4)
    for at in range(12, 12 + 16 * count, 16):
        tag, _, start, length = struct.unpack_from(">4sLLL", opentype, at)
        if tag == b"CFF ":
            return opentype[start : start + length]
    raise ValueError("an OpenType font without CFF outlines")
