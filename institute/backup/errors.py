"""Why a backup or a restore was refused. Nothing was changed then."""

from __future__ import annotations

from institute.errors import ConflictError, InvalidError, UnavailableError
from institute.i18n import lazy_gettext


class PlaceTakenError(ConflictError):
    """A file of that name is there already."""

    code = "BACKUP-TAKEN"
    sentence = lazy_gettext("%(path)s is there already: name another file.")


class PlaceUnfitError(InvalidError):
    """The disk refuses."""

    code = "BACKUP-PLACE"
    sentence = lazy_gettext("%(path)s cannot be used: %(reason)s.")


class NothingToBackUpError(ConflictError):
    """The database is not there or holds nothing of ours."""

    code = "BACKUP-NOTHING"
    sentence = lazy_gettext("There is no database yet: nothing to back up.")


class UnderWayError(ConflictError):
    """Somebody else holds the folder that is needed."""

    code = "BACKUP-UNDER-WAY"
    sentence = lazy_gettext("%(path)s is in use by another run. Stop that one first.")


class InUseError(ConflictError):
    """Processes of the tool are connected to the database that is to be replaced."""

    code = "RESTORE-IN-USE"
    sentence = lazy_gettext("The database is in use: stop the web processes and the workers first.")


class ProgramMissingError(UnavailableError):
    """A PostgreSQL database is copied by PostgreSQL's own programs."""

    code = "BACKUP-PROGRAM"
    sentence = lazy_gettext("%(program)s is not installed: it comes with PostgreSQL's client programs.")


class ProgramFailedError(UnavailableError):
    """One of PostgreSQL's programs said no; what it said is passed on."""

    code = "BACKUP-FAILED"
    sentence = lazy_gettext("%(program)s did not succeed: %(reason)s")


class ArchiveUnreadableError(InvalidError):
    """The file is no archive of ours, or not a whole one."""

    code = "RESTORE-UNREADABLE"
    sentence = lazy_gettext("%(path)s is not a whole backup of this tool.")


class ArchiveDamagedError(InvalidError):
    """A member is not what the manifest says it was."""

    code = "RESTORE-DAMAGED"
    sentence = lazy_gettext("The backup is damaged: %(member)s is not what was written.")


class ArchiveNewerError(InvalidError):
    """The backup was made by a program newer than this one."""

    code = "RESTORE-NEWER"
    sentence = lazy_gettext("The backup was made by a newer version of the tool: install that one first.")


class OtherDatabaseError(InvalidError):
    """SQLite into PostgreSQL, or the other way round."""

    code = "RESTORE-OTHER-DATABASE"
    sentence = lazy_gettext("The backup is of a %(kind)s database, and DATABASE_URL names another kind.")


class OtherSecretError(InvalidError):
    """What is sealed in the backup could not be opened here."""

    code = "RESTORE-SECRET"
    sentence = lazy_gettext(
        "The backup was made under another SECRET_KEY, and what is sealed in it could not be opened. "
        "Set that SECRET_KEY, or none if the backup holds it."
    )


class NotEmptyError(ConflictError):
    """There are data already, and nobody said that they may be replaced."""

    code = "RESTORE-NOT-EMPTY"
    sentence = lazy_gettext("There are data already. With --force they are backed up first, then replaced.")
