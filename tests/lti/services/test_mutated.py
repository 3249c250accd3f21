"""Whatever a service answers, the worker meets an error that it knows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lti.services.accounts import Account
from lti.services.connector import PlatformConnector
from lti.services.errors import ServiceError
from lti.services.lineitems import Column, find_or_create
from lti.services.scores import ScorePayload, post_score
from lti.services.tokens import token_for
from tests.lti.services.classroom import ALL_SCOPES, TARGET, Classroom
from tests.lti.services.scripted import Say, ScriptedPlatform

AT = datetime(2026, 11, 22, tzinfo=UTC)
COLUMN = Column("link-segment-1", TARGET, "progress", "Ours", 100)

names = st.sampled_from(
    ["id", "tag", "resourceId", "resourceLinkId", "access_token", "token_type", "expires_in", "label"]
)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from([TARGET, "progress"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names | st.text(), inner, max_size=6),
    max_leaves=12,
)
latin = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f"), max_size=80)
links = st.builds(
    "<{}>; {}={}".format,
    st.sampled_from(["{url}/lineitems?x", "/lineitems", "http://[", "//", "#", "\xe2\x80\x9c"]),
    st.sampled_from(["rel", "REL", "title", ""]),
    st.sampled_from(["next", '"next"', '"', "\xe2\x80\x9cnext\xe2\x80\x9d", ""]) | latin,
)
answers = st.builds(
    Say,
    status=st.sampled_from([200, 201, 204, 302, 304, 400, 401, 403, 404, 409, 410, 415, 422, 429, 500, 503]),
    body=values | st.binary(max_size=60) | st.lists(values, max_size=3),
    headers=st.fixed_dictionaries(
        {},
        optional={
            "Link": links | latin,
            "Retry-After": latin | st.integers().map(str),
            "Content-Type": latin,
        },
    ),
)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(said=st.tuples(answers, answers, answers, answers))
def test_any_answer_of_a_service_is_understood_or_refused(
    scripted: ScriptedPlatform, scripted_classroom: Classroom, said: tuple[Say, Say, Say, Say]
) -> None:
    listed, made, scored, token = said
    connector = PlatformConnector(Account.of(scripted_classroom.registration))
    scripted.tell("GET", "/lineitems", listed)
    scripted.tell("POST", "/lineitems", made)
    scripted.tell("POST", "/item/scores", scored)
    payload = ScorePayload(user_id="somebody", given=1, maximum=2, timestamp=AT, submitted_at=AT)
    scripted.tell("POST", "/token")
    _try(lambda: find_or_create(connector, f"{scripted.url}/lineitems", COLUMN, ALL_SCOPES))
    _try(lambda: post_score(connector, f"{scripted.url}/item", payload))
    scripted.tell("POST", "/token", token)
    _try(lambda: token_for(connector.account, ["unheard-of"], refused="all"))


def _try(act: Any) -> None:
    try:
        act()
    except ServiceError as error:
        assert str(error).startswith(error.code)  # noqa: PT017  (both a result and an error are right)
