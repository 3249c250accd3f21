"""What an author hands in: a resource with its texts and files, or a collection of resources.

A *tag* is written ``vocabulary/term``, an *element* ``framework/element``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from courses.library.models import FilePurpose, ResourceKind
from institute.i18n import Localised


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file in one language, checked, whose bytes the storage of institute.files holds under ``sha256``.

    ``width`` and ``height`` are pixels as they are shown, None where there is nothing to see.
    """

    locale: str
    name: str
    media_type: str
    sha256: str
    size: int
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class ResourceDraft:
    """A resource, known by its key within the institute.

    ``body`` is Markdown, ``alt`` says what a picture shows to those who do not see it, ``url`` is where it lies
    elsewhere. ``languages`` are those that no file and no text tells, such as a web page's; ``version`` is how its
    makers count, ``source`` who they are.
    """

    key: str
    kind: ResourceKind
    title: Localised
    summary: Localised | None = None
    body: Localised | None = None
    alt: Localised | None = None
    url: str | None = None
    files: tuple[HeldFile, ...] = ()
    captions: tuple[HeldFile, ...] = ()
    languages: tuple[str, ...] = ()
    licence: str = ""
    licence_url: str | None = None
    version: str = ""
    source: str = ""
    tags: tuple[str, ...] = ()
    elements: tuple[str, ...] = ()

    def held(self, purpose: FilePurpose) -> tuple[HeldFile, ...]:
        """Return the files for one purpose."""
        return self.files if purpose is FilePurpose.CONTENT else self.captions

    def holding(self, purpose: FilePurpose, files: tuple[HeldFile, ...]) -> ResourceDraft:
        """Return a copy with other files for one purpose."""
        if purpose is FilePurpose.CONTENT:
            return replace(self, files=files)
        return replace(self, captions=files)


@dataclass(frozen=True, slots=True)
class CollectionDraft:
    """A collection, known by its key within the institute; ``resources`` are keys in order."""

    key: str
    title: Localised
    summary: Localised | None = None
    resources: tuple[str, ...] = ()
