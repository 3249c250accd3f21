"""A program that sends files in pieces, as tus 1.0.0 has it, inside somebody's session."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from werkzeug.test import TestResponse

from institute.files.uploads.models import UploadId
from institute.web.forms import TOKEN_HEADER
from tests.browsing import Visitor

PIECE = "application/offset+octet-stream"


def metadata(**values: str) -> str:
    """Return what Upload-Metadata says for some values."""
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items())


def checksum(data: bytes, algorithm: str = "sha256") -> str:
    """Return what Upload-Checksum says of some bytes."""
    return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, data).digest()).decode()}"


class Sender:
    """Sends as one person."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor

    def ask(self, method: str, path: str = "/uploads/", data: bytes = b"", **headers: str) -> TestResponse:
        """Send one request; names of headers are written with underscores, and ``None`` leaves one out."""
        marks = {"Tus-Resumable": "1.0.0", TOKEN_HEADER: self.visitor.token}
        given: dict[str, Any] = {
            **marks,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        address = self.visitor._address(path)
        return self.visitor.client.open(
            address, method=method, data=data, headers={k: v for k, v in given.items() if v is not None}
        )

    def begin(self, length: int, name: str = "notes.txt", **said: str) -> str:
        """Begin an upload and return its path."""
        answer = self.ask("POST", Upload_Length=str(length), Upload_Metadata=metadata(filename=name, **said))
        assert answer.status_code == 201, answer.text
        return str(answer.headers["Location"])

    def add(self, path: str, offset: int, data: bytes, **headers: str) -> TestResponse:
        """Send a piece."""
        return self.ask("PATCH", path, data, Upload_Offset=str(offset), Content_Type=PIECE, **headers)

    def send(self, data: bytes, name: str = "notes.txt", **said: str) -> str:
        """Send a file as one piece and return its path."""
        path = self.begin(len(data), name, **said)
        assert self.add(path, 0, data).status_code == 204
        return path

    def state(self, path: str) -> dict[str, Any]:
        """Return how an upload stands."""
        answer = self.ask("GET", f"{path}/state")
        assert answer.status_code == 200
        found: dict[str, Any] = answer.get_json()
        return found


def id_of(path: str) -> UploadId:
    """Return the id at the end of a path."""
    return UploadId(path.rpartition("/")[2])
