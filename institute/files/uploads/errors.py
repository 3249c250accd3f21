"""What is wrong with an upload, or with a request about one. What is wrong with the file itself is said by checking."""

from __future__ import annotations

from institute.errors import ConflictError, InvalidError, NotFoundError, TooManyError, UnavailableError
from institute.i18n import lazy_gettext


class UploadUnknownError(NotFoundError):
    """No such upload, or somebody else's, or it was given up or has waited too long."""

    code = "UPLOAD-UNKNOWN"
    sentence = lazy_gettext("This file is not here any more. Choose it again.")


class UploadRequestError(InvalidError):
    """A request is not as the protocol has it."""

    code = "UPLOAD-REQUEST"
    sentence = lazy_gettext("The file could not be received, because the request is not a proper one.")


class UploadTypeError(UploadRequestError):
    """A piece is not sent as one."""

    code = "UPLOAD-CONTENT-TYPE"
    sentence = lazy_gettext(
        "The file could not be received, because the request does not hold a piece of a file."
    )


class UploadVersionError(UploadRequestError):
    """The request speaks another version of the protocol, or does not say which."""

    code = "UPLOAD-VERSION"
    sentence = lazy_gettext("The file could not be received, because the request speaks another version.")


class UploadTooLargeError(InvalidError):
    """The file, or what was sent of it, is larger than it may be."""

    code = "UPLOAD-LARGE"
    sentence = lazy_gettext(
        "“%(file)s” is larger than %(most)s MB. Make it smaller, for example with smaller pictures, or split it."
    )


class UploadOverflowError(InvalidError):
    """More bytes came than the file was said to have."""

    code = "UPLOAD-OVERFLOW"
    sentence = lazy_gettext("More arrived than the file was said to have. Choose it again.")


class UploadOffsetError(ConflictError):
    """The piece does not follow what is here."""

    code = "UPLOAD-OFFSET"
    sentence = lazy_gettext("This piece of the file does not follow what has arrived so far.")


class UploadHeldError(ConflictError):
    """Another connection is sending this file."""

    code = "UPLOAD-HELD"
    sentence = lazy_gettext("This file is being sent in another window at this moment.")


class UploadChecksumError(InvalidError):
    """The bytes that arrived are not those that were sent."""

    code = "UPLOAD-CHECKSUM"
    sentence = lazy_gettext("A piece of the file was damaged on its way. It has to be sent again.")


class UploadCutError(InvalidError):
    """The connection ended before the piece did; what arrived is kept."""

    code = "UPLOAD-CUT"
    sentence = lazy_gettext("The connection ended before the whole piece had arrived.")


class UploadsFullError(TooManyError):
    """A person has begun more than may wait here."""

    code = "UPLOADS-FULL"
    sentence = lazy_gettext(
        "Too many files of yours are on their way. Finish them or remove some, then choose this one again."
    )


class UploadNoRoomError(UnavailableError):
    """The disk is nearly full."""

    code = "UPLOAD-NO-ROOM"
    sentence = lazy_gettext("There is no room for files at the moment. What you sent so far is kept.")
    advice = lazy_gettext("Try again later. If it stays so, tell your coordinator.")


class UploadUnfinishedError(ConflictError):
    """A room asks for a file that is still on its way."""

    code = "UPLOAD-UNFINISHED"
    sentence = lazy_gettext("“%(file)s” has not arrived whole yet. Wait until it has, then save again.")


class UploadTakenError(ConflictError):
    """A room asks for a file that was taken before."""

    code = "UPLOAD-TAKEN"
    sentence = lazy_gettext("“%(file)s” was added already.")
