"""The sandbox's file: kept between two starts, put aside when its version is another."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from lti.sandbox.app import create_sandbox
from lti.sandbox.settings import SandboxSettings
from lti.sandbox.store import Store


def test_a_second_start_keeps_what_was_there(tmp_path: Path) -> None:
    keys = [create_sandbox(SandboxSettings(tmp_path)).test_client().get("/jwks").get_data() for _ in range(2)]
    assert keys[0] == keys[1]


def test_a_file_of_another_version_is_put_aside(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "sandbox.sqlite3")) as db:
        db.execute("PRAGMA user_version = 77")
    client = create_sandbox(SandboxSettings(tmp_path)).test_client()
    assert client.get("/jwks").get_json()["keys"]
    assert (tmp_path / "sandbox.version-77").exists()


def test_a_start_that_is_cut_short_leaves_nothing_half_made(tmp_path: Path) -> None:
    def stumble(_db: sqlite3.Connection) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Store(tmp_path / "sandbox.sqlite3").prepare(stumble)
    client = create_sandbox(SandboxSettings(tmp_path)).test_client()
    assert "Grace Okafor" in client.get("/", base_url="http://localhost:8001").get_data(as_text=True)
