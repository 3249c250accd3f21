"""Limits count an address once, however many processes answer it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask
from limits import RateLimitItemPerMinute
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from institute.config import Settings
from institute.paths import ROOT
from institute.web.counts import SharedStorage
from institute.web.limits import STORAGE_SENTENCE

VISIT = """
from wsgi import app
print(*(app.test_client().get("/verify/nothing").status_code for _ in range(20)))
"""


@pytest.fixture
def storage(tmp_path: Path) -> SharedStorage:
    """Counts in a file of their own, in a folder that is not there yet."""
    found = storage_from_string(f"shared://{tmp_path / 'data' / 'counts.sqlite3'}")
    assert isinstance(found, SharedStorage)
    return found


def test_processes_of_one_machine_count_an_address_together(app: Flask, settings: Settings) -> None:
    there = {
        **os.environ,
        "DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url,
        "PUBLIC_URL": settings.public_url,
        "SECRET_KEY": settings.secret_key,
    }
    told = [subprocess.check_output([sys.executable, "-c", VISIT], env=there, cwd=ROOT) for _ in range(2)]
    first, second = ([int(status) for status in one.split()] for one in told)
    assert first == [404] * 20
    assert second == [404] * 10 + [429] * 10
    assert app.test_client().get("/verify/nothing").status_code == 429


def test_counts_are_their_owners_only(storage: SharedStorage, tmp_path: Path) -> None:
    storage.incr("one", 60)
    (path,) = (tmp_path / "data").glob("*.sqlite3")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("value", ["redis", "nonsense://hidden-word@host"])
def test_storage_that_is_none_stops_the_start_with_a_sentence(tmp_path: Path, value: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import wsgi"],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(tmp_path), "RATE_LIMIT_STORAGE": value},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, f"The tool did not start. {STORAGE_SENTENCE}\n")


@pytest.mark.parametrize("_again", range(5))
def test_none_of_many_at_once_is_lost(storage: SharedStorage, _again: int) -> None:
    together = Barrier(8)

    def count(number: int) -> int:
        if number < 8:
            together.wait(60)  # the file is not there yet
        return storage.incr("one", 60)

    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(count, range(80)))
    assert sorted(counts) == list(range(1, 81))
    assert storage.get("one") == 80


def test_a_window_that_is_over_begins_anew_and_is_forgotten(storage: SharedStorage) -> None:
    limiter, item = FixedWindowRateLimiter(storage), RateLimitItemPerMinute(2)
    assert [limiter.hit(item, "here") for _ in range(3)] == [True, True, False]
    assert limiter.hit(item, "there")
    storage.incr("short", 0)
    assert storage.get("short") == 0
    assert storage.incr("short", 0) == 1
    assert storage.get_expiry("never") <= time.time()
    storage.clear(item.key_for("here"))
    assert limiter.hit(item, "here")
    assert storage.check()
    storage.reset()
    assert limiter.get_window_stats(item, "there").remaining == 2
