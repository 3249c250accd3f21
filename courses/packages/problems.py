"""What is the matter with a package: every problem with its file, line, key, code and a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from institute.errors import DomainError, InvalidError
from institute.i18n import LazyText, lazy_gettext

CYCLE: Final = "PACKAGE-CYCLE"
DEEP: Final = "PACKAGE-DEEP"
DIGEST: Final = "PACKAGE-DIGEST"
FORMAT: Final = "PACKAGE-FORMAT"
LANGUAGE: Final = "PACKAGE-LANGUAGE"
LARGE: Final = "PACKAGE-LARGE"
LOCKED: Final = "PACKAGE-LOCKED"
MISSING: Final = "PACKAGE-MISSING"
MISSING_FILE: Final = "PACKAGE-FILE"
NAME: Final = "PACKAGE-NAME"
PATH: Final = "PACKAGE-PATH"
STRUCTURE: Final = "PACKAGE-STRUCTURE"
SWELLING: Final = "PACKAGE-SWELLING"
TEXT: Final = "PACKAGE-TEXT"
TOML: Final = "PACKAGE-TOML"
TWICE: Final = "PACKAGE-TWICE"
UNKNOWN: Final = "PACKAGE-UNKNOWN"
UNREAD: Final = "PACKAGE-UNREAD"
VALUE: Final = "PACKAGE-VALUE"
ZIP: Final = "PACKAGE-ZIP"


class Sentence:
    """A sentence with what is put into it, in the language of whoever reads it."""

    def __init__(self, text: LazyText, facts: Mapping[str, object]) -> None:
        self.text = text
        self.facts = facts

    def __str__(self) -> str:
        return str(self.text) % self.facts


class Said:
    """What another room refused with, in the language of whoever reads it."""

    def __init__(self, error: DomainError) -> None:
        self.error = error

    def __str__(self) -> str:
        return self.error.text


Words: TypeAlias = LazyText | Sentence | Said


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right. ``line`` counts from 1; ``file`` and ``key`` are empty where it is about more."""

    code: str
    sentence: Words
    file: str = ""
    line: int | None = None
    key: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.file and self.line else self.file
        return f"{where}: {self.sentence}" if where else str(self.sentence)

    def below(self, folder: str) -> Problem:
        """Return the same problem with its file named from a folder further up."""
        return replace(self, file=f"{folder}/{self.file}" if self.file else folder)

    @property
    def place(self) -> tuple[str, int, str]:
        """Return what problems are put in order by."""
        return (self.file, self.line or 0, self.key)


class PackageError(InvalidError):
    """A package cannot be used. ``problems`` holds everything that was found, in the order of files and lines."""

    code = "PACKAGE"
    sentence = lazy_gettext("The package has mistakes.")
    title = lazy_gettext("This package cannot be used")

    def __init__(self, *problems: Problem) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.place))
        super().__init__(files=[problem.file for problem in self.problems])

    @property
    def text(self) -> str:
        """Everything that was found, a line for each problem."""
        return "\n".join(str(problem) for problem in self.problems)


class Problems:
    """Collects what is found, so that an author puts everything right at once."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def add(
        self,
        code: str,
        sentence: Words,
        *,
        file: str = "",
        line: int | None = None,
        key: str = "",
    ) -> None:
        """Note a problem; the same one is noted once."""
        problem = Problem(code, sentence, file, line, key)
        if not any((one.code, one.place) == (code, problem.place) for one in self.found[-20:]):
            self.found.append(problem)

    def refuse(self) -> None:
        """Raise PackageError if anything was found."""
        if self.found:
            raise PackageError(*self.found)
