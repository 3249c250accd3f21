"""A programme goes into a package and comes out as it was."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from flask import Flask
from hypothesis import HealthCheck, given, settings

from courses.authoring.publishing import publish
from courses.catalogue.drafts import ProgrammeContent
from courses.commands import SAMPLE
from courses.packages.exporting import Which, export_programme
from courses.packages.importing import bring_in, open_package
from courses.packages.papers import FolderPapers
from courses.packages.plans import renumbered
from courses.packages.reading import read_papers, read_zip
from institute.actors import Actor
from institute.db import transaction
from tests.courses.packages.conftest import as_package
from tests.courses.packages.contents import contents

unhurried = settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))


@unhurried
@given(contents())
def test_any_programme_comes_out_of_its_package_as_it_went_in(content: ProgrammeContent) -> None:
    packed = as_package(content)
    package = read_zip(io.BytesIO(packed))
    assert package.content == content
    assert as_package(package.content) == packed


@unhurried
@given(contents())
def test_a_package_names_no_file_that_some_system_cannot_store(content: ProgrammeContent) -> None:
    names = zipfile.ZipFile(io.BytesIO(as_package(content))).namelist()
    assert len({name.casefold() for name in names}) == len(names)
    assert all(name.isascii() and name.split("/")[-1].split(".")[0] not in {"con", "nul"} for name in names)


def test_the_sample_goes_through_a_package_without_loss(app: Flask) -> None:
    content = read_papers(FolderPapers(SAMPLE / "programmes/leadership")).content
    assert read_zip(io.BytesIO(as_package(content))).content == content


@settings(deadline=None, max_examples=8, suppress_health_check=list(HealthCheck))
@given(content=contents())
def test_any_programme_comes_in_is_published_and_goes_out_as_it_was(
    app: Flask, system: Actor, content: ProgrammeContent
) -> None:
    content = renumbered(content)
    packed = as_package(content)
    with undone():
        bring_in(
            open_package(io.BytesIO(packed), institute_id=system.institute_id),
            take_theirs=False,
            actor=system,
        )
        slug = content.programme.slug
        with export_programme(slug, Which.DRAFT, institute_id=system.institute_id) as drafted:
            assert drafted.read() == packed
        publish(slug, note="", stale_ok=True, actor=system)
        with export_programme(slug, Which.PUBLISHED, institute_id=system.institute_id) as published:
            assert published.read() == packed


@contextmanager
def undone() -> Iterator[None]:
    """Leave nothing behind of what happens inside."""
    with suppress(_UndoneError), transaction():
        yield
        raise _UndoneError


class _UndoneError(Exception):
    """The end of an example."""
