"""What the library refuses, in its own words."""

from __future__ import annotations

from institute.errors import ConflictError, InvalidError
from institute.i18n import lazy_gettext


class ResourceRefusedError(InvalidError):
    """Something in a resource or a collection is not as it must be. ``field`` names what."""

    code = "RESOURCE"
    field = ""
    sentence = lazy_gettext("Something about this resource has to be mended first.")


class KeyMalformedError(ResourceRefusedError):
    """The key cannot stand in an address."""

    code = "RESOURCE-KEY"
    field = "key"
    sentence = lazy_gettext(
        "Use lower-case letters a to z, digits and single hyphens, 60 at most, such as “coaching-cycle”."
    )


class KeyTakenError(ResourceRefusedError):
    """Another resource or collection has the key."""

    code = "RESOURCE-KEY-TAKEN"
    field = "key"
    sentence = lazy_gettext("“%(key)s” is the key of something else here. Choose another one.")


class KindFixedError(ResourceRefusedError):
    """A resource stays of its kind: content shows it by that."""

    code = "RESOURCE-KIND"
    field = "kind"
    sentence = lazy_gettext(
        "A resource keeps its kind, because content shows it by that. Make another one instead."
    )


class AddressMalformedError(ResourceRefusedError):
    """An address that is none of the web."""

    code = "RESOURCE-ADDRESS"
    field = "url"
    sentence = lazy_gettext("Write the whole address, such as https://www.example.org/guide.")


class LicenceAddressError(ResourceRefusedError):
    """The address of a licence that is none of the web."""

    code = "RESOURCE-LICENCE"
    field = "licence_url"
    sentence = lazy_gettext(
        "Write the licence's whole address, such as https://creativecommons.org/licenses/by/4.0/."
    )


class TextTooLongError(ResourceRefusedError):
    """A text is longer than the library takes."""

    code = "RESOURCE-LONG"
    sentence = lazy_gettext("This is %(length)s characters long; %(most)s are the most.")

    def __init__(self, *, at: str, length: int, most: int) -> None:
        super().__init__(length=length, most=most)
        self.field = at


class LanguageUnknownError(ResourceRefusedError):
    """A language the institute does not have."""

    code = "RESOURCE-LANGUAGE"
    field = "languages"
    sentence = lazy_gettext("Choose one of the institute's languages.")


class FileNotHeldError(ResourceRefusedError):
    """A file whose bytes nobody stored."""

    code = "RESOURCE-FILE"
    field = "file"
    sentence = lazy_gettext("The file “%(file)s” is not here. Choose it again.")


class WrongFileKindError(ResourceRefusedError):
    """A good file, but not one that this kind of resource shows. Each sentence says what to do."""

    code = "RESOURCE-FILE-KIND"
    field = "file"
    sentence = lazy_gettext("“%(file)s” is not of a kind that can be shown here.")


class NotVideoError(WrongFileKindError):
    """No film that browsers play."""

    code = "RESOURCE-NOT-VIDEO"
    sentence = lazy_gettext("“%(file)s” is not a video that browsers play. Save it as MP4 or WebM.")


class NotAudioError(WrongFileKindError):
    """No sound that browsers play."""

    code = "RESOURCE-NOT-AUDIO"
    sentence = lazy_gettext("“%(file)s” is not a recording that browsers play. Save it as MP3 or M4A.")


class NotImageError(WrongFileKindError):
    """No picture that browsers show."""

    code = "RESOURCE-NOT-IMAGE"
    sentence = lazy_gettext("“%(file)s” is not a picture that browsers show. Save it as PNG, JPEG or WebP.")


class NotCaptionsError(WrongFileKindError):
    """No captions."""

    code = "RESOURCE-NOT-VTT"
    sentence = lazy_gettext("“%(file)s” does not hold captions. Save them as WebVTT (.vtt) in UTF-8.")


class CaptionsBrokenError(ResourceRefusedError):
    """Captions that a player would not show, or not in full."""

    code = "RESOURCE-CAPTIONS"
    field = "file"
    sentence = lazy_gettext("Line %(line)s of “%(file)s” is not as WebVTT wants it: %(reason)s")


class MeanwhileChangedError(ConflictError):
    """Somebody else saved after this page was opened."""

    code = "RESOURCE-MEANWHILE"
    title = lazy_gettext("Somebody else saved meanwhile")
    sentence = lazy_gettext(
        "Somebody else saved this while you were writing. Look at what is there now in another window; saving again "
        "puts your text in its place."
    )
