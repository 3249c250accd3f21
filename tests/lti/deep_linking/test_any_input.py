"""Whatever is typed into the picker's form, it answers with a page."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from lti.deep_linking.choosing import code_of, read_choice
from lti.deep_linking.picking import fold
from tests.lti.deep_linking.conftest import MODULE, Picking

Ask = Callable[..., Picking]
NAMES = st.sampled_from(["_i", "_g", "_where", "opens", "due", "q", "_kind", "every", "_once", "x"])
VALUES = st.one_of(
    st.text(max_size=80),
    st.sampled_from(
        ["\0", "9" * 400, "2026-11-30", "9999-12-31", "0001-01-01", code_of(MODULE), f"{code_of(MODULE)}."]
    ),
)
FIELDS = st.lists(st.tuples(NAMES, VALUES), max_size=8)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fields=FIELDS, button=st.sampled_from(["", "/programme"]))
def test_any_form_gets_a_page(ask: Ask, fields: list[tuple[str, str]], button: str) -> None:
    picking = _picking(ask)
    sent: dict[str, list[str]] = {}
    for name, value in fields:
        sent.setdefault(name, []).append(value)
    assert picking.send(to=button, **sent).status_code in {303, 422}
    looked = picking.browser.get(picking.path, query_string=MultiDict(fields))
    assert looked.status_code == 200


@given(fields=FIELDS)
def test_any_form_is_read(fields: list[tuple[str, str]]) -> None:
    choice = read_choice(MultiDict(fields))
    assert len(choice.query) <= 100
    assert fold(fold(choice.query)) == fold(choice.query)


_asked: list[Picking] = []


def _picking(ask: Ask) -> Picking:
    """Return the one picker of all examples, asked for at the first: a launch costs more than a form."""
    if not _asked:
        _asked.append(ask())
    return _asked[0]
