"""The words of media: kinds of comments, of people shown, what they say."""

from __future__ import annotations

from courses.media.models import CommentKind, ConsentState, Medium, ShownKind
from institute.i18n import gettext, pgettext

COMMENT_ICONS = {"strength": "star", "question": "question-circle", "suggestion": "signpost"}
MEDIUM_ICONS = {"video": "camera-video", "audio": "music-note-beamed", "document": "file-earmark-text"}


def say_comment_kind(kind: CommentKind) -> str:
    """Say what a comment is meant as."""
    match kind:
        case CommentKind.STRENGTH:
            return pgettext("comment", "Strength")
        case CommentKind.QUESTION:
            return pgettext("comment", "Question")
        case CommentKind.SUGGESTION:
            return pgettext("comment", "Suggestion")


def say_medium(medium: Medium) -> str:
    """Say what a clip is."""
    match medium:
        case Medium.VIDEO:
            return gettext("Video")
        case Medium.AUDIO:
            return gettext("Sound recording")
        case Medium.DOCUMENT:
            return gettext("Document")


def say_shown(kind: ShownKind) -> str:
    """Say who decides for a person who is shown."""
    return gettext("Adult") if kind is ShownKind.ADULT else gettext("Child")


def say_consent(state: ConsentState) -> str:
    """Say what a person who is shown says."""
    match state:
        case ConsentState.ASKED:
            return gettext("Asked, no answer yet")
        case ConsentState.GIVEN:
            return gettext("Agrees")
        case ConsentState.REFUSED:
            return gettext("Does not agree")
        case ConsentState.WITHDRAWN:
            return gettext("Does not agree any more")
