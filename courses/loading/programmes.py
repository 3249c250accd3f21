"""A programme's folder: a package that is not zipped, and what of its sessions counts towards hours."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from courses.authoring.replacing import follow_version
from courses.catalogue.models import ProgrammeId, ProgrammeVersion
from courses.catalogue.publishing import publish_version
from courses.coaching.models import Kind, Mode
from courses.coaching.policies import DEFAULT as USUAL
from courses.coaching.policies import Policy, set_policy
from courses.packages.problems import PackageError
from courses.packages.reading import Package, read_folder
from courses.packages.tables import Table
from institute.actors import Actor
from institute.db import db
from institute.i18n import lazy_gettext


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads what lies below ``folder``; ``source`` is the language that texts are translated from."""

    folder: Path
    source: str

    def package(self, path: Path) -> tuple[Package, Policy | None]:
        """Read a programme's folder. Raises PackageError with every problem, its files named from the top folder."""
        try:
            package = read_folder(path, source=self.source)
            policy = _read_policy(package.policy) if package.policy else None
        except PackageError as error:
            above = path.relative_to(self.folder).as_posix()
            raise PackageError(*(problem.below(above) for problem in error.problems)) from error
        return package, policy


def load_programme(path: Path, *, reader: Reader, actor: Actor) -> ProgrammeId:
    """Publish a programme with its modules and segments; drafts that nobody touched follow it.

    Raises PackageError for what cannot be used.
    """
    package, policy = reader.package(path)
    version_id = publish_version(package.content, actor=actor)
    programme_id = db.session.scalars(
        select(ProgrammeVersion.programme_id).where(ProgrammeVersion.id == version_id)
    ).one()
    follow_version(package.content.programme.slug, actor=actor)
    if policy is not None:
        set_policy(programme_id, policy, actor=actor)
    return programme_id


def _read_policy(table: Table) -> Policy:
    """Return what counts. Raises PackageError."""
    counting = set()
    for number, pair in enumerate(table.names("counting"), start=1):
        kind, _, mode = pair.partition("/")
        if kind in list(Kind) and mode in list(Mode):
            counting.add((Kind(kind), Mode(mode)))
        else:
            table.wrong("counting", lazy_gettext("a list of kind/mode such as one_to_one/video"), number)
    minimum = table.integer("minimum_minutes", least=0, default=USUAL.minimum)
    target = table.integer("target_minutes", least=0, default=max(USUAL.target, minimum))
    if target < minimum:
        table.wrong("target_minutes", lazy_gettext("a number that is not below minimum_minutes"))
    table.finish()
    table.sheet.problems.refuse()
    return Policy(minimum, target, frozenset(counting) if table.has("counting") else USUAL.counting)
