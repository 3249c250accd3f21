"""Every command on a database that is not there, not up to date or not answering says so in a sentence."""

from __future__ import annotations

import stat
from pathlib import Path

import click
import flask_migrate
import pytest
from flask import Flask

import certificates
import courses
import lti
from institute.app import create_app
from institute.cli import MIGRATE_FIRST
from institute.config import Settings
from institute.db import db
from institute.paths import MIGRATIONS

ON_ANY_DATABASE = {"institute migrate", "institute backup", "institute restore"}
WORDS = {"leaked-key": ["7"]}
LTI_WORDS = {
    "register": "--issuer https://a.example --client-id a --deployment-id 1 --auth-url https://a.example/a "
    "--token-url https://a.example/t --jwks-url https://a.example/j",
    "approve": "--issuer https://a.example --client-id a --deployment-id 1",
    "bind": "--issuer https://a.example --client-id a --deployment-id 1 --context-id c --cohort c",
    "disable": "--issuer https://a.example --client-id a",
    "enable": "--issuer https://a.example --client-id a",
    "approve-request": "1",
    "refuse-request": "1",
    "give-request": "1 --institute a",
    "give": "--issuer https://a.example --client-id a --to a",
    "give-deployment": "--issuer https://a.example --client-id a --deployment-id 1 --to a",
}


def _bare(tmp_path: Path, **given: str) -> Flask:
    return create_app(
        courses,
        certificates,
        lti,
        settings=Settings.from_environment({"DATA_DIR": str(tmp_path / "data"), **given}),
    )


def _commands(app: Flask) -> list[list[str]]:
    found = []
    for name in ("institute", "lti"):
        group = app.cli.commands[name]
        assert isinstance(group, click.Group)
        for command in group.commands:
            if f"{name} {command}" not in ON_ANY_DATABASE:
                more = LTI_WORDS.get(command, "").split() if name == "lti" else WORDS.get(command, [])
                found.append([name, command, *more])
    return found


def test_no_command_works_on_a_database_that_was_never_made(tmp_path: Path) -> None:
    app = _bare(tmp_path)
    commands = _commands(app)
    assert len(commands) > 12
    for words in commands:
        done = app.test_cli_runner().invoke(args=words)
        assert (done.exit_code, done.output) == (1, f"Error: {MIGRATE_FIRST}\n"), words
    assert not (tmp_path / "data" / "institute.sqlite3").exists()


def test_help_needs_no_database(tmp_path: Path) -> None:
    app = _bare(tmp_path)
    for words in _commands(app):
        assert app.test_cli_runner().invoke(args=[*words[:2], "--help"]).exit_code == 0, words


def test_database_of_an_older_version_is_to_be_migrated_first(app: Flask) -> None:
    flask_migrate.downgrade(directory=str(MIGRATIONS), revision="-1")
    try:
        done = app.test_cli_runner().invoke(args=["institute", "audit-check"])
    finally:
        flask_migrate.upgrade(directory=str(MIGRATIONS))
    assert (done.exit_code, done.output) == (1, f"Error: {MIGRATE_FIRST}\n")


@pytest.mark.parametrize("words", [("keys",), ("migrate",), ("backup", "out.tar")])
def test_database_that_does_not_answer_is_a_sentence_without_its_password(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    app = _bare(tmp_path, DATABASE_URL="postgresql://institute:hidden-word@127.0.0.1:1/institute")
    done = app.test_cli_runner().invoke(args=["institute", *words])
    assert done.exit_code == 1
    assert done.output.startswith("Error: The database does not answer: ")
    assert done.output.count("\n") == 1
    assert "hidden-word" not in done.output


def test_new_data_are_their_owners_only(tmp_path: Path) -> None:
    app = _bare(tmp_path)
    assert app.test_cli_runner().invoke(args=["institute", "migrate"]).exit_code == 0
    with app.app_context():
        db.engine.dispose()
    for path in (tmp_path / "data", tmp_path / "data" / "institute.sqlite3"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
