"""The pictures of a look, read from where they are kept: only the worker and commands need their bytes."""

from __future__ import annotations

import io

from PIL import Image

from certificates.documents.certificate import PageLook, Picture, Signatory
from certificates.documents.looks.drawings import SVG, ratio_of
from certificates.documents.looks.look import Look
from institute.actors import InstituteId
from institute.files.models import StoredFileId
from institute.files.reading import open_file


def page_look(look: Look, institute_id: InstituteId) -> PageLook:
    """Return a look as a page is set by it. Raises NotFoundError if the logo is of another institute."""
    return PageLook(
        template=look.template,
        orientation=look.orientation,
        primary=look.primary,
        accent=look.accent,
        logo=_picture(look.logo_id, institute_id),
        certifies=look.certifies,
        statement=look.statement,
    )


def signatories(look: Look, institute_id: InstituteId) -> tuple[Signatory, ...]:
    """Return who signs as a look says, with the pictures of their signatures; nobody where it does not say."""
    return tuple(Signatory(one.name, one.title, _picture(one.file_id, institute_id)) for one in look.signers)


def _picture(file_id: StoredFileId | None, institute_id: InstituteId) -> Picture | None:
    if file_id is None:
        return None
    row, stored = open_file(file_id, institute_id=institute_id)
    with stored:
        data = stored.read()
    if row.media_type == SVG:
        return Picture(data, SVG, ratio_of(data))
    with Image.open(io.BytesIO(data)) as image:
        return Picture(data, row.media_type, image.width / image.height)
