"""A secret in its file: replaced by a new one, with the former kept beside it until nothing needs it."""

from __future__ import annotations

import fcntl
import os
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from institute.config import SECRET, SECRET_BYTES, Settings, former_secret_file, secret_file
from institute.errors import ConflictError
from institute.i18n import lazy_gettext


class SecretFromEnvironmentError(ConflictError):
    """The secret is a setting: the tool cannot replace it."""

    code = "SECRET-SETTING"
    sentence = lazy_gettext(
        "%(name)s comes from the settings: put a new one there, the present one into FORMER_%(name)s, "
        "and restart every process."
    )


class RotationUnderWayError(ConflictError):
    """A former secret is still there."""

    code = "SECRET-UNDER-WAY"
    sentence = lazy_gettext("There is a former secret key already: finish that change first.")


@contextmanager
def hold_secret(data_dir: Path) -> Iterator[None]:
    """Let nobody else replace or copy the secrets meanwhile; wait until nobody does."""
    folder = secret_file(data_dir).parent
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def mark_of(secret: str) -> str:
    """Return what two equal secrets have in common, in hex; it tells nothing about the secret itself."""
    mark = HKDF(algorithm=hashes.SHA256(), length=16, salt=None, info=b"mark of the secret key")
    return mark.derive(secret.encode()).hex()


def is_kept_in_file(
    settings: Settings, environment: Mapping[str, str] = os.environ, *, name: str = SECRET
) -> bool:
    """Tell whether a secret is the tool's own, in its file, and not a setting."""
    return not environment.get(name.upper()) and secret_file(settings.data_dir, name).exists()


def replace_secret(
    settings: Settings, environment: Mapping[str, str] = os.environ, *, name: str = SECRET
) -> None:
    """Put a new secret into the file and keep the present one beside it.

    Whenever this is killed, the key that seals what is stored is one of the two. Raises
    SecretFromEnvironmentError or RotationUnderWayError.
    """
    path, former = secret_file(settings.data_dir, name), former_secret_file(settings.data_dir, name)
    with hold_secret(settings.data_dir):
        if not is_kept_in_file(settings, environment, name=name):
            raise SecretFromEnvironmentError(name=name.upper())
        present = path.read_text().strip()
        if former.exists() and former.read_text().strip() != present:
            raise RotationUnderWayError
        write_secret(former, present)
        write_secret(path, secrets.token_urlsafe(SECRET_BYTES))


def forget_former_secret(settings: Settings, *, name: str = SECRET) -> bool:
    """Delete the file of a former secret; return whether there was one."""
    with hold_secret(settings.data_dir):
        path = former_secret_file(settings.data_dir, name)
        was_there = path.exists()
        path.unlink(missing_ok=True)
        return was_there


def write_secret(path: Path, text: str) -> None:
    """Write a secret so that the file is the old one or the new one, whole, even after a power cut."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent)  # mode 600
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
