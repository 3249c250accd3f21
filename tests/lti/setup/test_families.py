"""Where a platform stands is read out of whatever address somebody copied; nothing that is typed breaks it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti.platforms.strings import web_address
from lti.setup.families import BY_KEY, base_of, fill


@pytest.mark.parametrize(
    ("typed", "base"),
    [
        ("moodle.example.org", "https://moodle.example.org"),
        ("  https://moodle.example.org/  ", "https://moodle.example.org"),
        ("https://moodle.example.org/course/view.php?id=7#section-2", "https://moodle.example.org"),
        ("https://uni.example/moodle/login/index.php", "https://uni.example/moodle"),
        ("https://uni.example/index.php", "https://uni.example"),
        ("https://canvas.uni.example/accounts/1/settings", "https://canvas.uni.example"),
        ("http://localhost:8080/my/", "http://localhost:8080"),
        ("https://[2001:db8::1]:8443/my/", "https://[2001:db8::1]:8443"),
        ("", None),
        ("not an address", None),
        ("javascript:alert(1)", None),
        ("https://user:word@uni.example/", None),
        ("ftp://uni.example", None),
    ],
)
def test_base_of_an_address(typed: str, base: str | None) -> None:
    assert base_of(typed) == base


@given(st.text(max_size=200))
def test_no_text_breaks_it_and_what_it_returns_is_an_address(typed: str) -> None:
    base = base_of(typed)
    assert base is None or web_address(base) == base


@given(
    st.sampled_from(sorted(BY_KEY)),
    st.from_regex(r"https://[a-z]{1,20}\.example(/[a-z]{1,9})?", fullmatch=True),
)
def test_every_preset_fills_in_whole_addresses_or_none(key: str, base: str) -> None:
    for name, text in fill(BY_KEY[key], base=base, client_id="client").items():
        assert text == "" or web_address(text) == text, name
        assert "{" not in text
