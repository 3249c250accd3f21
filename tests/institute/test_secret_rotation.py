"""SECRET_KEY changes: everything that is sealed follows it, or a sentence says what cannot."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from institute import vault
from institute.actors import InstituteId
from institute.audit.models import AuditEvent
from institute.config import former_secret_file, secret_file
from institute.db import Base, db, transaction
from institute.i18n import Localised
from institute.keys.keeping import key_in_use, public_keys
from institute.keys.models import InstituteKey, KeyPurpose
from institute.keys.resealing import ColumnResealed, reseal_everything
from institute.keys.secret import SecretFromEnvironmentError, replace_secret
from institute.people.models import Institute
from lti.platforms.keys import signing_key
from tests.conftest import SECRET
from tests.institute.processes import Start, command

OLD = "the secret key that was there before, long enough"
NEW = "the secret key that is there afterwards, long enough"


@pytest.fixture
def start(start: Start, tmp_path: Path, database: Callable[[], str]) -> Start:
    """Run a process of the tool on the test's database, under the secrets that are given."""
    return partial(start, tmp_path / "data", DATABASE_URL=database())


def _institute() -> InstituteId:
    found = db.session.scalar(select(Institute.id).limit(1))
    if found is not None:
        return found
    with transaction() as session:
        row = Institute(slug="valley", name=Localised.of({"en": "Valley"}), timezone="UTC", languages="en")
        session.add(row)
        session.flush()
        return row.id


def _seal_something() -> tuple[str, str]:
    """Make what is sealed; return the names of an institute's key and of the tool's."""
    return key_in_use(_institute(), KeyPurpose.DOCUMENT).kid, signing_key()[0]


def _opened() -> tuple[str, str]:
    key = key_in_use(_institute(), KeyPurpose.DOCUMENT)
    assert key.private.public_key() is not None
    return key.kid, signing_key()[0]


def test_every_column_that_is_sealed_is_known_to_the_vault(app: Flask) -> None:
    sealed = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if "sealed" in column.name or "encrypted" in column.name
    }
    known = {f"{column.table.name}.{column.name}" for column in vault.sealed_columns()}
    assert known == sealed - {"audit_seal.sealed_at"}


def test_secret_in_the_settings_is_replaced_in_three_steps(start: Start) -> None:
    with start(SECRET_KEY=OLD):
        names = _seal_something()
    with start(SECRET_KEY=NEW, FORMER_SECRET_KEY=OLD) as app:
        assert _opened() == names
        status, told = command(app, "rotate-secret")
        assert status == 0, told
        assert "institute_key.sealed_private: 1 sealed anew, 0 already, 0 cannot be opened." in told
        assert "lti_tool_key.private_pem_encrypted: 1 sealed anew" in told
        assert told.splitlines()[-1].startswith("Nothing needs FORMER_SECRET_KEY any more")
        count = db.session.scalar(
            select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "secret.rotated")
        )
        assert count == 1
        status, told = command(app, "rotate-secret")
        assert (status, "1 already" in told) == (0, True)
    with start(SECRET_KEY=NEW):
        assert _opened() == names
    with start(SECRET_KEY=OLD), pytest.raises(vault.VaultError):
        _opened()


