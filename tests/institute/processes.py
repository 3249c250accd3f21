"""What tests do with a process of the tool that they started themselves."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from flask import Flask

from institute.db import db

Start = Callable[..., AbstractContextManager[Flask]]


def command(app: Flask, *words: str) -> tuple[int, str]:
    """Run ``institute …`` and return its exit status and what it said."""
    db.session.remove()
    result = app.test_cli_runner().invoke(args=["institute", *words])
    return result.exit_code, result.output
