"""Taking files that arrived in pieces into a room: each once, by who sent it."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from institute.actors import Actor
from institute.db import transaction
from institute.errors import DomainError
from institute.files.checking import FileTypeError, refusal_of
from institute.files.handing import no_room
from institute.files.kinds import FileKind
from institute.files.models import StoredFile, StoredFileId
from institute.files.storing import expect_sweep
from institute.files.uploads.errors import UploadTakenError, UploadUnfinishedError
from institute.files.uploads.models import UploadState
from institute.files.uploads.owning import find_own


def claim(upload_id: str, *, actor: Actor, kinds: AbstractSet[FileKind] | None = None) -> StoredFileId:
    """Take a file that has arrived into the caller's transaction, and return its id. It belongs to the room then.

    ``kinds`` are those taken here; None trusts what the page asked for that sent it. Raises UploadUnknownError (also
    for another person's), UploadUnfinishedError, UploadTakenError, or the FileRefusedError that says what is wrong.
    """
    with transaction() as session:
        row = find_own(upload_id, actor=actor, lock=True)
        shown = f"\u2068{row.name}\u2069"
        if row.state is UploadState.CLAIMED:
            raise UploadTakenError(file=shown)
        if row.state is UploadState.REFUSED:
            raise refusal_of(row.refusal, name=row.name)
        if row.file_id is None:
            raise UploadUnfinishedError(file=shown)
        file = session.get_one(StoredFile, row.file_id)
        if kinds is not None and file.media_type not in {kind.media_type for kind in kinds}:
            raise FileTypeError(file=shown)
        row.state, row.file_id = UploadState.CLAIMED, None
        session.flush()
        return file.id


def claim_new(
    upload_ids: Iterable[str],
    there: Iterable[StoredFile],
    *,
    actor: Actor,
    most: int,
    kinds: AbstractSet[FileKind] | None = None,
) -> tuple[list[StoredFileId], list[str]]:
    """Take those of ``upload_ids`` that are new beside the files ``there`` and find room; return them and the problems.

    Call it in the transaction that refers to them. There is room for ``most``; what was taken before is passed over in
    silence, since a form may be sent twice. Each problem is a sentence that names its file.
    """
    known = {(file.sha256, file.name) for file in there}
    taken: list[StoredFileId] = []
    problems: list[str] = []
    with transaction() as session:
        for upload_id in list(dict.fromkeys(upload_ids))[: 2 * most]:
            try:
                file = session.get_one(StoredFile, claim(upload_id, actor=actor, kinds=kinds))
            except UploadTakenError:
                continue
            except DomainError as error:
                problems.append(error.text)
                continue
            same = (file.sha256, file.name)
            if same in known or len(known) >= most:
                if same not in known:
                    problems.append(no_room(file.name, most))
                session.delete(file)
                session.flush()
                expect_sweep()
                continue
            known.add(same)
            taken.append(file.id)
    return taken, problems
