"""Settings: one frozen object, read once from the environment. A bad one stops the start with a sentence."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Final, cast
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import current_app

SECRET_BYTES: Final = 32
SHORTEST_SECRET: Final = 32
# Two secrets of one kind: the first seals what the tool needs, the second what only its author may read.
SECRET: Final = "secret_key"  # noqa: S105  (a name)
NOTES: Final = "notes_key"
SHARED: Final = "shared://"
LOOPBACK: Final = ("127.0.0.0/8", "::1/128")
SMTP_SENTENCE: Final = "SMTP_URL must be an address such as smtp://user:password@mail.example.org:587."


class SettingsError(Exception):
    """A setting is wrong. The message is a sentence that names it and says what it should be."""


@dataclass(frozen=True)
class Settings:
    """Everything that is decided outside the code. docs/operator/settings.md is its table."""

    data_dir: Path
    database_url: str = field(repr=False)
    public_url: str
    verify_url: str
    secret_key: str = field(repr=False)
    former_secret_key: str = field(default="", repr=False)
    notes_key: str = field(default="", repr=False)
    former_notes_key: str = field(default="", repr=False)
    trusted_proxies: int = 0
    timezone: str = "America/Los_Angeles"
    session_hours: int = 8
    rate_limit_storage: str = SHARED
    log_level: str = "INFO"
    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""
    platform_networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read all settings. Raises SettingsError with a sentence for the first bad one."""
        values = os.environ if environment is None else environment
        data_dir = Path(values.get("DATA_DIR", "var")).absolute()
        public_url = _address(values, "PUBLIC_URL", "http://127.0.0.1:8000")
        smtp_url = _smtp(values.get("SMTP_URL", ""))
        return cls(
            data_dir=data_dir,
            database_url=_database(values.get("DATABASE_URL", ""), data_dir),
            public_url=public_url,
            verify_url=_address(values, "VERIFY_URL", public_url),
            secret_key=_secret(values, SECRET, data_dir),
            former_secret_key=_former_secret(values, SECRET, data_dir),
            notes_key=_secret(values, NOTES, data_dir),
            former_notes_key=_former_secret(values, NOTES, data_dir),
            trusted_proxies=_number(values, "TRUSTED_PROXIES", 0, 0, 10),
            timezone=_zone(values.get("TIMEZONE", "America/Los_Angeles")),
            session_hours=_number(values, "SESSION_HOURS", 8, 1, 72),
            rate_limit_storage=values.get("RATE_LIMIT_STORAGE", SHARED),
            log_level=_choice(values, "LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR")),
            smtp_url=smtp_url,
            mail_from=_sender(values.get("MAIL_FROM", ""), public_url, needed=bool(smtp_url)),
            platform_networks=_networks(values.get("PLATFORM_NETWORKS", "")),
        )


def _address(values: Mapping[str, str], name: str, default: str) -> str:
    address = values.get(name, default).rstrip("/")
    parts = urlsplit(address)
    if (
        parts.scheme not in {"http", "https"}
        or not parts.hostname
        or parts.query
        or parts.fragment
        or parts.path
    ):
        raise SettingsError(
            f"{name} must be an address such as https://coaching.example.org, without a path."
        )
    return address


def _smtp(url: str) -> str:
    """Return the mail server's address; user and password stand in it percent-encoded."""
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        fine = bool(parts.hostname) and parts.port != 0
    except ValueError as error:  # a port that is none, brackets that do not close
        raise SettingsError(SMTP_SENTENCE) from error
    if not fine or parts.scheme not in {"smtp", "smtps"} or parts.path.strip("/") or parts.query:
        raise SettingsError(SMTP_SENTENCE)
    if (parts.username is None) != (parts.password is None):
        raise SettingsError("SMTP_URL must hold both a user and a password, or neither.")
    return url.rstrip("/")


