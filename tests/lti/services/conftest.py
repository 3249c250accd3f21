"""A platform that listens, and a course on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from flask import Flask

from institute.clock import now
from institute.people.models import Institute
from lti.platforms.keys import ensure_key, published_keys
from lti.sandbox.server import RunningSandbox, serve
from lti.sandbox.settings import SandboxSettings
from tests.lti.services.classroom import Classroom
from tests.lti.services.scripted import ScriptedPlatform

MakePlatform = Callable[..., RunningSandbox]


@pytest.fixture
def make_platform(app: Flask, tmp_path: Path) -> Iterator[MakePlatform]:
    """Serve a sandbox of a chosen profile, with the tests' clock and the tool's keys."""
    running: list[AbstractContextManager[RunningSandbox]] = []

    def make(profile: str = "strict") -> RunningSandbox:
        ensure_key()
        keys = {"keys": published_keys()}
        settings = SandboxSettings(
            data_dir=tmp_path / f"sandbox-{len(running)}",
            profile_name=profile,
            controls=True,
            clock=now,
            tool_keys=lambda: keys,
        )
        serving = serve(settings)
        running.append(serving)
        return serving.__enter__()

    yield make
    for serving in running:
        serving.__exit__(None, None, None)


@pytest.fixture
def platform(make_platform: MakePlatform) -> RunningSandbox:
    """The strict platform."""
    return make_platform()


@pytest.fixture
def classroom(app: Flask, institute: Institute, platform: RunningSandbox) -> Classroom:
    """A course of the strict platform."""
    return Classroom(app, institute, platform.url)


@pytest.fixture
def scripted() -> Iterator[ScriptedPlatform]:
    """A server that answers as a test tells it, and keeps what it was asked."""
    with ScriptedPlatform.serving() as server:
        yield server


@pytest.fixture
def scripted_classroom(app: Flask, institute: Institute, scripted: ScriptedPlatform) -> Classroom:
    """A course of the scripted platform."""
    return Classroom(app, institute, scripted.url, lineitems_path="/lineitems")
