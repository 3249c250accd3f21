"""Names of files: whatever a device sends, what is stored and sent back can be saved anywhere."""

from __future__ import annotations

import re
import time
import unicodedata
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import parse_options_header

from institute.files.models import LONGEST_NAME
from institute.files.naming import disposition, safe_name

HOSTILE = {
    "../../etc/passwd.txt": "passwd.txt",
    "C:\\Users\\Lucia\\plan.pdf": "plan.pdf",
    "/": "file",
    "..": "file",
    "....": "file",
    "": "file",
    ".htaccess": "htaccess",
    "plan\r\nSet-Cookie: a=b.pdf": "plan Set-Cookie_ a=b.pdf",
    "plan\x00.pdf": "plan.pdf",
    "plan\u202efdp.exe": "planfdp.exe",
    "\u2066plan\u2069.pdf": "plan.pdf",
    'pl"an;.pdf': "pl_an;.pdf",
    "a<b>c:d|e?f*.pdf": "a_b_c_d_e_f_.pdf",
    "CON.pdf": "_CON.pdf",
    "lpt1": "_lpt1",
    "plan.pdf. . .": "plan.pdf",
    "  plan   final .pdf": "plan final.pdf",
    "plan\u200b.pdf": "plan.pdf",
    "تقرير.pdf": "تقرير.pdf",
    "می\u200cخواهم.pdf": "می\u200cخواهم.pdf",
    "計畫.docx": "計畫.docx",
    "e\u0301tude.pdf": "étude.pdf",
}


@pytest.mark.parametrize(("given_name", "kept"), HOSTILE.items(), ids=[ascii(name) for name in HOSTILE])
def test_hostile_name_is_made_safe(given_name: str, kept: str) -> None:
    assert safe_name(given_name) == kept


def test_long_name_keeps_its_ending_and_fits_every_file_system() -> None:
    for letter in ("a", "語", "\u0301", "🙂", "ñ"):
        name = safe_name(letter * 300 + ".pdf", (".pdf",))
        assert name.endswith(".pdf")
        assert len(name) <= LONGEST_NAME
        assert len(name.encode()) <= 200


@given(st.text(max_size=400))
def test_no_name_holds_what_a_system_cannot_save(given_name: str) -> None:
    name = safe_name(given_name)
    assert 0 < len(name) <= LONGEST_NAME
    assert not set(name) & set('/\\<>:"|?*\0')
    assert not name.startswith(".")
    assert name == name.strip(". ")
    kinds = {unicodedata.category(one)[0] for one in name if one not in "\u200c\u200d"}
    assert "C" not in kinds
    assert safe_name(name) == name


@given(st.text(max_size=400), st.booleans())
def test_header_is_ascii_and_says_the_name(given_name: str, inline: bool) -> None:
    header = disposition(given_name, inline=inline)
    assert header.isascii()
    assert header.isprintable()
    kind, options = parse_options_header(header)
    assert kind == ("inline" if inline else "attachment")
    assert options["filename"] == safe_name(given_name)
    plain = re.search(r'; filename="([^"]*)"', header)
    assert plain
    assert plain[1].strip("._ ")
    assert not set(plain[1]) & set('/\\";')
    if "filename*" in header:
        assert unquote(header.rpartition("''")[2]) == safe_name(given_name)


@pytest.mark.parametrize("sign", ["a", "\u0301\u0323", "../"])
def test_a_name_of_half_a_megabyte_costs_no_time(sign: str) -> None:
    given = "plan" + sign * (400_000 // len(sign)) + "n.pdf"
    began = time.process_time()
    assert safe_name(given).endswith(".pdf")
    assert time.process_time() - began < 1
