"""A programme's folder: a package that is not zipped, and what of its sessions counts towards hours."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from courses.authoring.replacing import follow_version
from courses.catalogue.drafts import ProgrammeContent
from courses.catalogue.models import ProgrammeId, ProgrammeVersion
from courses.catalogue.publishing import publish_version
from courses.cohorts.models import NeedLevel
from courses.hours.policies import DEFAULT as USUAL
from courses.hours.policies import Cap, Dosage, Policy, read_cap
from courses.hours.setting import set_policy
from courses.library.drafts import ResourceDraft
from courses.loading.library import put_resources
from courses.packages.importing import prepared
from courses.packages.papers import FolderPapers
from courses.packages.problems import PackageError
from courses.packages.reading import read_papers
from courses.packages.tables import Table
from courses.sessions.models import Kind, Mode
from institute.actors import Actor
from institute.db import db
from institute.i18n import lazy_gettext


@dataclass(frozen=True, slots=True)
class OpenedProgramme:
    """A programme's folder, read: the files of its ``resources`` are kept."""

    content: ProgrammeContent
    resources: tuple[ResourceDraft, ...]
    policy: Policy | None


def open_programme(path: Path, *, folder: Path, source: str) -> OpenedProgramme:
    """Read a programme's folder and keep the files that it carries. Call it outside any transaction.

    ``source`` is the language that texts are translated from. Raises PackageError with every problem, its files named
    from ``folder``, the top one.
    """
    papers = FolderPapers(path)
    try:
        package = read_papers(papers, source=source)
        policy = _read_policy(package.policy) if package.policy else None
        return OpenedProgramme(package.content, prepared(package, papers), policy)
    except PackageError as error:
        above = path.relative_to(folder).as_posix()
        raise PackageError(*(problem.below(above) for problem in error.problems)) from error


def load_programme(opened: OpenedProgramme, *, actor: Actor) -> ProgrammeId:
    """Publish a programme with its modules and segments; drafts that nobody touched follow it.

    Its resources come first: what is published never names what is not there.
    """
    put_resources(opened.resources, actor=actor)
    version_id = publish_version(opened.content, actor=actor)
    programme_id = db.session.scalars(
        select(ProgrammeVersion.programme_id).where(ProgrammeVersion.id == version_id)
    ).one()
    follow_version(opened.content.programme.slug, actor=actor)
    if opened.policy is not None:
        set_policy(programme_id, opened.policy, actor=actor)
    return programme_id


def _read_policy(table: Table) -> Policy:
    """Return what is asked for, what counts and up to which limits. Raises PackageError."""
    counting = set()
    for number, pair in enumerate(table.names("counting"), start=1):
        kind, _, mode = pair.partition("/")
        if kind in list(Kind) and mode in list(Mode):
            counting.add((Kind(kind), Mode(mode)))
        else:
            table.wrong("counting", lazy_gettext("a list of kind/mode such as one_to_one/video"), number)
    usual = _read_dosage(table, "", USUAL.asked(NeedLevel.STANDARD))
    raised, intensive = (
        _read_dosage(table, f"{level}_", usual) if table.has(f"{level}_minimum_minutes") else None
        for level in ("raised", "intensive")
    )
    caps = _read_caps(table)
    table.finish()
    table.sheet.problems.refuse()
    return Policy(
        *usual,
        frozenset(counting) if table.has("counting") else USUAL.counting,
        raised=raised,
        intensive=intensive,
        caps=caps,
    )


def _read_dosage(table: Table, level: str, usual: Dosage) -> Dosage:
    minimum = table.integer(f"{level}minimum_minutes", least=0, default=usual.minimum)
    target = table.integer(f"{level}target_minutes", least=0, default=max(usual.target, minimum))
    if target < minimum:
        table.wrong(f"{level}target_minutes", lazy_gettext("a number that is not below minimum_minutes"))
    return Dosage(minimum, max(minimum, target))


def _read_caps(table: Table) -> tuple[Cap, ...]:
    caps = {}
    for number, words in enumerate(table.names("limits"), start=1):
        try:
            cap = read_cap(words)
        except ValueError:
            cap = None
        if cap is None or (cap.period, cap.subject) in caps:
            wanted = lazy_gettext("a list of different limits such as month:mode/asynchronous:30")
            table.wrong("limits", wanted, number)
        else:
            caps[cap.period, cap.subject] = cap
    return tuple(caps.values())