def _sender(text: str, public_url: str, *, needed: bool) -> str:
    """Return whom mail comes from: as given, or, where no server sends it, a name at our own address."""
    if not text and not needed:
        return f"institute@{urlsplit(public_url).hostname}"
    _name, address = parseaddr(text)
    local, at, domain = address.rpartition("@")
    if not (local and at and domain) or not address.isascii() or not text.isprintable() or " " in address:
        raise SettingsError(
            "MAIL_FROM must be an address such as coaching@example.org or Coaching <coaching@example.org>."
        )
    return text


def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Return the networks of a list with commas, in which "loopback" stands for both of this machine's own."""
    named = [part.strip() for part in text.split(",") if part.strip()]
    written = [network for part in named for network in (LOOPBACK if part == "loopback" else (part,))]
    try:
        return tuple(ip_network(network) for network in written)
    except ValueError as error:
        raise SettingsError(
            "PLATFORM_NETWORKS must be networks such as 10.20.0.0/16, or loopback, with commas between them."
        ) from error


def _database(url: str, data_dir: Path) -> str:
    if not url:
        return f"sqlite:///{data_dir / 'institute.sqlite3'}"
    if url.startswith(("postgres://", "postgresql://")):
        return "postgresql+psycopg://" + url.split("://", 1)[1]
    if url.startswith(("sqlite:///", "postgresql+psycopg://")):
        return url
    raise SettingsError("DATABASE_URL must begin with sqlite:/// or postgresql://.")


def _secret(values: Mapping[str, str], name: str, data_dir: Path) -> str:
    """Return a secret: from the environment, or from a file of mode 600 that is made once."""
    given = values.get(name.upper(), "")
    if given:
        if len(given) < SHORTEST_SECRET:
            raise SettingsError(f"{name.upper()} must have at least {SHORTEST_SECRET} characters.")
        return given
    path = secret_file(data_dir, name)
    if not path.exists():
        _make_secret(path, data_dir)
    return _read_secret(path)


def _former_secret(values: Mapping[str, str], name: str, data_dir: Path) -> str:
    """Return a secret as it was before the present one, where that is still kept, else nothing."""
    given = values.get(f"FORMER_{name.upper()}", "")
    if given and len(given) < SHORTEST_SECRET:
        raise SettingsError(f"FORMER_{name.upper()} must have at least {SHORTEST_SECRET} characters.")
    path = former_secret_file(data_dir, name)
    return given or (_read_secret(path) if path.exists() else "")


def secret_file(data_dir: Path, name: str = SECRET) -> Path:
    """Return where a secret is kept that no setting gives."""
    return data_dir / "keys" / name


def former_secret_file(data_dir: Path, name: str = SECRET) -> Path:
    """Return where the secret before it is kept, while it is being replaced."""
    return data_dir / "keys" / f"former_{name}"


def _read_secret(path: Path) -> str:
    if path.stat().st_mode & 0o077:
        raise SettingsError(
            f"The file keys/{path.name} in DATA_DIR must be readable by its owner only (mode 600)."
        )
    key = path.read_text().strip()
    if len(key) < SHORTEST_SECRET:
        raise SettingsError(f"The file keys/{path.name} in DATA_DIR is damaged: restore it from the backup.")
    return key


def _make_secret(path: Path, data_dir: Path) -> None:
    """Write a new key where none is. It appears whole or not at all, and of two processes one wins."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.parent.mkdir(exist_ok=True, mode=0o700)
        descriptor, draft = tempfile.mkstemp(dir=path.parent)  # mode 600
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(SECRET_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        os.unlink(draft)
    except OSError as error:
        raise SettingsError(f"DATA_DIR must be a folder that can be written: {error.strerror}.") from error


def _number(values: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = values.get(name, str(default))
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise SettingsError(f"{name} must be a whole number from {least} to {most}.")
    return int(text)


def _choice(values: Mapping[str, str], name: str, default: str, allowed: tuple[str, ...]) -> str:
    text = values.get(name, default)
    if text not in allowed:
        raise SettingsError(f"{name} must be one of {', '.join(allowed)}.")
    return text


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingsError(
            "TIMEZONE must be the name of a time zone, such as America/Los_Angeles."
        ) from error
    return name


def current_settings() -> Settings:
    """Return the settings of the running application."""
    return cast("Settings", current_app.extensions["settings"])
