"""Files that the coordinator's forms bring: one at a time, checked and kept before any transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO, cast

from flask import request

from institute.errors import DomainError
from institute.files.handing import KeptFile, keep_handed


@dataclass(frozen=True, slots=True)
class Letter:
    """What a form brought in its file field: a file, a refusal, or nothing."""

    kept: KeptFile | None = None
    refused: DomainError | None = None


def take_letter(**_route: object) -> Letter:
    """Check and keep the file of a form. Call it outside any transaction."""
    uploads = [file for file in request.files.getlist("file") if file.filename]
    kept, refused = keep_handed(
        [(file.filename or "", cast("BinaryIO", file.stream)) for file in uploads[:1]], most=1
    )
    return Letter(kept[0] if kept else None, refused[0] if refused else None)
