"""The addresses of uploads, as tus 1.0.0 has them, inside a session. Who began an upload alone finds it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

from flask import Response, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from institute.errors import DomainError
from institute.files.uploads import protocol
from institute.files.uploads.beginning import begin
from institute.files.uploads.discarding import discard
from institute.files.uploads.errors import (
    UploadChecksumError,
    UploadHeldError,
    UploadOverflowError,
    UploadRequestError,
    UploadTooLargeError,
    UploadTypeError,
    UploadVersionError,
)
from institute.files.uploads.finishing import finish
from institute.files.uploads.models import UploadState
from institute.files.uploads.offers import LARGEST_MEDIUM, read_offer
from institute.files.uploads.owning import find_own
from institute.files.uploads.receiving import ALGORITHMS, Body, receive
from institute.files.uploads.waiting import look_at
from institute.web.areas import current_actor, session_blueprint
from institute.web.errors import status_of

LARGEST_PIECE: Final = LARGEST_MEDIUM + 64 * 1024  # one request may bring a whole file
STATUS: Final[dict[type[DomainError], int]] = {
    UploadVersionError: 412,
    UploadTooLargeError: 413,
    UploadOverflowError: 413,
    UploadTypeError: 415,
    UploadRequestError: 400,
    UploadHeldError: 423,
    UploadChecksumError: 460,
}

blueprint = session_blueprint("uploads", __name__, url_prefix="/uploads")


@blueprint.errorhandler(DomainError)
def refuse(error: DomainError) -> ResponseReturnValue:
    """Answer programs, not people: the code, and the sentence that a page may show."""
    status = next((status for kind, status in STATUS.items() if isinstance(error, kind)), status_of(error))
    return jsonify(code=error.code, said=error.text), status


@blueprint.after_request
def speak(response: Response) -> Response:
    """Say on every answer which version this is."""
    response.headers["Tus-Resumable"] = protocol.VERSION
    if response.status_code in {204, 412} and request.method in {"OPTIONS", "POST", "PATCH"}:
        response.headers["Tus-Version"] = protocol.VERSION
    return response


@blueprint.route("/", methods=["OPTIONS"], provide_automatic_options=False)
def tell() -> ResponseReturnValue:
    """Tell what this server can do."""
    return (
        "",
        204,
        {
            "Tus-Version": protocol.VERSION,
            "Tus-Extension": protocol.EXTENSIONS,
            "Tus-Max-Size": str(LARGEST_MEDIUM),
            "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
        },
    )


@blueprint.post("/", largest=LARGEST_PIECE, provide_automatic_options=False)
def create() -> ResponseReturnValue:
    """Begin an upload, and take what the same request brings of it."""
    protocol.check_version(request.headers)
    length = protocol.read_number(request.headers, "Upload-Length")
    said = protocol.read_metadata(request.headers)
    upload_id = begin(
        name=said.get("filename", ""),
        length=length,
        offer=read_offer(said.get("offer", "")),
        actor=current_actor(),
    )
    headers = {"Location": url_for(".resume", upload_id=upload_id, _external=False)}
    if request.mimetype == protocol.PIECE_TYPE and request.content_length:
        return _take(upload_id, 0, 201, headers)
    return "", 201, headers | _how_far(upload_id)


@blueprint.route("/<upload_id>", methods=["HEAD", "OPTIONS"], provide_automatic_options=False)
def resume(upload_id: str) -> ResponseReturnValue:
    """Tell how far an upload is."""
    if request.method == "OPTIONS":
        return tell()
    protocol.check_version(request.headers)
    row = find_own(upload_id, actor=current_actor())
    return "", 200, {"Upload-Length": str(row.length), "Cache-Control": "no-store"} | _how_far(upload_id)


@blueprint.route("/<upload_id>", methods=["PATCH"], largest=LARGEST_PIECE, provide_automatic_options=False)
def add(upload_id: str) -> ResponseReturnValue:
    """Take the next piece."""
    protocol.check_version(request.headers)
    if request.mimetype != protocol.PIECE_TYPE:
        raise UploadTypeError
    return _take(upload_id, protocol.read_number(request.headers, "Upload-Offset"), 204, {})


@blueprint.route("/<upload_id>", methods=["DELETE"], provide_automatic_options=False)
def terminate(upload_id: str) -> ResponseReturnValue:
    """Give an upload up."""
    protocol.check_version(request.headers)
    discard(upload_id, actor=current_actor())
    return "", 204


@blueprint.post("/<upload_id>", largest=LARGEST_PIECE, provide_automatic_options=False)
def override(upload_id: str) -> ResponseReturnValue:
    """Do what a client says in a header, where what stands between lets only POST through."""
    chosen = _OVERRIDES.get(request.headers.get("X-HTTP-Method-Override", ""))
    if chosen is None:
        raise UploadRequestError
    return chosen(upload_id)


@blueprint.get("/<upload_id>/state")
def state(upload_id: str) -> ResponseReturnValue:
    """Tell a page how an upload stands: whether its file was found good, or what is wrong with it."""
    seen = look_at(upload_id, actor=current_actor())
    if seen.state is UploadState.WHOLE:
        finish(seen.id)
        seen = look_at(upload_id, actor=current_actor())
    return jsonify(
        state=seen.state, name=seen.name, received=seen.received, length=seen.length, said=seen.problem
    )


_OVERRIDES: Final[dict[str, Callable[[str], ResponseReturnValue]]] = {
    "PATCH": add,
    "DELETE": terminate,
    "HEAD": resume,
}


def _take(upload_id: str, offset: int, status: int, headers: dict[str, str]) -> ResponseReturnValue:
    received = receive(
        upload_id,
        cast("Body", request.stream),
        offset=offset,
        size=request.content_length,
        checksum=protocol.read_checksum(request.headers),
        actor=current_actor(),
    )
    row = find_own(upload_id, actor=current_actor())
    if received == row.length:
        finish(row.id)
    return "", status, headers | _how_far(upload_id)


def _how_far(upload_id: str) -> dict[str, str]:
    row = find_own(upload_id, actor=current_actor())
    return protocol.offset_headers(row.received, row.expires_at)
