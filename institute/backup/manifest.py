"""What an archive says about itself: written last, so that an archive without it is not whole."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import Any, Final

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
SQLITE_MEMBER: Final = "database.sqlite3"
POSTGRES_MEMBER: Final = "database.pgdump"
DATABASE_MEMBERS: Final = {"sqlite": SQLITE_MEMBER, "postgresql": POSTGRES_MEMBER}
KEY_FOLDER: Final = "keys/"
FILE_FOLDER: Final = "files/"
# The only names an archive may hold beside the manifest: nothing leads out of the folders it is unpacked into.
LAWFUL: Final = re.compile(
    r"database\.sqlite3|database\.pgdump|keys/(former_)?(secret|notes)_key|files/[0-9a-f]{64}", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Member:
    """A file in the archive: its size in bytes and its SHA-256 in hex."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """When and of what a backup was made.

    ``revision`` is the database's, ``secret`` the mark of the SECRET_KEY in use (which tells nothing about the key),
    ``missing`` counts files that the database names and the storage did not have.
    """

    made_at: str
    database: str
    revision: str
    secret: str
    missing: int
    members: dict[str, Member]

    def as_json(self) -> bytes:
        """Return what is written into the archive."""
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1).encode()

    @classmethod
    def of_json(cls, text: bytes) -> Manifest:
        """Return what ``as_json`` wrote. Raises ValueError for anything else, or a later format."""
        raw = json.loads(text)
        if not isinstance(raw, dict) or raw.pop("format", None) != FORMAT:
            raise ValueError("not a manifest of this format")
        try:
            members = {name: Member(**member) for name, member in raw.pop("members").items()}
            manifest = cls(members=members, **raw)
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError("not a manifest") from error
        manifest.check()
        return manifest

    def check(self) -> None:
        """Raise ValueError unless every value is of its kind and every member has a lawful name."""
        texts: tuple[Any, ...] = (self.made_at, self.database, self.revision, self.secret)
        texts += tuple(member.sha256 for member in self.members.values())
        sizes = (self.missing, *(member.size for member in self.members.values()))
        if not all(isinstance(text, str) for text in texts) or not all(
            isinstance(size, int) for size in sizes
        ):
            raise ValueError("not a manifest")
        if not all(LAWFUL.fullmatch(name) for name in self.members):
            raise ValueError("a member has a name that no backup has")
        if [name for name in self.members if name.startswith("database.")] != [self.database_member]:
            raise ValueError("not one database")

    @property
    def database_member(self) -> str:
        """The name of the member that holds the database."""
        return DATABASE_MEMBERS.get(self.database, "")
