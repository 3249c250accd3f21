"""What the awards refuse, in their own words."""

from __future__ import annotations

from institute.errors import ConflictError, DeniedError, InvalidError, NotFoundError
from institute.i18n import lazy_gettext


class NotEligibleError(ConflictError):
    """A rule of the level is not met at this moment."""

    code = "LEVEL-NOT-MET"
    title = lazy_gettext("Not every rule is met")
    sentence = lazy_gettext("A rule of this level is still open, so nothing was decided.")
    advice = lazy_gettext("The page of the level says what is missing.")


class LevelClosedError(ConflictError):
    """The level has no rules yet, or it is not the next one."""

    code = "LEVEL-CLOSED"
    title = lazy_gettext("This level is not open to you yet")
    sentence = lazy_gettext("You can apply for the level that follows the one you hold.")


class AlreadyAppliedError(ConflictError):
    """There is an open application for the level."""

    code = "APPLICATION-OPEN"
    title = lazy_gettext("You have applied already")
    sentence = lazy_gettext("Your application for this level is with your institute.")


class AlreadyHeldError(ConflictError):
    """The person holds the level: nobody is awarded it twice."""

    code = "LEVEL-HELD"
    title = lazy_gettext("This level is held already")
    sentence = lazy_gettext(
        "There is a certificate for this level that stands, so there cannot be a second one."
    )


class ApplicationStateError(ConflictError):
    """Somebody decided before."""

    code = "APPLICATION-STATE"
    title = lazy_gettext("This application has been decided")
    sentence = lazy_gettext("An application that is “%(state)s” cannot become “%(wished)s”.")


class DecidedAlreadyError(ApplicationStateError):
    """Another administrator was faster."""

    code = "APPLICATION-DECIDED"
    sentence = lazy_gettext("%(name)s has decided this application: it is “%(state)s” now.")
    advice = lazy_gettext("Open the application to see what was decided and why.")


class StatusListFullError(ConflictError):
    """Every place of the institute's list of statuses is taken: another award could not be revoked in public."""

    code = "STATUS-LIST-FULL"
    title = lazy_gettext("No more certificates can be issued")
    sentence = lazy_gettext(
        "Your institute has issued %(most)s certificates, as many as its list of statuses holds. Tell whoever runs"
        " the server."
    )


class ClockBackwardsError(ConflictError):
    """The clock stands before what was recorded last: an award would bear a date before others."""

    code = "CLOCK-BACKWARDS"
    title = lazy_gettext("The server’s clock is wrong")
    sentence = lazy_gettext("The clock stands before what was recorded last, so nothing was issued.")
    advice = lazy_gettext("Tell whoever runs the server. Nothing is lost: issue it when the clock is right.")


class AppealDeadlineError(ConflictError):
    """The days in which a denial can be appealed are over, or it was appealed before."""

    code = "DENIAL-APPEAL"
    title = lazy_gettext("This decision stands")
    sentence = lazy_gettext("A denial can be appealed once, within %(days)s days.")


class AwardStateError(ConflictError):
    """The certificate's status does not allow the change."""

    code = "AWARD-STATE"
    title = lazy_gettext("The certificate cannot change like this")
    sentence = lazy_gettext("A certificate that is “%(state)s” cannot become “%(wished)s”.")


class DutiesError(DeniedError):
    """Whoever decides must be apart from what was coached and scored."""

    code = "AWARD-DUTIES"
    title = lazy_gettext("Somebody else must decide this")
    sentence = lazy_gettext("You have another duty towards this person that does not go with issuing.")


class OwnApplicationError(DutiesError):
    """Nobody awards oneself."""

    code = "AWARD-OWN"
    sentence = lazy_gettext("This is your own application.")


class CoachDecidesError(DutiesError):
    """The person's coach, now or before, does not issue."""

    code = "AWARD-COACH"
    sentence = lazy_gettext("You coach this person, or did before.")


class SoleRaterError(DutiesError):
    """Whoever scored all the evidence alone does not issue as well."""

    code = "AWARD-RATER"
    sentence = lazy_gettext("You scored this person’s evidence alone.")


class DeniedBeforeError(DutiesError):
    """Whoever denied an application does not decide about the appeal."""

    code = "AWARD-DENIED"
    sentence = lazy_gettext("You denied this application. Somebody else decides about the appeal.")


class NameWishedError(ConflictError):
    """The person asks for another name, and nobody answered."""

    code = "NAME-WISHED"
    title = lazy_gettext("The name is not decided yet")
    sentence = lazy_gettext("The person asks for another name on the certificate.")
    advice = lazy_gettext("Open the application and decide about the name first.")


