"""The headers of tus 1.0.0, the open protocol for resumable uploads: read strictly, written back."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import datetime
from typing import Final

from werkzeug.datastructures import Headers
from werkzeug.http import http_date

from institute.files.uploads.errors import UploadRequestError, UploadVersionError
from institute.files.uploads.receiving import ALGORITHMS, Checksum

VERSION: Final = "1.0.0"
EXTENSIONS: Final = "creation,creation-with-upload,checksum,expiration,termination"
PIECE_TYPE: Final = "application/offset+octet-stream"
LONGEST_METADATA: Final = 4096
_NUMBER: Final = re.compile(r"[0-9]{1,15}\Z")
_LENGTHS: Final = {"sha1": 20, "sha256": 32}


def check_version(headers: Headers) -> None:
    """Raise UploadVersionError unless the request speaks our version."""
    if headers.get("Tus-Resumable") != VERSION:
        raise UploadVersionError


def read_number(headers: Headers, name: str) -> int:
    """Return a count of bytes. Raises UploadRequestError."""
    text = headers.get(name, "")
    if not text.isascii() or not _NUMBER.match(text):
        raise UploadRequestError
    return int(text)


def read_metadata(headers: Headers) -> dict[str, str]:
    """Return what Upload-Metadata says: a key and, in base64, a value, with commas between them.

    Raises UploadRequestError for what is none, or far too long.
    """
    text = headers.get("Upload-Metadata", "")
    if len(text) > LONGEST_METADATA:
        raise UploadRequestError
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        key, _, value = pair.partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError, ValueError) as error:
            raise UploadRequestError from error
    return found


def read_checksum(headers: Headers) -> Checksum | None:
    """Return what Upload-Checksum says, None where nothing does. Raises UploadRequestError."""
    text = headers.get("Upload-Checksum")
    if text is None:
        return None
    algorithm, _, value = text.partition(" ")
    try:
        digest = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise UploadRequestError from error
    if algorithm not in ALGORITHMS or len(digest) != _LENGTHS[algorithm]:
        raise UploadRequestError
    return Checksum(algorithm, digest)


def offset_headers(received: int, expires_at: datetime) -> dict[str, str]:
    """Return the headers that say how far an upload is and how long it waits."""
    return {"Upload-Offset": str(received), "Upload-Expires": http_date(expires_at)}
