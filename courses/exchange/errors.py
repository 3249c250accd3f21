"""What keeps a whole file from being brought in, in its own words."""

from __future__ import annotations

from institute.errors import InvalidError, NotFoundError
from institute.i18n import lazy_gettext


class FileNotChosenError(InvalidError):
    """The form came without a file."""

    code = "EXCHANGE-NONE"
    sentence = lazy_gettext("Choose a CSV file.")


class FileTooLargeError(InvalidError):
    """The file is larger than such files may be."""

    code = "EXCHANGE-LARGE"
    sentence = lazy_gettext("“%(file)s” is larger than %(most)s MB. Split it into several files.")


class FileEmptyError(InvalidError):
    """Nothing is in the file."""

    code = "EXCHANGE-EMPTY"
    sentence = lazy_gettext("The file is empty: it needs a line with the names of the columns.")


class NotUtf8Error(InvalidError):
    """The file is written in another encoding."""

    code = "EXCHANGE-UTF8"
    sentence = lazy_gettext("The file is not UTF-8. Save it as “CSV UTF-8” and choose it again.")


class ZeroByteError(InvalidError):
    """A byte that no text holds."""

    code = "EXCHANGE-ZERO"
    sentence = lazy_gettext("There is a zero byte here, so this is no text. Save the file as “CSV UTF-8”.")


class QuotesError(InvalidError):
    """A quoted cell does not end where it should."""

    code = "EXCHANGE-QUOTES"
    sentence = lazy_gettext(
        "The quotes in this row do not fit: a quoted cell ends with a quote, and a quote inside it is written twice."
    )


class CellTooLongError(InvalidError):
    """A cell is longer than any text that fits somewhere."""

    code = "EXCHANGE-CELL"
    sentence = lazy_gettext("A cell in this row is longer than %(most)s characters.")


class TooManyRowsError(InvalidError):
    """More rows than are brought in at once."""

    code = "EXCHANGE-ROWS"
    sentence = lazy_gettext("A file may have %(most)s rows. Split it into several files.")


class NoRowsError(InvalidError):
    """There is a header and nothing below it."""

    code = "EXCHANGE-NO-ROWS"
    sentence = lazy_gettext("There is no row below the names of the columns.")


class DelimiterError(InvalidError):
    """The header is one cell."""

    code = "EXCHANGE-DELIMITER"
    sentence = lazy_gettext("The columns are not separated as you said. Which sign stands between them?")


class ColumnMissingError(InvalidError):
    """A column that every file has is not there."""

    code = "EXCHANGE-COLUMN-MISSING"
    sentence = lazy_gettext("The column “%(column)s” is missing.")


class ColumnUnknownError(InvalidError):
    """A column that no file has is there."""

    code = "EXCHANGE-COLUMN"
    sentence = lazy_gettext(
        "There is no column “%(column)s”. Leave it out, or use the name from the template."
    )


class ColumnTwiceError(InvalidError):
    """Two columns have one name."""

    code = "EXCHANGE-COLUMN-TWICE"
    sentence = lazy_gettext("The column “%(column)s” is there twice.")


class CellsError(InvalidError):
    """A row has more or fewer cells than the header."""

    code = "EXCHANGE-CELLS"
    sentence = lazy_gettext("This row has %(count)s cells, the first line has %(columns)s.")


class DayUnreadableError(InvalidError):
    """A day is not written in the declared order, or is none."""

    code = "EXCHANGE-DAY"
    sentence = lazy_gettext("“%(text)s” is no day written as you said, such as %(example)s.")


class TimeUnreadableError(InvalidError):
    """A time is not written as declared, or is none."""

    code = "EXCHANGE-TIME"
    sentence = lazy_gettext("“%(text)s” is no time written as you said, such as %(example)s.")


class FormatMissingError(InvalidError):
    """A format was not declared."""

    code = "EXCHANGE-FORMAT"
    sentence = lazy_gettext("Say how days and times are written and what stands between the cells.")


class ZoneUnknownError(InvalidError):
    """There is no such time zone."""

    code = "EXCHANGE-ZONE"
    sentence = lazy_gettext("There is no time zone “%(zone)s”. Write one such as America/Los_Angeles.")


class BatchNotFoundError(NotFoundError):
    """No such file waits for this person."""

    code = "EXCHANGE-BATCH"
    title = lazy_gettext("This file is not here any more")
    sentence = lazy_gettext("A file waits for a day; then it is forgotten.")
    advice = lazy_gettext("Choose the file once more. Rows that are in already are not brought in twice.")


class NotAttestedError(InvalidError):
    """Nobody vouches for the rows."""

    code = "EXCHANGE-ATTEST"
    sentence = lazy_gettext("Say that you vouch for what the file says.")


class ImporterUnknownError(NotFoundError):
    """The command names nobody who may vouch."""

    code = "EXCHANGE-IMPORTER"
    sentence = lazy_gettext(
        "Nobody who is an administrator of the institute has the e-mail address or key “%(text)s”."
    )


class WhichImporterError(InvalidError):
    """There is not exactly one administrator, and none was named."""

    code = "EXCHANGE-WHICH-IMPORTER"
    sentence = lazy_gettext("Name the administrator who vouches for the file: there is not exactly one.")
