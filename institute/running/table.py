"""The table of what to run: read from TOML, with ports, addresses and folders filled in."""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HIGHEST_PORT = 65535


class RefusalError(Exception):
    """The start is refused. The message is a sentence for whoever typed the command."""


@dataclass(frozen=True, slots=True)
class Process:
    """A command with the name it is spoken of by, and the address that answers once it is ready."""

    name: str
    command: tuple[str, ...]
    ready: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """What to prepare, one after another, and what to keep running, all at once."""

    data_dir: Path
    ports: Mapping[str, int]
    environment: Mapping[str, str]
    prepare: tuple[Process, ...]
    services: tuple[Process, ...]
    say: str
    grace_seconds: float


def find_data_dir(environment: Mapping[str, str]) -> Path:
    """Return the folder of the data as an absolute path: DATA_DIR, or ``var`` beside the program."""
    return Path(environment.get("DATA_DIR") or "var").absolute()


def read_table(path: Path, environment: Mapping[str, str] = os.environ) -> Table:
    """Read the table at ``path``. What the environment sets goes before the table's defaults.

    Raises RefusalError if a port is not one.
    """
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    data_dir = find_data_dir(environment)
    ports = {
        name: _port(name, environment.get(name) or str(default)) for name, default in raw["ports"].items()
    }
    if len(set(ports.values())) < len(ports):
        raise RefusalError(f"{' and '.join(ports)} must be different ports.")
    words = {
        "python": sys.executable,
        "DATA_DIR": str(data_dir),
        **{name: str(ports[name]) for name in ports},
    }
    for name, default in raw["environment"].items():
        words[name] = environment.get(name) or default.format_map(words)
    return Table(
        data_dir=data_dir,
        ports=ports,
        environment={
            **environment,
            "DATA_DIR": str(data_dir),
            **{name: words[name] for name in raw["environment"]},
        },
        prepare=tuple(_process(row, words) for row in raw.get("prepare", ())),
        services=tuple(_process(row, words) for row in raw["service"]),
        say=raw["say"].format_map(words),
        grace_seconds=raw["grace_seconds"],
    )


def _port(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= HIGHEST_PORT:
        raise RefusalError(f"{name} must be a port: a whole number from 1 to {HIGHEST_PORT}.")
    return int(text)


def _process(row: Mapping[str, Any], words: Mapping[str, str]) -> Process:
    ready = row.get("ready")
    return Process(
        name=row["name"],
        command=tuple(part.format_map(words) for part in row["command"]),
        ready=ready and ready.format_map(words),
    )
