"""Settings: a bad one stops the start with a sentence, secrets never come from a default."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from institute.config import Settings, SettingsError
from institute.paths import ROOT


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "coaching.example.org"),
        ("PUBLIC_URL", "https://coaching.example.org/path"),
        ("VERIFY_URL", "ftp://x"),
        ("DATABASE_URL", "mysql://x"),
        ("SECRET_KEY", "short"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "many"),
        ("SESSION_HOURS", "0"),
        ("TIMEZONE", "Mars/Olympus"),
        ("LOG_LEVEL", "LOUD"),
        ("SMTP_URL", "mail.example.org"),
        ("SMTP_URL", "http://mail.example.org"),
        ("SMTP_URL", "smtp://mail.example.org:many"),
        ("SMTP_URL", "smtp://user@mail.example.org"),
        ("SMTP_URL", "smtp://[mail"),
        ("MAIL_FROM", "somebody"),
        ("MAIL_FROM", "a@b\nBcc: c@d"),
    ],
)
def test_bad_setting_is_refused_with_a_sentence_that_names_it(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=rf"^{name} must .+\.$"):
        Settings.from_environment({"DATA_DIR": str(tmp_path), name: value})


def test_mail_server_needs_a_sender(tmp_path: Path) -> None:
    given = {"DATA_DIR": str(tmp_path), "SMTP_URL": "smtp://user:pass%40word@mail.example.org:587"}
    with pytest.raises(SettingsError, match=r"^MAIL_FROM must"):
        Settings.from_environment(given)
    settings = Settings.from_environment({**given, "MAIL_FROM": "Coaching <coaching@example.org>"})
    assert settings.smtp_url == given["SMTP_URL"]
    assert Settings.from_environment({"DATA_DIR": str(tmp_path)}).mail_from == "institute@127.0.0.1"


def test_settings_written_out_show_no_secret(tmp_path: Path) -> None:
    given = {
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": "postgresql://institute:hidden-word@host/institute",
        "SECRET_KEY": "hidden-word, and long enough to be a key",
        "SMTP_URL": "smtp://user:hidden-word@mail.example.org",
        "MAIL_FROM": "a@example.org",
    }
    assert "hidden-word" not in repr(Settings.from_environment(given))


def test_secret_key_is_made_once_in_a_file_of_its_owner(tmp_path: Path) -> None:
    first = Settings.from_environment({"DATA_DIR": str(tmp_path)})
    again = Settings.from_environment({"DATA_DIR": str(tmp_path)})
    path = tmp_path / "keys" / "secret_key"
    assert first.secret_key == again.secret_key == path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    with pytest.raises(SettingsError, match="mode 600"):
        Settings.from_environment({"DATA_DIR": str(tmp_path)})


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        given = {"DATA_DIR": str(tmp_path)}
        made = threads.map(lambda _number: _both(Settings.from_environment(given)), range(40))
    assert len(set(made)) == 1
    assert sorted(path.name for path in (tmp_path / "keys").iterdir()) == ["notes_key", "secret_key"]


def _both(settings: Settings) -> tuple[str, str]:
    assert settings.secret_key != settings.notes_key
    return settings.secret_key, settings.notes_key


def test_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match=r"^DATA_DIR must be a folder that can be written"):
        Settings.from_environment({"DATA_DIR": str(tmp_path / "file" / "under")})


def test_bad_setting_stops_the_start(tmp_path: Path) -> None:
    environment = {**os.environ, "DATA_DIR": str(tmp_path), "SESSION_HOURS": "soon"}
    done = subprocess.run(
        [sys.executable, "-c", "import wsgi"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert done.stderr.strip() == "The tool did not start. SESSION_HOURS must be a whole number from 1 to 72."
