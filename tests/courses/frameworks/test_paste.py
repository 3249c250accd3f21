"""A paste that is far too large."""

from __future__ import annotations

from courses.frameworks.drafts import FrameworkDraft
from tests.browsing import Visitor


def test_a_paste_of_ten_megabytes_is_refused_and_changes_nothing(
    framework: FrameworkDraft, author: Visitor
) -> None:
    page = "/author/frameworks/practice/elements/naming"
    answer = author.post(page, {"title.en": "Names", "description.en": "x" * 10_000_000, "_revision": "1"})
    assert answer.status_code in {413, 422}
    assert 'name="_revision" value="1"' in author.get(page).text
