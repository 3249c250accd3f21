"""What the evidence refuses, in its own words."""

from __future__ import annotations

from institute.errors import ConflictError
from institute.i18n import lazy_gettext


class SubmissionStateError(ConflictError):
    """A submission cannot go from its state to the one asked for."""

    code = "SUBMISSION-STATE"
    title = lazy_gettext("The submission cannot change like this")
    sentence = lazy_gettext("A submission that is “%(state)s” cannot become “%(wished)s”.")


class SubmissionFrozenError(ConflictError):
    """What was submitted stands."""

    code = "SUBMISSION-FROZEN"
    title = lazy_gettext("This was submitted already")
    sentence = lazy_gettext("Your evidence was submitted, so its text and files cannot be changed any more.")
    advice = lazy_gettext("Open the page again to see what was submitted.")


class EvidenceClosedError(ConflictError):
    """Evidence is written and submitted only while the enrolment is active."""

    code = "EVIDENCE-CLOSED"
    title = lazy_gettext("Your enrolment is not active")
    sentence = lazy_gettext("While an enrolment is “%(state)s”, evidence cannot be changed or submitted.")
    advice = lazy_gettext(
        "What you saved before is kept. Your facilitator can make the enrolment active again."
    )


class RequirementRetiredError(ConflictError):
    """The institute asks for this no longer, and nothing was begun."""

    code = "REQUIREMENT-RETIRED"
    title = lazy_gettext("This is not asked for any more")
    sentence = lazy_gettext("Your institute does not ask for this evidence any more.")


class NotSentBackError(ConflictError):
    """A new version is written after one that was sent back, and only then."""

    code = "SUBMISSION-AGAIN"
    title = lazy_gettext("No new version is asked for")
    sentence = lazy_gettext("A new version can be begun only when the last one came back to you.")


class AttemptsUsedError(ConflictError):
    """All attempts were made."""

    code = "EVIDENCE-ATTEMPTS"
    title = lazy_gettext("There is no further attempt")
    sentence = lazy_gettext("All %(most)s attempts at this were made.")
    advice = lazy_gettext("Talk with your coordinator about what comes next.")


class PresentationStateError(ConflictError):
    """The presentation is not in the state that this needs."""

    code = "PRESENTATION-STATE"
    title = lazy_gettext("The presentation cannot change like this")
    sentence = lazy_gettext("This presentation was held already, or no time was set for it yet.")
    advice = lazy_gettext("Open the page again to see where it stands.")


class RequirementChangedError(ConflictError):
    """Somebody else changed the requirement while its form was open."""

    code = "REQUIREMENT-CHANGED"
    title = lazy_gettext("Somebody else changed this meanwhile")
    sentence = lazy_gettext("The requirement was changed in another window while you wrote.")
    advice = lazy_gettext(
        "Go back to keep what you typed, open the page anew beside it, and put both together."
    )


class SeatsGivenError(ConflictError):
    """No place is left."""

    code = "TOOL-SEATS"
    title = lazy_gettext("Every place is given")
    sentence = lazy_gettext("The licence has %(seats)s places, and all of them are given.")
    advice = lazy_gettext("Take one back, or raise the number of places once the licence has more.")
