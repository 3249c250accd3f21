"""Reading stored files, and sending them so that no browser runs what is in them."""

from __future__ import annotations

from typing import IO, BinaryIO, Final, cast

from flask import request
from werkzeug.wrappers import Response
from werkzeug.wsgi import FileWrapper

from institute.actors import InstituteId
from institute.db import db
from institute.errors import NotFoundError, UnavailableError
from institute.files.models import StoredFile, StoredFileId
from institute.files.naming import disposition
from institute.files.storage import Storage, current_storage
from institute.i18n import lazy_gettext

# What may be shown in a page instead of saved: nothing of it can act.
SHOWN: Final = frozenset(
    {
        *("application/pdf", "image/png", "image/jpeg", "image/webp", "text/plain"),
        *("video/mp4", "video/webm", "audio/mpeg", "audio/mp4", "text/vtt"),
    }
)
_POLICY: Final = "default-src 'none'; sandbox; frame-ancestors 'none'"
# The PDF reader of some browsers does not start in a sandbox; it is one by itself.
_POLICY_OF_PDF: Final = (
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
)


class FileMissingError(UnavailableError):
    """The row is there, the bytes are not: the storage is not whole."""

    code = "FILE-MISSING"
    title = lazy_gettext("This file cannot be read at the moment")
    sentence = lazy_gettext("The file is known, but its content is not where it was stored.")
    advice = lazy_gettext("Try again later. If it stays so, tell your coordinator.")


def find_file(file_id: StoredFileId, *, institute_id: InstituteId) -> StoredFile:
    """Return a file's row. Raises NotFoundError if the institute has no such file."""
    row = db.session.get(StoredFile, file_id)
    if row is None or row.institute_id != institute_id:
        raise NotFoundError
    return row


def open_file(file_id: StoredFileId, *, institute_id: InstituteId) -> tuple[StoredFile, BinaryIO]:
    """Return a file's row and its bytes for reading; the caller closes them.

    Raises NotFoundError if the institute has no such file, FileMissingError if its bytes are gone.
    """
    row = find_file(file_id, institute_id=institute_id)
    try:
        return row, current_storage().open(row.sha256)
    except FileNotFoundError as error:
        raise FileMissingError from error


def send_file_response(file: StoredFile, *, as_attachment: bool = True, name: str | None = None) -> Response:
    """Return the answer that sends a file: whole, a part of it (Range), or 304 where the reader has it already.

    It is saved under ``name``, or its own. With ``as_attachment=False`` kinds that cannot act are shown instead.
    Raises FileMissingError if its bytes are gone.
    """
    inline = not as_attachment and file.media_type in SHOWN
    if not current_storage().exists(file.sha256):
        raise FileMissingError
    data = _LateFile(file.sha256, current_storage())
    response = Response(
        FileWrapper(cast("IO[bytes]", data), buffer_size=64 * 1024),
        mimetype=file.media_type,
        direct_passthrough=True,
    )
    response.content_length = file.size
    response.set_etag(file.sha256)
    response.headers["Content-Disposition"] = disposition(name or file.name, inline=inline)
    response.headers["X-Content-Type-Options"] = "nosniff"
    shows_pdf = inline and file.media_type == "application/pdf"
    response.headers["Content-Security-Policy"] = _POLICY_OF_PDF if shows_pdf else _POLICY
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-cache"
    response.call_on_close(data.close)
    return response.make_conditional(request, accept_ranges=True, complete_length=file.size)


class _LateFile:
    """A file that is open only while it is read: neither HEAD nor 304 needs it, and its end closes it."""

    def __init__(self, sha256: str, storage: Storage) -> None:
        self._sha256, self._storage = sha256, storage
        self._file: BinaryIO | None = None
        self._ended = False

    def _opened(self) -> BinaryIO:
        if self._file is None:
            self._file = self._storage.open(self._sha256)
        return self._file

    def read(self, size: int) -> bytes:
        if self._ended:
            return b""
        piece = self._opened().read(size)
        if len(piece) < size:
            self.close()
        return piece

    def seekable(self) -> bool:
        return True

    def seek(self, place: int) -> int:
        return self._opened().seek(place)

    def tell(self) -> int:
        return self._opened().tell()

    def close(self) -> None:
        self._ended = True
        if self._file is not None:
            self._file.close()