class NameAnsweredError(ConflictError):
    """The wish for another name is not what was looked at."""

    code = "NAME-ANSWERED"
    title = lazy_gettext("Look once more")
    sentence = lazy_gettext(
        "The name that is asked for was changed or answered meanwhile, so nothing was saved."
    )


class PreviewChangedError(ConflictError):
    """What would be issued is not what was looked at."""

    code = "AWARD-PREVIEW"
    title = lazy_gettext("Look once more")
    sentence = lazy_gettext("What the certificate says has changed since you opened the preview.")
    advice = lazy_gettext("Open the application again and look at the preview. Nothing was issued.")


class ReasonMissingError(InvalidError):
    """A decision against somebody needs a reason."""

    code = "REASON-MISSING"
    sentence = lazy_gettext("Write down the reason: the person reads it.")


class WishReasonMissingError(ReasonMissingError):
    """Another name is asked for without a reason."""

    code = "NAME-REASON"
    sentence = lazy_gettext("Say why it shall be another name: your institute reads it.")


class NoteMissingError(InvalidError):
    """A change of a certificate needs a note, which stays inside."""

    code = "NOTE-MISSING"
    sentence = lazy_gettext("Write down what happened. The note stays here.")


class NoteTooLongError(InvalidError):
    """The text is longer than can be kept."""

    code = "NOTE-LENGTH"
    sentence = lazy_gettext("Write at most %(most)s characters.")


class ReasonUnknownError(InvalidError):
    """The class of the reason is not one of those there are."""

    code = "REASON-UNKNOWN"
    sentence = lazy_gettext("Choose a reason.")


class LanguageUnknownError(InvalidError):
    """Certificates are made in other languages than this."""

    code = "LANGUAGE-UNKNOWN"
    sentence = lazy_gettext("Choose two different languages, or one.")


class CertificateUnknownError(NotFoundError):
    """There is no certificate with this code; malformed codes answer alike."""

    code = "CERTIFICATE-UNKNOWN"
    sentence = lazy_gettext("No certificate has this code.")


class SerialMistypedError(NotFoundError):
    """What was typed is a serial whose last digit does not fit the others."""

    code = "SERIAL-MISTYPED"
    sentence = lazy_gettext("A digit of this serial is wrong: the last one does not fit the others.")


class BadgeKeptError(DeniedError):
    """A badge tells more than its holder lets others see."""

    code = "BADGE-KEPT"
    title = lazy_gettext("The holder shows this badge")
    sentence = lazy_gettext("This badge tells hours or results that its holder has not chosen to share here.")
    advice = lazy_gettext("Ask its holder for the certificate: the badge is inside the file.")


class DocumentNotReadyError(ConflictError):
    """The award is valid; its document is being prepared."""

    code = "DOCUMENT-NOT-READY"
    title = lazy_gettext("The document is being prepared")
    sentence = lazy_gettext("The certificate is valid already. Its document will be here in a minute or two.")


class BatchEmptyError(InvalidError):
    """Nothing was chosen, or nothing waits any more."""

    code = "BATCH-EMPTY"
    sentence = lazy_gettext("Choose at least one application that waits.")


class BatchTooLargeError(InvalidError):
    """More than one batch takes."""

    code = "BATCH-SIZE"
    sentence = lazy_gettext("Choose at most %(most)s applications at once.")


class BatchStateError(ConflictError):
    """Somebody, or the worker, was faster."""

    code = "BATCH-STATE"
    title = lazy_gettext("This has moved on")
    sentence = lazy_gettext("These certificates are “%(state)s” by now.")
    advice = lazy_gettext("Open the page again to see where they stand.")


class BatchOwnerError(DeniedError):
    """What was checked for one administrator is not issued by another."""

    code = "BATCH-OWNER"
    title = lazy_gettext("Somebody else began this")
    sentence = lazy_gettext("%(name)s began this, and what may be issued was checked for them alone.")
    advice = lazy_gettext("You can stop it here and begin anew yourself.")


class DecisionUnknownError(InvalidError):
    """Nothing of what a flagged certificate may become was chosen."""

    code = "FLAG-DECISION"
    sentence = lazy_gettext("Choose what becomes of the certificate.")


class LookUnfitError(ConflictError):
    """A text does not fit on the page as the institute's documents look now."""

    code = "LOOK-UNFIT"
    sentence = lazy_gettext("A text does not fit on the page of the certificate.")
    advice = lazy_gettext("Shorten the name, choose one language, or change how documents look.")
