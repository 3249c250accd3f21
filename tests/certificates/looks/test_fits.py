"""Told before anything is issued: what would not fit, cheaply and never too hopefully."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certificates.documents.certificate import PageLook, Paper, Signatory
from certificates.documents.layout import lay_out
from certificates.documents.looks.fits import Problem, fits, problems_of
from certificates.documents.looks.keeping import save_look
from certificates.documents.looks.look import Look, Orientation, Signer, Template
from institute.actors import Actor
from institute.i18n import Localised
from institute.people.models import Institute
from tests.certificates.documents.conftest import MakeFacts, make_facts  # noqa: F401  (a fixture)
from tests.databases import counted

TITLE = Localised.of({"en": "Certified Leadership Coach, Career level"})
WORDS = st.lists(
    st.sampled_from(["Director", "of", "Certification", "und", "Lernen", "教練", "Huấn"]), min_size=1
)
LONG_NAME = "María del Carmen de la Concepción Fernández-Villaverde y Rui"


def ask(institute: Institute, **given: str | Localised | None) -> list[Problem]:
    """Ask about a certificate that differs from an ordinary one."""
    asked = {"name": LONG_NAME, "locale": "es", "second_locale": "en", "title": TITLE, "level": TITLE} | given
    return fits(institute.id, **asked)  # type: ignore[arg-type]


@pytest.mark.parametrize("template", list(Template))
@pytest.mark.parametrize("orientation", list(Orientation))
def test_an_ordinary_certificate_has_no_problem_in_any_look(
    institute: Institute, system: Actor, template: Template, orientation: Orientation
) -> None:
    signers = (Signer("Dr. Ruth Ellison", Localised.of({"en": "Director of Certification"})),) * 3
    save_look(Look(template=template, orientation=orientation, signers=signers), actor=system)
    assert ask(institute) == []


def test_each_thing_that_does_not_fit_is_named(institute: Institute, system: Actor) -> None:
    assert ask(institute, name="") == [Problem.NAME]
    assert ask(institute, title=Localised.of({"en": "Coach of everything " * 40})) == [Problem.WORDS]
    assert ask(institute, level=Localised.of({"en": "Level \U0001f600"})) == [Problem.WORDS]
    save_look(Look(signers=(Signer("Ann", Localised.of({"en": "Director of " * 12})),)), actor=system)
    assert ask(institute) == [Problem.SIGNATURES]


def test_asking_costs_little(institute: Institute) -> None:
    with counted() as statements:
        ask(institute)
    assert len(statements) <= 5


PAGES = st.fixed_dictionaries(
    {
        "template": st.sampled_from(Template),
        "orientation": st.sampled_from(Orientation),
        "paper": st.sampled_from(Paper),
        "signers": st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=3),
        "title": st.lists(
            st.sampled_from(["Certified", "Instructional", "教練", "Coach,"]), min_size=1, max_size=40
        ),
        "statement": st.text("abcdefgh ", max_size=300),
    }
)


@settings(
    max_examples=14,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(drawn=PAGES)
def test_what_is_let_through_can_be_set(
    make_facts: MakeFacts,  # noqa: F811
    drawn: dict[str, Any],
) -> None:
    facts = make_facts(
        name=LONG_NAME,
        second_name=None,
        second_locale="es",
        paper=drawn["paper"],
        title=Localised.of({"en": " ".join(drawn["title"])}),
        signatories=tuple(
            Signatory(" ".join(name), Localised.of({"en": " ".join(title)}))
            for name, title in drawn["signers"]
        ),
        look=PageLook(
            template=drawn["template"],
            orientation=drawn["orientation"],
            statement=Localised.of({"en": drawn["statement"].strip() or "a"}),
        ),
    )
    if not problems_of(facts, Look()):
        lay_out(facts)
