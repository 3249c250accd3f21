"""Tracks and tags in words."""

from __future__ import annotations

from certificates.levels.models import Track
from certificates.registry.models import TagKind
from certificates.registry.tags import TagHere
from institute.i18n import gettext, pgettext


def say_track(track: Track) -> str:
    """Return whose levels a track holds."""
    words = {
        Track.PARTICIPANT: pgettext("track of levels", "Participants"),
        Track.COACH: pgettext("track of levels", "Coaches"),
        Track.TRAINER: pgettext("track of levels", "Trainers"),
        Track.MENTOR: pgettext("track of levels", "Mentors"),
    }
    return words[track]


def say_tag(tag: TagHere) -> str:
    """Return what a tag is called: in the reader's language where every institute has it, else as it was written."""
    words = {
        TagKind.SCHOLARSHIP: gettext("Scholarship"),
        TagKind.INCENTIVE: gettext("Incentive"),
        # Translators: a quality rating and improvement system of a state or county.
        TagKind.QRIS: gettext("QRIS"),
    }
    return words.get(tag.kind, tag.name)
