"""What a packet for an auditor holds beside its own pages: files, and those that are only named by their digest."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import select

from certificates.awards.holders.sharing import Sharing
from certificates.awards.issuing.models import AwardPaper
from certificates.awards.models import Award
from certificates.evidence.models import SubmissionId
from certificates.evidence.reading import EvidencePacket, packet
from institute.db import db
from institute.errors import NotFoundError
from institute.files.models import StoredFile, StoredFileId

# What is larger is named, not held: a packet has to be opened, mailed and signed.
MOST_BYTES: Final = 100 * 1024 * 1024


class Withheld(StrEnum):
    """Why a file is named and not held."""

    NO_CONSENT = "no_consent"
    WITHDRAWN = "withdrawn"
    TOO_LARGE = "too_large"


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of a packet: under which name, of what (a requirement's key, empty for the award's own), how large.

    ``withheld`` says why it is not held.
    """

    name: str
    key: str
    file_id: StoredFileId
    sha256: str
    size: int
    media_type: str
    withheld: Withheld | None = None

    @property
    def held(self) -> bool:
        """Whether the packet holds the file itself."""
        return self.withheld is None


def attached_to(award: Award, sharing: Sharing) -> list[Attached]:
    """Return the stored files that belong to an award: its documents first, then evidence in the rules' order."""
    found: list[Attached] = []
    for kind, file_id in _documents(award):
        document = db.session.get_one(StoredFile, file_id)
        name = f"{kind}-{award.serial}.pdf"
        found.append(Attached(name, "", document.id, document.sha256, document.size, document.media_type))
    room = MOST_BYTES - sum(one.size for one in found)
    for key, evidence in evidence_of(award):
        for file in evidence.files:
            stored = db.session.get_one(StoredFile, file.id)
            withheld = None
            if key not in sharing.evidence:
                withheld = Withheld.NO_CONSENT
            elif file.withdrawn:
                withheld = Withheld.WITHDRAWN
            elif file.size > room:
                withheld = Withheld.TOO_LARGE
            else:
                room -= file.size
            found.append(
                Attached(
                    f"evidence-{key}-{file.name}",
                    key,
                    file.id,
                    stored.sha256,
                    file.size,
                    file.media_type,
                    withheld,
                )
            )
    return found


def _documents(award: Award) -> list[tuple[str, StoredFileId]]:
    """Return the documents of an award by their kinds, the certificate first."""
    found = [("certificate", award.document_file_id)] if award.document_file_id is not None else []
    papers = db.session.scalars(
        select(AwardPaper).where(
            AwardPaper.award_id == award.id, AwardPaper.institute_id == award.institute_id
        )
    )
    return found + [(one.kind.value.replace("_", "-"), one.file_id) for one in papers]


def evidence_of(award: Award) -> Sequence[tuple[str, EvidencePacket]]:
    """Return the accepted submissions that an award was decided on, by the keys of their requirements."""
    found = []
    for key, submission_id in dict(award.snapshot.get("submissions", {})).items():
        try:
            one = packet(SubmissionId(int(submission_id)), institute_id=award.institute_id, blind=False)
        except NotFoundError:
            continue  # taken away at the wish of whose it is; the snapshot says that it was there
        found.append((key, one))
    return found


def as_json(value: Any) -> bytes:
    """Return what an attachment holds as JSON for people and software."""
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode()
