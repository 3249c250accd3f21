"""What calibration refuses, in its own words."""

from __future__ import annotations

from institute.errors import ConflictError, InvalidError
from institute.i18n import lazy_gettext


class NothingToTakeError(ConflictError):
    """The rubric has no published set, or its papers may not be shown any more."""

    code = "CALIBRATION-NONE"
    sentence = lazy_gettext("There is no set to take for this rubric at the moment.")


class TriesUsedError(ConflictError):
    """Two attempts failed; training comes before the next."""

    code = "CALIBRATION-LOCKED"
    sentence = lazy_gettext(
        "Two attempts did not pass. The scoring lead opens the next one after a training."
    )


class PaperHandedInError(ConflictError):
    """The scores of this paper stand already."""

    code = "CALIBRATION-HANDED-IN"
    sentence = lazy_gettext("You handed in the scores of this paper already. They stand as they are.")


class ScoresLeftError(InvalidError):
    """A criterion of the paper has no score yet."""

    code = "CALIBRATION-LEFT"
    sentence = lazy_gettext("Score every criterion before you hand the paper in.")


class ScoresFaultyError(InvalidError):
    """What the page of a paper sends cannot be saved; ``faults`` has a sentence for each field."""

    code = "CALIBRATION-SCORES"
    sentence = lazy_gettext("Some scores cannot be saved.")

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__()
        self.faults = faults


class SetPublishedError(ConflictError):
    """A published set does not change."""

    code = "CALIBRATION-PUBLISHED"
    sentence = lazy_gettext(
        "This set is published, so it cannot be changed. Make a new version of it instead."
    )


class SetIncompleteError(ConflictError):
    """A set has papers without all their scores and reasons, or none at all."""

    code = "CALIBRATION-INCOMPLETE"
    sentence = lazy_gettext("This set cannot be published yet: something is missing.")


class SetFormError(InvalidError):
    """What the form of a set or a paper sends cannot be saved; ``faults`` has a sentence for each field."""

    code = "CALIBRATION-FORM"
    sentence = lazy_gettext("Some fields need another look.")

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__()
        self.faults = faults


class TooManyPapersError(ConflictError):
    """A set holds as many papers as it can."""

    code = "CALIBRATION-PAPERS"
    sentence = lazy_gettext("A set holds at most %(most)s papers.")


class NotAgreedError(ConflictError):
    """The author of this evidence has not agreed that raters learn from it."""

    code = "CALIBRATION-CONSENT"
    sentence = lazy_gettext("Its author has not agreed to this. Ask first, and use it once they agree.")


class NotLockedError(ConflictError):
    """Nothing keeps this person from trying again."""

    code = "CALIBRATION-OPEN"
    sentence = lazy_gettext("This person can try again already.")
