"""Whatever can be published comes back exactly, and two who publish at once make two versions or one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from hypothesis import HealthCheck, given, settings
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.catalogue.drafts import ProgrammeContent
from courses.catalogue.models import ProgrammeVersion
from courses.catalogue.publishing import publish_version
from courses.catalogue.reviving import content_of, parts_of
from institute.actors import Actor
from institute.db import db
from tests.courses.packages.contents import contents
from tests.programmes import english, module, programme, segment_draft


@settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(content=contents())
def test_what_is_published_comes_back_exactly(system: Actor, content: ProgrammeContent) -> None:
    version_id = publish_version(content, actor=system)
    db.session.expire_all()
    assert content_of(version_id) == content
    assert publish_version(content_of(version_id), parts=parts_of(version_id), actor=system) == version_id


def test_two_who_publish_at_once_never_make_one_number_twice(
    app: Flask, system: Actor, session: Session
) -> None:
    def publish(number: int) -> None:
        with app.app_context():
            title = english(f"Title {number % 4}")
            publish_version(programme(module(segment_draft(title=title))), actor=system)

    session.rollback()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(publish, range(8)))
    numbers = session.scalars(select(ProgrammeVersion.number).order_by(ProgrammeVersion.number)).all()
    assert numbers == list(range(1, len(numbers) + 1))
    assert 4 <= len(numbers) <= 8
    assert session.scalar(select(func.count(func.distinct(ProgrammeVersion.programme_id)))) == 1
