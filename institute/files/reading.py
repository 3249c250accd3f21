"""Reading stored files, and sending them so that no browser runs what is in them."""

from __future__ import annotations

from typing import BinaryIO, Final

from flask import request
from werkzeug.wrappers import Response
from werkzeug.wsgi import wrap_file

from institute.actors import InstituteId
from institute.db import db
from institute.errors import NotFoundError, UnavailableError
from institute.files.models import StoredFile, StoredFileId
from institute.files.naming import disposition
from institute.files.storage import current_storage
from institute.i18n import lazy_gettext

# What may be shown in a page instead of saved: nothing of it can act.
SHOWN: Final = frozenset({"application/pdf", "image/png", "image/jpeg", "image/webp", "text/plain"})
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
    return row, _bytes_of(row)


def send_file_response(file: StoredFile, *, as_attachment: bool = True, name: str | None = None) -> Response:
    """Return the answer that sends a file: whole, a part of it (Range), or 304 where the reader has it already.

    It is saved under ``name``, or its own. With ``as_attachment=False`` kinds that cannot act are shown instead.
    Raises FileMissingError if its bytes are gone.
    """
    inline = not as_attachment and file.media_type in SHOWN
    data = _bytes_of(file)
    response = Response(
        wrap_file(request.environ, data, buffer_size=64 * 1024),
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


def _bytes_of(file: StoredFile) -> BinaryIO:
    try:
        return current_storage().open(file.sha256)
    except FileNotFoundError as error:
        raise FileMissingError from error
