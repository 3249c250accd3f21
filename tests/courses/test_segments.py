"""A participant goes through a segment."""

from __future__ import annotations

from tests.browsing import Visitor

SEGMENT = "/participant/modules/module-1/segment-1"


def test_segment_page_shows_everything_and_never_the_coach_script(participant: Visitor) -> None:
    page = participant.get(SEGMENT)
    text = page.get_data(as_text=True)
    assert page.status_code == 200, text
    print(text)
