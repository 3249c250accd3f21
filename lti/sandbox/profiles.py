"""How real platforms differ from the strict one, as a table: one row for each family."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Profile:
    """The differences that a tool meets at the services. The defaults are the strict platform's."""

    name: str
    page_size: int = 50
    """Rows of one page where the tool names no limit."""
    curly_links: bool = False
    """``rel=“next”`` with typographic quotes and ``&amp;``, as Moodle's line items and results send it."""
    line_item_query: str = ""
    """What follows each line item address, such as ``?type_id=1``."""
    stale_status: int = 409
    equal_is_stale: bool = True
    """Whether a score of the stored second is refused, or only an older one."""
    unknown_person_status: int = 404
    not_enrolled_status: int = 400
    ungradable_status: int = 422
    """The answer to a score for somebody who is no student."""
    scope_status: int = 403
    read_by_name: bool = False
    """Whether reading line items needs ``lineitem.readonly`` by name."""
    media_status: int = 415
    client_status: int = 401
    """The token endpoint's answer to a client that it does not believe."""
    integer_maximum: bool = False


STRICT: Final = Profile("strict")

PROFILES: Final = {
    profile.name: profile
    for profile in (
        STRICT,
        Profile(
            "moodle",
            curly_links=True,
            line_item_query="?type_id=1",
            unknown_person_status=400,
            ungradable_status=400,
            scope_status=401,
            read_by_name=True,
            media_status=400,
            client_status=400,
        ),
        Profile(
            "canvas",
            stale_status=400,
            equal_is_stale=False,
            unknown_person_status=422,
            not_enrolled_status=422,
        ),
        Profile("brightspace", page_size=200, not_enrolled_status=404, ungradable_status=403),
        Profile("blackboard", unknown_person_status=400, ungradable_status=400),
        Profile("openedx", page_size=10, stale_status=400, integer_maximum=True),
    )
}
