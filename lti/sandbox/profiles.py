"""How real platforms differ from the strict one, as a table: one row for each family."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Profile:
    """The differences that a tool meets at launches and services. The defaults are the strict platform's."""

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
    accept_status: int = 406
    needs_exact_accept: bool = False
    """The list of line items is given to those alone who accept its media type by name."""
    needs_user_agent: bool = False
    grant_media: str = "application/json"
    """The media type of the token endpoint's answers."""
    pages_results: bool = True
    """Whether ``limit`` is known where results are listed; else it is a 404."""
    fills_empty_grades: bool = False
    """A new maximum of a line item turns empty grades into 0."""
    refuses_at_home: bool = False
    """Most wrong authentication requests end on a page of the platform, which the tool never sees."""
    probes: bool = False
    """The platform looks at the addresses of new links by itself, without anybody signed in."""
    client_status: int = 401
    """The token endpoint's answer to a client that it does not believe."""
    integer_maximum: bool = False
    family: str = "sandbox"
    """What the platform calls its software (product_family_code)."""
    storage_frame: str = ""
    """The frame that keeps data for tools in the browser; empty where the platform has none."""
    notices: bool = False
    accept_types: tuple[str, ...] = ("ltiResourceLink",)
    sends_data: bool = True
    """Whether a deep linking request carries ``data``, which the answer must repeat."""
    breaks_other_types: bool = False
    """Content that was not asked for becomes broken activities instead of a refusal."""
    keeps_labels: bool = True
    """Whether a line item that came with a link keeps its own label, or takes the link's title."""
    keeps_texts: bool = True
    keeps_dates: bool = True
    doubles_custom: bool = False
    """Custom keys arrive as they were given and in lower case."""
    approves: bool = False
    """A tool that registered itself waits until an administrator activates it."""
    gives_deployment: bool = True
    """Whether the answer to a registration names a deployment, or an administrator makes it afterwards."""
    short_roster: bool = False
    """The roster escapes names for HTML and shortens roles."""
    roster_page_size: int | None = None
    """Members of one page of the roster, where that differs."""
    lists_inactive: bool = True
    lists_test_users: bool = True
    differences: bool = True
    copies_loose_columns: bool = True
    longest_history: int | None = None
    """So many ids of a history are sent, and then the word ``truncated``."""


STRICT: Final = Profile("strict", storage_frame="lti_storage", notices=True)

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
            accept_status=400,
            needs_exact_accept=True,
            needs_user_agent=True,
            grant_media="text/html; charset=utf-8",
            pages_results=False,
            fills_empty_grades=True,
            refuses_at_home=True,
            probes=True,
            client_status=400,
            family="moodle",
            sends_data=False,
            breaks_other_types=True,
            keeps_labels=False,
            keeps_dates=False,
            doubles_custom=True,
            approves=True,
            short_roster=True,
            roster_page_size=100_000,
            lists_inactive=False,
            lists_test_users=False,
            differences=False,
        ),
        Profile(
            "canvas",
            stale_status=400,
            equal_is_stale=False,
            unknown_person_status=422,
            not_enrolled_status=422,
            family="canvas",
            storage_frame="post_message_forwarding",
            notices=True,
            accept_types=("link", "ltiResourceLink"),
            keeps_texts=False,
            gives_deployment=False,
            lists_test_users=False,
            differences=False,
            copies_loose_columns=False,
            longest_history=10,
        ),
        Profile(
            "brightspace",
            page_size=200,
            not_enrolled_status=404,
            ungradable_status=403,
            family="desire2learn",
        ),
        Profile("blackboard", unknown_person_status=400, ungradable_status=400, family="BlackboardLearn"),
        Profile("openedx", page_size=10, stale_status=400, integer_maximum=True, family="openedx"),
    )
}
