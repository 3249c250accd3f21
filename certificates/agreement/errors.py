"""What keeps a rating in a file from being read, in its own words."""

from __future__ import annotations

from institute.errors import InvalidError
from institute.i18n import lazy_gettext


class RatingMissingError(InvalidError):
    """A row does not say which unit, who, or what."""

    code = "AGREEMENT-MISSING"
    sentence = lazy_gettext("Write something here, or leave the whole row out where nothing was rated.")


class RatingUnreadableError(InvalidError):
    """A rating is no number in plain digits."""

    code = "AGREEMENT-NUMBER"
    sentence = lazy_gettext("%(text)s is no rating: write a number such as 3, -1 or 2.5.")


class RatedTwiceError(InvalidError):
    """Two rows hold what one rater gave to one unit."""

    code = "AGREEMENT-TWICE"
    sentence = lazy_gettext("%(rater)s rated %(unit)s on line %(line)s already.")


class TooManyRatersError(InvalidError):
    """More raters, or more different values, than are compared with one another."""

    code = "AGREEMENT-MANY"
    sentence = lazy_gettext("At most %(raters)s raters and %(values)s different ratings are compared.")
