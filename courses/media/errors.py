"""What media refuse."""

from __future__ import annotations

from institute.errors import ConflictError, DeniedError, InvalidError, TooManyError
from institute.i18n import lazy_gettext


class MediaHiddenError(DeniedError):
    """Not everybody who is shown agrees (any more)."""

    code = "MEDIA-HIDDEN"
    title = lazy_gettext("This cannot be shown")
    sentence = lazy_gettext("Not everybody who is shown in this recording agrees that it is shown.")
    advice = lazy_gettext("Whoever handed it in sees who was asked, and can hand in another recording.")


class ClipRefusedError(ConflictError):
    """Somebody said no about these very bytes."""

    code = "MEDIA-REFUSED"
    sentence = lazy_gettext(
        "Somebody who is shown in this recording does not agree that it is shown, so it cannot be added. Choose "
        "another one."
    )


class ClipMissingError(InvalidError):
    """No file was chosen."""

    code = "MEDIA-FILE"
    sentence = lazy_gettext("Choose a video, a sound recording or a PDF.")


class TitleMissingError(InvalidError):
    """A clip has no title, or one that is too long."""

    code = "MEDIA-TITLE"
    sentence = lazy_gettext("Give it a title of up to %(most)s characters.")


class TextLengthError(InvalidError):
    """A text is too long."""

    code = "MEDIA-TEXT"
    sentence = lazy_gettext("The text has %(length)s characters; %(most)s are possible. Shorten it.")


class TextMissingError(InvalidError):
    """A comment says nothing."""

    code = "MEDIA-COMMENT"
    sentence = lazy_gettext("Write what you want to say.")


class CommentKindError(InvalidError):
    """A comment is neither strength nor question nor suggestion."""

    code = "MEDIA-KIND"
    sentence = lazy_gettext("Say what it is: a strength, a question or a suggestion.")


class TimeTypedError(InvalidError):
    """A time that cannot be read."""

    code = "MEDIA-TIME"
    sentence = lazy_gettext("Write the time as minutes and seconds, such as 5:12.")


class BeyondEndError(InvalidError):
    """A time after the end of the recording."""

    code = "MEDIA-BEYOND"
    sentence = lazy_gettext("The recording ends at %(end)s. Choose a time before that.")


class PageBeyondError(InvalidError):
    """A page that the document does not have."""

    code = "MEDIA-PAGE"
    sentence = lazy_gettext("The document has %(count)s pages. Choose one of them.")


class PagesNotMadeError(ConflictError):
    """The pages of the document are not there yet."""

    code = "MEDIA-PAGES-WAIT"
    sentence = lazy_gettext("The pages of this document are not ready yet. Try again in a minute.")


class AnsweredError(ConflictError):
    """A comment with an answer below it stays."""

    code = "MEDIA-ANSWERED"
    sentence = lazy_gettext("Somebody has answered this comment, so it stays.")


class CaptionsBrokenError(InvalidError):
    """A caption file is not WebVTT that every player shows."""

    code = "MEDIA-CAPTIONS"
    sentence = lazy_gettext("These captions cannot be taken. Line %(line)s: %(reason)s")


class CaptionsMissingError(InvalidError):
    """No caption file was chosen."""

    code = "MEDIA-CAPTIONS-FILE"
    sentence = lazy_gettext("Choose a WebVTT file (.vtt).")


class LanguageError(InvalidError):
    """A language that is not spoken here."""

    code = "MEDIA-LANGUAGE"
    sentence = lazy_gettext("Choose a language.")


class LabelError(InvalidError):
    """Who is shown is not named, or named like somebody else."""

    code = "MEDIA-LABEL"
    sentence = lazy_gettext("Say who it is, in up to %(most)s characters, and differently for each person.")


class ShownKindError(InvalidError):
    """Neither an adult nor a child."""

    code = "MEDIA-SHOWN"
    sentence = lazy_gettext("Say whether it is an adult or a child.")


class PeopleFullError(ConflictError):
    """More people than a clip names."""

    code = "MEDIA-PEOPLE"
    sentence = lazy_gettext("A recording names up to %(most)s people. Choose a part of it that shows fewer.")


class PersonAnsweredError(ConflictError):
    """Somebody who answered stays on the list."""

    code = "MEDIA-ANSWER-STANDS"
    sentence = lazy_gettext("This person has answered, and stays on the list.")


class ConsentGivenError(ConflictError):
    """They agreed already."""

    code = "CONSENT-GIVEN"
    sentence = lazy_gettext("This person has agreed already. Nobody was asked again.")


class ConsentEndedError(ConflictError):
    """They said no, or do not agree any more: only they can change that."""

    code = "CONSENT-ENDED"
    sentence = lazy_gettext(
        "This person does not agree. Only they can change that, by the link they were sent."
    )


class ConsentOftenError(TooManyError):
    """They were asked as often as is decent."""

    code = "CONSENT-OFTEN"
    sentence = lazy_gettext(
        "This person was asked %(most)s times. Speak with them, or choose another recording."
    )


class OwnAddressError(InvalidError):
    """The participant's own address is not that of somebody shown."""

    code = "CONSENT-ADDRESS"
    sentence = lazy_gettext("Write the address of the person who decides. Nobody agrees for somebody else.")


class AddressError(InvalidError):
    """Not an address."""

    code = "CONSENT-EMAIL"
    sentence = lazy_gettext("Write an e-mail address, such as name@example.org.")


class ContactNameError(InvalidError):
    """Who decides is not named."""

    code = "CONSENT-NAME"
    sentence = lazy_gettext("Write the name of the person who decides.")


class SignedDocumentError(InvalidError):
    """The signed document is missing."""

    code = "CONSENT-DOCUMENT"
    sentence = lazy_gettext("Add a photograph or a scan of the signed document.")


class SignedDayError(InvalidError):
    """The day of the signature is missing or to come."""

    code = "CONSENT-DAY"
    sentence = lazy_gettext("Write the day on which it was signed. It is not in the future.")


class AttestError(InvalidError):
    """The participant does not attest."""

    code = "CONSENT-ATTEST"
    sentence = lazy_gettext("Tick that you saw this person, or their guardian, sign.")


class SignatureError(InvalidError):
    """Nobody signed."""

    code = "CONSENT-SIGNATURE"
    sentence = lazy_gettext("Write your name.")


class DecisionError(InvalidError):
    """Neither yes nor no."""

    code = "CONSENT-DECISION"
    sentence = lazy_gettext("Say whether you agree.")


class GuardianError(InvalidError):
    """Whoever answers for a child does not say that they may."""

    code = "CONSENT-GUARDIAN"
    sentence = lazy_gettext("Tick that you are this child's parent or guardian.")


class NobodyShownError(ConflictError):
    """Whom it shows was not said yet."""

    code = "MEDIA-DECLARE"
    sentence = lazy_gettext("First say who is shown in this recording, and ask them.")


class NotSharedError(ConflictError):
    """It cannot be shown to the coach as long as somebody has not agreed."""

    code = "MEDIA-NOT-YET"
    sentence = lazy_gettext("Your coach can see it once everybody who is shown has agreed.")
