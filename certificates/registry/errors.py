"""What the registry refuses, in its own words."""

from __future__ import annotations

from institute.errors import ConflictError, InvalidError
from institute.i18n import lazy_gettext


class TagNameError(InvalidError):
    """No name, or one that is too long."""

    code = "TAG-NAME"
    sentence = lazy_gettext("Write a name of one to %(most)s letters.")


class TagExistsError(InvalidError):
    """There is one of this name already."""

    code = "TAG-EXISTS"
    sentence = lazy_gettext("There is a tag of this name already: “%(name)s”.")


class TooManyTagsError(ConflictError):
    """An institute has as many tags as a page can show."""

    code = "TAG-MANY"
    sentence = lazy_gettext("There are %(most)s tags already, and no more can be made.")


class TagMissingError(InvalidError):
    """No tag was chosen."""

    code = "TAG-MISSING"
    sentence = lazy_gettext("Choose a tag.")


class ListChangedError(ConflictError):
    """What a list holds is not what was looked at."""

    code = "REGISTRY-CHANGED"
    sentence = lazy_gettext("The list has changed since you looked at it. Nothing was tagged.")
    advice = lazy_gettext("Go back to the list and look at it again.")


class PacketGoneError(ConflictError):
    """The file was taken away after its week."""

    code = "PACKET-GONE"
    sentence = lazy_gettext("This packet is not kept any more. Have it made again.")
