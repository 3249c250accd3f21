"""A resource's row as what its author handed in."""

from __future__ import annotations

from courses.library.drafts import HeldFile, ResourceDraft
from courses.library.models import FilePurpose, LabelKind, Resource, ResourceFile


def draft_of(row: Resource) -> ResourceDraft:
    """Return what was handed in for a resource. Exact: handed in again, it changes nothing."""
    return ResourceDraft(
        key=row.key,
        kind=row.kind,
        title=row.title,
        summary=row.summary,
        body=row.body,
        alt=row.alt,
        url=row.url,
        files=_held(row, FilePurpose.CONTENT),
        captions=_held(row, FilePurpose.CAPTIONS),
        languages=tuple(one.locale for one in row.languages if one.given),
        licence=row.licence,
        licence_url=row.licence_url,
        version=row.version,
        source=row.source,
        tags=_labels(row, LabelKind.TAG),
        elements=_labels(row, LabelKind.ELEMENT),
    )


def _held(row: Resource, purpose: FilePurpose) -> tuple[HeldFile, ...]:
    return tuple(_held_file(file) for file in row.files if file.purpose is purpose)


def _held_file(file: ResourceFile) -> HeldFile:
    stored = file.stored
    return HeldFile(
        file.locale, stored.name, stored.media_type, stored.sha256, stored.size, file.width, file.height
    )


def _labels(row: Resource, kind: LabelKind) -> tuple[str, ...]:
    return tuple(one.label for one in row.labels if one.kind is kind)
