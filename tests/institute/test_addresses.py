"""E-mail addresses: whatever is typed is an address that a mail server can be given, or it is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from institute.messages.addresses import LONGEST_LOCAL, parse_address
from institute.messages.composing import LONGEST_NAME, one_line

PARTS = st.text(alphabet=st.sampled_from('aZ9é用.-_+@ <>"\r\n\x00\u202e\u00df😀'), max_size=80)


@given(st.text(max_size=400) | st.tuples(PARTS, PARTS).map("@".join))
def test_what_is_taken_is_safe_in_a_header_and_reads_back_the_same(text: str) -> None:
    address = parse_address(text)
    if address is None:
        return
    assert str(address).isprintable()
    assert not set(' <>()[],;:"\\\r\n') & set(str(address))
    assert str(address).count("@") == 1
    assert address.domain.isascii()
    assert len(address.local.encode()) <= LONGEST_LOCAL
    assert parse_address(str(address)) == address
    assert str(address).lower() in address.spellings


@pytest.mark.parametrize("local", ["=?utf-8?q?a=2C_b?=", "=?utf-8?q?=0aBcc?=", "x=?utf-8?b?YSwgYg==?="])
def test_address_that_a_header_would_show_as_another_is_none(local: str) -> None:
    assert parse_address(f"{local}@example.org") is None


@given(st.from_regex(r"[a-z0-9]{1,20}(\.[a-z0-9]{1,10})?@[a-z]{1,20}\.[a-z]{2,6}", fullmatch=True))
def test_plain_address_is_taken_as_it_is(text: str) -> None:
    assert str(parse_address(text)) == text
    assert str(parse_address(f"  {text}\n")) == text


@given(st.text(max_size=700))
def test_name_in_a_message_is_one_line_without_commands(name: str) -> None:
    line = one_line(name)
    assert len(line) <= LONGEST_NAME
    assert line.splitlines() in ([], [line])
    line.encode()
