"""What the rulebook refuses, in its own words."""

from __future__ import annotations

from institute.errors import ConflictError, InvalidError, NotFoundError
from institute.i18n import lazy_gettext


class LevelUnknownError(NotFoundError):
    """The institute has no such level, or its draft no such rule."""

    code = "LEVEL-NONE"
    sentence = lazy_gettext("This level, or this rule of it, is not here.")
    advice = lazy_gettext("Open the list of levels and choose it from there.")


class DraftChangedError(ConflictError):
    """Somebody else saved the draft meanwhile."""

    code = "RULES-CHANGED"
    title = lazy_gettext("Somebody else changed these rules meanwhile")
    sentence = lazy_gettext("Nothing of yours was saved yet, and nothing of theirs was lost.")
    advice = lazy_gettext("Look at the rules as they are now, then do it again.")


class RulesEmptyError(ConflictError):
    """A level without rules cannot be published."""

    code = "RULES-EMPTY"
    sentence = lazy_gettext("Write one rule at least: a level without rules can be reached by nobody.")


class RulesManyError(ConflictError):
    """A level has as many rules as one can read."""

    code = "RULES-MANY"
    sentence = lazy_gettext("A level has 60 rules at most. Take one out before you add another.")


class RuleTwiceError(ConflictError):
    """The level asks for the same already, on the same pathway."""

    code = "RULE-TWICE"
    sentence = lazy_gettext("The level asks for this already. Change that rule instead of adding another.")


class RuleTypedError(InvalidError):
    """A rule as it was typed cannot be kept; ``problems`` says why, by field."""

    code = "RULE-TYPED"
    sentence = lazy_gettext("The rule is not complete yet.")

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__()
        self.problems = problems


class LevelNamedError(InvalidError):
    """A level needs a name that no other level of the institute has."""

    code = "LEVEL-NAME"
    sentence = lazy_gettext("Write a name that no other level has, of 60 letters at most.")


class PathwayError(InvalidError):
    """A pathway needs a name of its own."""

    code = "PATHWAY-NAME"
    sentence = lazy_gettext("Write a name that no other pathway of this level has, of 60 letters at most.")


class ValidityError(InvalidError):
    """How long an award holds is a number of months."""

    code = "VALID-MONTHS"
    sentence = lazy_gettext("Write a number of months from 1 to 240, or nothing: then it holds for ever.")