def test_secret_in_its_file_is_replaced_and_the_former_one_forgotten(start: Start, tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    with start() as app:
        names = _seal_something()
        before = secret_file(data_dir).read_text()
        status, told = command(app, "rotate-secret", "--new")
        assert status == 0, told
        assert "Restart the web processes" in told
    assert secret_file(data_dir).read_text() != before == former_secret_file(data_dir).read_text()
    assert {path.stat().st_mode & 0o777 for path in secret_file(data_dir).parent.iterdir()} == {0o600}
    with start() as app:
        assert _opened() == names
        assert command(app, "rotate-secret", "--new")[0] == 1
        status, told = command(app, "rotate-secret")
        assert (status, told.splitlines()[-1]) == (
            0,
            "The former secret key was deleted: nothing needs it any more.",
        )
    assert not former_secret_file(data_dir).exists()
    with start():
        assert _opened() == names


def test_key_of_the_settings_is_not_replaced_by_a_file(start: Start, tmp_path: Path) -> None:
    with start(SECRET_KEY=OLD) as app:
        status, told = command(app, "rotate-secret", "--new")
        assert status == 1
        assert told.startswith("Error: SECRET_KEY comes from the settings")
    with start() as app, pytest.raises(SecretFromEnvironmentError):
        replace_secret(app.extensions["settings"], {"SECRET_KEY": OLD})
    assert not former_secret_file(tmp_path / "data").exists()


@pytest.mark.parametrize("killed_after", ["former was written", "new was written", "values were sealed anew"])
def test_change_that_was_killed_is_taken_up_where_it_was(
    start: Start, tmp_path: Path, killed_after: str
) -> None:
    path, former = secret_file(tmp_path / "data"), former_secret_file(tmp_path / "data")
    with start() as app:
        names = _seal_something()
        before = path.read_text()
        if killed_after != "former was written":
            assert command(app, "rotate-secret", "--new")[0] == 0
        else:
            former.touch(mode=0o600)
            former.write_text(before)
    if killed_after == "values were sealed anew":
        with start():
            assert [column.anew for column in reseal_everything() if column.anew] == [1, 1]
    with start() as app:
        assert _opened() == names
        if killed_after == "former was written":
            assert command(app, "rotate-secret", "--new")[0] == 0
    with start() as app:
        status, told = command(app, "rotate-secret")
        assert status == 0, told
    assert path.read_text() != before
    assert not former.exists()
    with start():
        assert _opened() == names


def test_sealing_anew_is_whole_or_not_at_all(start: Start) -> None:
    def killed_before_the_end() -> None:
        with contextlib.suppress(KeyboardInterrupt), transaction():
            assert sum(column.anew for column in reseal_everything()) == 2
            raise KeyboardInterrupt

    with start(SECRET_KEY=OLD):
        names = _seal_something()
    with start(SECRET_KEY=NEW, FORMER_SECRET_KEY=OLD):
        killed_before_the_end()
    with start(SECRET_KEY=OLD):
        assert _opened() == names


def test_lost_secret_is_a_sentence_and_the_keys_are_replaced(start: Start) -> None:
    with start(SECRET_KEY=OLD):
        kid, tool_kid = _seal_something()
    with start(SECRET_KEY=NEW) as app:
        institute_id = _institute()
        with pytest.raises(vault.VaultError) as refused:
            key_in_use(institute_id, KeyPurpose.DOCUMENT)
        assert refused.value.code == "SEALED"
        assert refused.value.text == "The tool's secret key is not the one that this was sealed with."
        status, told = command(app, "rotate-secret")
        assert status == 1
        assert "institute_key.sealed_private: 0 sealed anew, 0 already, 1 cannot be opened." in told
        assert command(app, "rotate-keys")[0] == 0
        assert command(app, "keys")[0] == 0
        present = key_in_use(institute_id, KeyPurpose.DOCUMENT)
        assert [key.kid for key in public_keys(institute_id)] == [present.kid, kid]
        result = app.test_cli_runner().invoke(args=["lti", "rotate-key"])
        assert result.exit_code == 0, result.output
        assert signing_key()[0] != tool_kid


def test_lost_secret_is_no_unexpected_error_on_a_page(app: Flask, institute: Institute) -> None:
    def sign() -> str:
        return key_in_use(institute.id, KeyPurpose.DOCUMENT).kid

    key_in_use(institute.id, KeyPurpose.DOCUMENT)
    app.extensions["keys"].clear()
    with transaction() as session:
        session.execute(update(InstituteKey).values(sealed_private=b"sealed under a lost key"))
    app.view_functions["front.index"] = sign
    answer = app.test_client().get("/")
    assert answer.status_code == 503
    assert "SEALED" in answer.text


def test_value_that_neither_key_opens_is_left_as_it_is(start: Start) -> None:
    with start(SECRET_KEY=SECRET):
        _seal_something()
    with start(SECRET_KEY=NEW, FORMER_SECRET_KEY=OLD):
        told = {column.name: column for column in reseal_everything()}
        name = "institute_key.sealed_private"
        assert told[name] == ColumnResealed(name, anew=0, already=0, lost=1)
    with start(SECRET_KEY=SECRET):
        assert _opened()
