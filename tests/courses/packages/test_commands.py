"""The command line takes programmes out and brings them in."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.authoring.shelf import read_content
from courses.catalogue.drafts import ProgrammeContent
from courses.catalogue.models import Programme, ProgrammeVersion
from courses.catalogue.queries import newest_version
from courses.catalogue.reviving import content_of
from courses.packages.reading import read_zip
from institute.actors import Actor
from institute.audit.models import AuditEvent
from institute.files.models import StoredFile
from tests.courses.packages.conftest import as_package
from tests.courses.packages.spoilt import SPOILT, WHOLE, packed
from tests.programmes import english

Run = Callable[..., Result]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package that is right."""
    path = tmp_path / "leadership.zip"
    path.write_bytes(packed(WHOLE))
    return path


def count(session: Session, table: type) -> int:
    """Return how many rows there are."""
    session.rollback()
    return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize("what", SPOILT)
def test_a_spoilt_package_ends_with_status_1_and_every_mistake_on_stderr(
    run: Run, system: Actor, session: Session, tmp_path: Path, what: str
) -> None:
    make, (_code, file, line, piece) = SPOILT[what]
    path = tmp_path / "spoilt.zip"
    path.write_bytes(make())
    result = run("import-package", path)
    assert result.exit_code == 1
    place = f"{file}:{line}: " if line else file
    assert any(one.startswith(place) and piece in one for one in result.stderr.splitlines()), result.stderr
    assert "Traceback" not in result.output
    assert count(session, Programme) == count(session, StoredFile) == 0


def test_a_dry_run_says_what_would_change_and_changes_nothing(
    run: Run, system: Actor, session: Session, package: Path
) -> None:
    result = run("import-package", package, "--dry-run")
    assert result.exit_code == 0, result.output
    assert result.output.splitlines() == [
        "new: leadership",
        "new: module-1",
        "new: module-1/segment-1",
        "texts in en: 8 new, 0 changed, 0 removed",
        "texts in es: 1 new, 0 changed, 0 removed",
        "Nothing was changed: this was a dry run.",
    ]
    assert count(session, Programme) == 0


def test_a_package_comes_into_the_draft_and_with_publish_before_everybody(
    run: Run, system: Actor, session: Session, package: Path
) -> None:
    result = run("import-package", package)
    assert result.output.splitlines()[-1] == "The programme leadership is in the draft."
    assert count(session, ProgrammeVersion) == 0
    result = run("import-package", package, "--publish")
    assert result.output.splitlines() == [
        "Everything is here already.",
        "The programme leadership is published.",
    ]
    assert count(session, ProgrammeVersion) == 1
    version_id = newest_version(system.institute_id, "leadership")
    assert version_id is not None
    assert content_of(version_id) == read_zip(io.BytesIO(package.read_bytes())).content


def test_the_same_package_twice_changes_nothing(
    run: Run, system: Actor, session: Session, package: Path
) -> None:
    run("import-package", package, "--publish")
    before = count(session, AuditEvent), count(session, ProgrammeVersion)
    result = run("import-package", package, "--publish")
    assert "Everything is here already." in result.output
    assert (count(session, AuditEvent), count(session, ProgrammeVersion)) == before


def test_a_programme_is_written_into_a_file(
    run: Run, studied: ProgrammeContent, session: Session, tmp_path: Path
) -> None:
    out = tmp_path / "out.zip"
    result = run("export-package", "leadership", out)
    assert result.output == f"The newest version of leadership is in {out}.\n"
    assert read_zip(io.BytesIO(out.read_bytes())).content == studied
    renamed = replace(studied, programme=replace(studied.programme, title=english("Renamed")))
    (tmp_path / "in.zip").write_bytes(as_package(renamed))
    assert run("import-package", tmp_path / "in.zip").exit_code == 0
    assert read_content(session.scalars(select(Programme.id)).one()) == renamed
    assert run("export-package", "leadership", out).exit_code == 0
    assert read_zip(io.BytesIO(out.read_bytes())).content == studied
    assert "The draft of leadership" in run("export-package", "leadership", out, "--draft").output
    assert read_zip(io.BytesIO(out.read_bytes())).content == renamed


def test_a_core_names_where_it_comes_from(run: Run, studied: ProgrammeContent, tmp_path: Path) -> None:
    out = tmp_path / "out.zip"
    assert run("export-package", "leadership", out, "--as-core").exit_code == 0
    core = read_zip(io.BytesIO(out.read_bytes())).content
    assert core.programme.origin.endswith("/leadership@1")
    assert replace(core, programme=replace(core.programme, origin="")) == studied
    assert run("export-package", "leadership", out, "--as-core", "--draft").exit_code == 2


def test_what_cannot_be_done_is_said_in_a_sentence(run: Run, system: Actor, tmp_path: Path) -> None:
    out = tmp_path / "out.zip"
    result = run("export-package", "leadership", out)
    assert (result.exit_code, result.stderr) == (1, "Error: There is no programme “leadership”.\n")
    assert not out.exists()
    assert run("export-package", "leadership", out, "--institute", "moon").exit_code == 1
    assert run("import-package", tmp_path / "nothing.zip").exit_code == 2
    assert run("import-package", tmp_path).exit_code == 2


def test_a_programme_without_a_version_has_only_a_draft_to_take_out(
    run: Run, system: Actor, package: Path, tmp_path: Path
) -> None:
    run("import-package", package)
    out = tmp_path / "out.zip"
    result = run("export-package", "leadership", out)
    assert result.exit_code == 1
    assert "only its draft can be exported" in result.stderr
    assert run("export-package", "leadership", out, "--draft").exit_code == 0


def test_an_address_that_cannot_be_written_to_is_said(
    run: Run, studied: ProgrammeContent, tmp_path: Path
) -> None:
    result = run("export-package", "leadership", tmp_path / "no" / "out.zip")
    assert result.exit_code == 1
    assert "Traceback" not in result.output
