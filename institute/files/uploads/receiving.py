"""Receiving pieces: what is counted as received is on the disk, whatever ends the connection or the process.

One request writes at a time. It holds the upload by a mark in its row that it renews while bytes come; where none came
for some seconds the connection is taken for dead, and the next request takes over. The one before may still wake up: it
writes nothing then, because each writing looks at the mark while it has the file to itself.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Protocol

from sqlalchemy import select, update
from werkzeug.exceptions import ClientDisconnected

from institute.actors import Actor
from institute.clock import now
from institute.db import transaction
from institute.files.uploads import pieces
from institute.files.uploads.beginning import expiry
from institute.files.uploads.errors import (
    UploadChecksumError,
    UploadCutError,
    UploadHeldError,
    UploadNoRoomError,
    UploadOffsetError,
    UploadOverflowError,
)
from institute.files.uploads.finishing import expect_finish
from institute.files.uploads.models import Upload, UploadId, UploadState
from institute.files.uploads.owning import find_own

HELD_FOR: Final = timedelta(seconds=15)
READ: Final = 64 * 1024
PIECE: Final = 4 * 1024 * 1024
"""Bytes after which what came is written down for good."""
SECONDS: Final = 2.0
"""Time after which it is, however little came."""
ALGORITHMS: Final = ("sha1", "sha256")


class Body(Protocol):
    """What a request brings, read from a connection."""

    def read(self, size: int = ..., /) -> bytes:
        """Return some bytes, none at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Checksum:
    """What the sender counted over the body of one request."""

    algorithm: str
    digest: bytes


def receive(
    upload_id: str, body: Body, *, offset: int, size: int | None, checksum: Checksum | None, actor: Actor
) -> int:
    """Write the body of a request behind what is here; return how much is here then.

    ``size`` is how long the body says it is. With a ``checksum`` it is kept whole or not at all, else as far as it
    came. Raises UploadUnknownError, UploadHeldError, UploadOffsetError, UploadOverflowError, UploadChecksumError,
    UploadNoRoomError, and UploadCutError where the connection ended early.
    """
    hold = _take_hold(upload_id, offset, actor)
    try:
        if size is not None and offset + size > hold.length:
            raise UploadOverflowError
        return _Writing(hold, offset, checksum).run(body.read)
    finally:
        _let_go(hold)


@dataclass(frozen=True, slots=True)
class _Hold:
    id: UploadId
    length: int
    mark: str


def _take_hold(upload_id: str, offset: int, actor: Actor) -> _Hold:
    """Write our mark into the row, if nobody else's is good and the offset is right."""
    with transaction():
        row = find_own(upload_id, actor=actor, lock=True)
        if row.held_until is not None and row.held_until > now():
            raise UploadHeldError
        if row.received != offset:
            raise UploadOffsetError
        row.holder, row.held_until = secrets.token_urlsafe(16), now() + HELD_FOR
        return _Hold(row.id, row.length, row.holder)


def _let_go(hold: _Hold) -> None:
    with transaction() as session:
        session.execute(
            update(Upload)
            .where(Upload.id == hold.id, Upload.holder == hold.mark)
            .values(holder=None, held_until=None)
        )


class _Writing:
    """The way of one body onto the disk."""

    def __init__(self, hold: _Hold, offset: int, checksum: Checksum | None) -> None:
        self._hold, self._checksum = hold, checksum
        self._counted = self._written = offset
        self._waiting: list[bytes] = []
        self._digest = hashlib.new(checksum.algorithm, usedforsecurity=False) if checksum else None

    def run(self, read: Callable[[int], bytes]) -> int:
        """Read until the end and return how much is here."""
        last, ahead = time.monotonic(), 0
        try:
            while data := read(READ):
                if self._digest:
                    self._digest.update(data)
                self._waiting.append(data)
                ahead += len(data)
                if self._written + ahead > self._hold.length:
                    raise UploadOverflowError
                if ahead >= PIECE or time.monotonic() - last >= SECONDS:
                    self._write()
                    last, ahead = time.monotonic(), 0
        except ClientDisconnected as cut:
            self._write()
            raise UploadCutError from cut
        self._write()
        if self._checksum and self._digest:
            if not hmac.compare_digest(self._digest.digest(), self._checksum.digest):
                raise UploadChecksumError
            self._count(self._written)
        return self._counted

    def _write(self) -> None:
        """Put what waits on the disk; count it, unless its checksum has to be looked at first."""
        data = b"".join(self._waiting)
        self._waiting.clear()
        if not data:
            return
        with pieces.held(self._hold.id) as file:
            if not self._is_ours():
                raise UploadHeldError
            try:
                pieces.write(file, data, self._written)
            except OSError as error:
                raise UploadNoRoomError from error
            self._written += len(data)
            self._count(self._counted if self._checksum else self._written)

    def _is_ours(self) -> bool:
        mine = select(Upload.id).where(Upload.id == self._hold.id, Upload.holder == self._hold.mark)
        with transaction(durable=False) as session:
            return session.scalar(mine) is not None

    def _count(self, received: int) -> None:
        """Write down how much is here and that we are at it. Raises UploadHeldError if somebody took over."""
        whole = received == self._hold.length
        with transaction() as session:
            moved = session.scalar(
                update(Upload)
                .where(
                    Upload.id == self._hold.id,
                    Upload.received == self._counted,
                    Upload.holder == self._hold.mark,
                )
                .values(
                    received=received,
                    state=UploadState.WHOLE if whole else UploadState.ARRIVING,
                    held_until=now() + HELD_FOR,
                    expires_at=expiry(),
                )
                .returning(Upload.id)
            )
            if moved is None:
                raise UploadHeldError
            if whole:
                expect_finish(self._hold.id)
        self._counted = received
