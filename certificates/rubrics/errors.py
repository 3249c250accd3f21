"""What the rubrics refuse, in their own words."""

from __future__ import annotations

from institute.errors import ConflictError, InvalidError, NotFoundError
from institute.i18n import lazy_gettext


class RubricUnevenError(InvalidError):
    """The criteria of a rubric do not have the same number of levels, or too few."""

    code = "RUBRIC-LEVELS"
    sentence = lazy_gettext(
        "%(file)s: each criterion of “%(rubric)s” needs one descriptor for each of its levels,"
        " two levels at least and nine at most."
    )


class CutError(InvalidError):
    """The cut of a rubric is no number within its levels."""

    code = "RUBRIC-CUT"
    sentence = lazy_gettext("%(file)s: the cut of “%(rubric)s” must lie between 1 and its highest level.")


class ExamplesUnevenError(InvalidError):
    """A criterion has examples, but not one for each level."""

    code = "RUBRIC-EXAMPLES"
    sentence = lazy_gettext(
        "%(file)s: “%(criterion)s” needs an example for each of its levels or none; {} stands where there is none."
    )


class MinimumError(InvalidError):
    """A criterion asks for a level that the rubric does not have."""

    code = "RUBRIC-MINIMUM"
    sentence = lazy_gettext("%(file)s: the minimum of “%(criterion)s” must be one of its levels.")


class NearCutError(InvalidError):
    """The distance from the cut is no number of levels."""

    code = "RUBRIC-NEAR"
    sentence = lazy_gettext(
        '%(file)s: near_cut must be a distance in levels up to 3, such as "1/2", or "none".'
    )


class RubricNotFoundError(NotFoundError):
    """The institute has no such rubric, or nobody writes on it."""

    code = "RUBRIC-NONE"
    sentence = lazy_gettext("This rubric, or this part of it, is not here.")
    advice = lazy_gettext("Open the list of rubrics and choose it from there.")


class RubricUnfinishedError(ConflictError):
    """What is written of a rubric cannot be scored by yet."""

    code = "RUBRIC-UNFINISHED"
    title = lazy_gettext("The rubric is not finished")
    sentence = lazy_gettext("Something in it is missing or impossible, so it was not published.")
    advice = lazy_gettext("Open the draft: what is to be mended stands beside each field.")


class RubricMovedOnError(ConflictError):
    """What was confirmed is not what would be published now."""

    code = "RUBRIC-MOVED"
    title = lazy_gettext("The rubric has changed meanwhile")
    sentence = lazy_gettext(
        "Somebody wrote in this rubric after the page was made, so nothing was published."
    )
    advice = lazy_gettext("Go back, look at what would change now, and publish that.")


class RubricSameError(ConflictError):
    """The draft says what the newest version says."""

    code = "RUBRIC-SAME"
    title = lazy_gettext("Nothing is new")
    sentence = lazy_gettext("The draft says the same as the newest version, so there is nothing to publish.")


class TranslationsUnseenError(InvalidError):
    """Translations are missing or older than their text, and nobody said that this is known."""

    code = "RUBRIC-TRANSLATIONS"
    sentence = lazy_gettext("Some translations are missing or older than their text: tick that you know it.")


class RubricLanguageError(NotFoundError):
    """The institute does not translate into this language, or the rubric is written in it."""

    code = "RUBRIC-LANGUAGE"
    sentence = lazy_gettext("Rubrics are not translated into this language here.")


class TextNeededError(InvalidError):
    """A text that raters or participants need is empty."""

    code = "RUBRIC-TEXT"
    sentence = lazy_gettext("Write something here.")


class TextLengthError(InvalidError):
    """A text is longer than fits beside the evidence."""

    code = "RUBRIC-LONG"
    sentence = lazy_gettext("%(most)s characters at most; these are %(length)s (%(language)s).")


class LevelsNeededError(InvalidError):
    """A rubric has too few or too many levels."""

    code = "RUBRIC-LEVEL-COUNT"
    sentence = lazy_gettext("A rubric has two to nine levels.")


class CriteriaNeededError(InvalidError):
    """A rubric has no criterion, or too many."""

    code = "RUBRIC-CRITERIA"
    sentence = lazy_gettext("A rubric has one to %(most)s criteria.")


class CutNeededError(InvalidError):
    """What was typed as the cut is no number within the levels."""

    code = "RUBRIC-CUT-TYPED"
    sentence = lazy_gettext("Write a number from 1 to %(most)s, such as 3, 2.5 or 7/3.")


class LevelGoneError(InvalidError):
    """A criterion asks for a level that is not in the rubric."""

    code = "RUBRIC-LEVEL-GONE"
    sentence = lazy_gettext("Choose one of the levels, or none: the one chosen before is gone.")


class ElementMalformedError(InvalidError):
    """What names a competency cannot be its address."""

    code = "RUBRIC-ELEMENT"
    sentence = lazy_gettext("Choose a competency from the list, or none.")


class NumberNeededError(InvalidError):
    """A field of the policy is no number, or outside of what it may be."""

    code = "RUBRIC-NUMBER"
    sentence = lazy_gettext("Write a whole number from %(least)s to %(most)s.")


class DistanceNeededError(InvalidError):
    """The distance from a cut is no number of levels."""

    code = "RUBRIC-DISTANCE"
    sentence = lazy_gettext("Write a distance in levels from 0 to %(most)s, such as 0.5 or 1/3, or nothing.")


class ChoiceNeededError(InvalidError):
    """None of the choices was made."""

    code = "RUBRIC-CHOICE"
    sentence = lazy_gettext("Choose one of these.")


class RubricKeyTakenError(ConflictError):
    """Another rubric has the short name."""

    code = "RUBRIC-KEY"
    sentence = lazy_gettext("“%(key)s” names another rubric already.")


class RubricKeyError(InvalidError):
    """The short name cannot stand in an address."""

    code = "RUBRIC-KEY-FORM"
    sentence = lazy_gettext("Lower-case letters, digits and single hyphens, 60 at most.")


class RubricFileError(InvalidError):
    """The form came without a file, or with one that is too large."""

    code = "RUBRIC-FILE"
    sentence = lazy_gettext("Choose a file of a rubric that ends in .toml, of %(most)s kB at most.")
