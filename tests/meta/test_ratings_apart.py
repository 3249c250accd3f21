"""Coaching and rating stay apart: who coaches, leads or coordinates reads of no rater and no rating, anywhere.

Every address of their areas is opened, with a person of theirs whose scores are held, released, below and appealed.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from certificates.appeals.filing import file_appeal
from certificates.evidence.models import SubmissionId
from courses.loading.institutes import load_institute
from institute.actors import Actor, Role, with_implied
from institute.people.granting import grant_role
from institute.people.models import Person
from tests.browsing import visit
from tests.meta.furnishing.rounds import FIGURE, GIVEN, LEVELS, RATER, WORDS
from tests.meta.test_roles_and_routes import Tenant, _area_rules, _path, _register, _tenant
from tests.samples import SAMPLE

APART = (Role.COACH, Role.MENTOR, Role.FACILITATOR, Role.COORDINATOR)
REASON = "Vergissmeinnicht, sagt die Autorin"
TOLD = (RATER, "Quillfeather", "quill@example.org", WORDS, REASON, FIGURE)


@pytest.fixture
def tenant(app: Flask, session: Session) -> Tenant:
    """The sample with everything that any room furnishes, and an appeal that is being read."""
    here = load_institute(SAMPLE)
    _register(app, "valley")
    session.rollback()
    tenant = _tenant(session, here)
    lucia = Actor(here, tenant.people["lucia"], frozenset({Role.PARTICIPANT}), place=tenant.cohort_id)
    file_appeal(SubmissionId(int(str(tenant.values["appealed_id"]))), REASON, actor=lucia)
    grant_role(tenant.people["grace"], Role.COORDINATOR, actor=Actor(here, None))
    session.rollback()
    return tenant


def texts(data: bytes) -> Iterator[str]:
    """Yield what an answer says, but for the numbers of drawn icons: its own text, and that of whatever it packs."""
    yield re.sub(r"<svg.*?</svg>", "", data.decode("utf-8", "replace"), flags=re.DOTALL)
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for name in packed.namelist():
                yield name
                yield packed.read(name).decode("utf-8", "replace")


def test_no_address_of_coaches_facilitators_or_coordinators_tells_of_raters_or_ratings(
    app: Flask, tenant: Tenant, session: Session
) -> None:
    told, opened = [], 0
    for role in APART:
        key = {Role.COACH: "amina", Role.MENTOR: "amina"}.get(role, "grace")
        person = session.get_one(Person, tenant.people[key])
        visitor = visit(app, person, roles=[role], place=tenant.cohort_id)
        for rule, blueprint in _area_rules(app):
            if "GET" not in (rule.methods or ()) or blueprint.role not in {None, *with_implied([role])}:
                continue
            known = {**dict.fromkeys(rule.arguments, 1), **tenant.values}
            answer = visitor.get(_path(rule, known))
            opened += answer.status_code == 200
            for text in texts(answer.data):
                told += [f"{role} {rule.rule}: {word}" for word in (*TOLD, *LEVELS) if word in text]
    assert opened > 100
    assert told == []


def test_the_same_words_are_there_for_their_author_so_the_walk_looks_for_the_right_ones(
    app: Flask, tenant: Tenant, session: Session
) -> None:
    person = session.get_one(Person, tenant.people["lucia"])
    visitor = visit(app, person, roles=[Role.PARTICIPANT], place=tenant.cohort_id)
    page = visitor.get(f"/participant/scores/{tenant.values['appealed_id']}").text
    assert FIGURE in page
    assert WORDS in page
    assert LEVELS[GIVEN[0] - 1] in page
    assert RATER not in page
    held = visitor.get("/participant/evidence/").text
    assert "Scores released" not in held.partition("held-")[2][:600]
    assert REASON in visitor.get(f"/participant/appeals/{tenant.values['appealed_id']}").text
