"""Bringing a package in: into what is being written, never straight in front of people who learn."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import BinaryIO, TypeVar

from courses.authoring.extending import received
from courses.authoring.replacing import put_content
from courses.catalogue.citing import resources_of
from courses.catalogue.drafts import ProgrammeContent
from courses.catalogue.models import ProgrammeId
from courses.frameworks.keeping import put_framework, put_vocabulary
from courses.frameworks.queries import load_framework, load_vocabulary
from courses.library import carrying
from courses.library.carrying import CarriedResource
from courses.library.checking import languages_here, tidied
from courses.library.drafts import HeldFile, ResourceDraft
from courses.library.keeping import put_resource
from courses.library.taking import LARGEST_RECORDING
from courses.packages.carried import Carried, PackedResource, labels_named
from courses.packages.errors import PlanChangedError
from courses.packages.exporting import content_now, find_programme, own_resources
from courses.packages.papers import Papers, opened_zip
from courses.packages.plans import AbsentPlan, CarriedKind, CarriedPlan, Fate, Plan, plan_of
from courses.packages.problems import PackageError, Problem, Said
from courses.packages.reading import Package, read_papers
from institute import audit
from institute.actors import Actor, InstituteId
from institute.db import transaction
from institute.errors import DomainError
from institute.files.naming import safe_name

D = TypeVar("D")


@dataclass(frozen=True, slots=True)
class Opened:
    """A package that was read, with its resources as ``put_resource`` takes them: their files are kept."""

    package: Package
    resources: tuple[ResourceDraft, ...]


def open_package(data: BinaryIO, *, institute_id: InstituteId) -> Opened:
    """Read a zipped package and keep the files of its resources. Call it outside any transaction.

    Raises PackageError with every problem.
    """
    with opened_zip(data) as papers:
        package = read_papers(papers, source=languages_here(institute_id)[0])
        return Opened(package, prepared(package, papers))


def plan_import(package: Package, *, institute_id: InstituteId) -> Plan:
    """Return what bringing a package in would do. Writes nothing."""
    plan, _ = _planned(package, institute_id)
    return plan


def bring_in(opened: Opened, *, take_theirs: bool, digest: str | None = None, actor: Actor) -> ProgrammeId:
    """Put a package into what is being written, and what comes with it into the institute; return the programme.

    Where the institute has something else under the key of a resource, framework or vocabulary, it keeps its own
    unless ``take_theirs``. A second time nothing changes. Raises PlanChangedError unless ``digest`` is that of the
    plan or None, and what the use cases of the other rooms raise.
    """
    with transaction():
        plan, content = _planned(opened.package, actor.institute_id)
        if digest is not None and digest != plan.digest():
            raise PlanChangedError
        wished = {Fate.MADE, Fate.CHANGED} if take_theirs else {Fate.MADE}
        put = {(one.kind, one.key) for one in plan.carried if one.fate in wished}
        _put_carried(opened, put, actor=actor)
        programme_id = _put_programme(content, plan, actor=actor)
        if plan.changes_anything:
            audit.record(
                "package.brought_in",
                actor=actor,
                subject=("programme", programme_id),
                details={"plan": plan.digest(), "taken": sorted(f"{kind}:{key}" for kind, key in put)},
            )
        return programme_id


def _planned(package: Package, institute_id: InstituteId) -> tuple[Plan, ProgrammeContent]:
    """Return what bringing a package in would do, and what would be written of the programme then."""
    programme = find_programme(package.content.programme.slug, institute_id)
    before = content_now(programme) if programme is not None else None
    after = received(package.content, before)
    carried, absent = tuple(_carried_plans(package, institute_id)), tuple(_absent(package, institute_id))
    return plan_of(before, after, carried=carried, absent=absent), after


def _put_programme(content: ProgrammeContent, plan: Plan, *, actor: Actor) -> ProgrammeId:
    """Put the programme into what is being written, unless that says the same already; return its id."""
    known = find_programme(plan.slug, actor.institute_id)
    if known is not None and not plan.changes_programme:
        return known.id
    return put_content(content, actor=actor)


def _put_carried(opened: Opened, put: set[tuple[str, str]], *, actor: Actor) -> None:
    """Put what comes along: tags and elements before what carries them."""
    carried = opened.package.carried
    _put_labels(carried, put, actor=actor)
    own = own_resources((resource.key for resource in opened.resources), actor.institute_id)
    for resource in opened.resources:
        # What a resource is never changes: one of another kind stays, whatever was chosen.
        same_kind = own[resource.key].kind is resource.kind if resource.key in own else True
        if (CarriedKind.RESOURCE, resource.key) in put and same_kind:
            put_resource(resource, actor=actor)
    for companion, along in carried.companions:
        if (companion.kind, along.key) in put:
            companion.put(along, actor)


def _put_labels(carried: Carried, put: set[tuple[str, str]], *, actor: Actor) -> None:
    for vocabulary in carried.vocabularies:
        if (CarriedKind.VOCABULARY, vocabulary.key) in put:
            put_vocabulary(vocabulary, actor=actor)
    for framework in carried.frameworks:
        if (CarriedKind.FRAMEWORK, framework.key) in put:
            put_framework(framework, actor=actor)


def prepared(package: Package, papers: Papers) -> tuple[ResourceDraft, ...]:
    """Check and keep the files of every resource, one in memory at a time, and return what ``put_resource`` takes.

    Call it outside any transaction. Raises PackageError with every problem.
    """
    drafts: list[ResourceDraft] = []
    found: list[Problem] = []
    for resource in package.carried.resources:
        try:
            drafts += carrying.prepare([_with_contents(resource, papers)])
        except DomainError as error:
            folder = next(iter(resource.paths.values()), "").rpartition("/")[0]
            found.append(Problem(error.code, Said(error), folder, key=resource.draft.key))
    if found:
        raise PackageError(*found)
    return tuple(drafts)


def _with_contents(resource: PackedResource, papers: Papers) -> CarriedResource:
    contents = {
        sha256: b"".join(papers.pieces(path, LARGEST_RECORDING)) for sha256, path in resource.paths.items()
    }
    return CarriedResource(resource.draft, contents)


def _carried_plans(package: Package, institute_id: InstituteId) -> Iterable[CarriedPlan]:
    carried = package.carried
    own = own_resources((one.draft.key for one in carried.resources), institute_id)
    for packed in carried.resources:
        draft = packed.draft
        fate = _fate(own.get(draft.key), draft, same=_is_same)
        yield CarriedPlan(CarriedKind.RESOURCE, draft.key, draft.title, fate)
    for framework in carried.frameworks:
        fate = _fate(load_framework(institute_id, framework.key), framework)
        yield CarriedPlan(CarriedKind.FRAMEWORK, framework.key, framework.title, fate)
    for vocabulary in carried.vocabularies:
        fate = _fate(load_vocabulary(institute_id, vocabulary.key), vocabulary)
        yield CarriedPlan(CarriedKind.VOCABULARY, vocabulary.key, vocabulary.title, fate)
    for companion, along in carried.companions:
        fate = _fate(companion.own(institute_id, along.key), along.content)
        yield CarriedPlan(companion.kind, along.key, along.title, fate)


def _fate(own: D | None, theirs: D, *, same: Callable[[D, D], bool] = operator.eq) -> Fate:
    if own is None:
        return Fate.MADE
    return Fate.SAME if same(own, theirs) else Fate.CHANGED


def _is_same(own: ResourceDraft, theirs: ResourceDraft) -> bool:
    """Tell whether two resources are alike; of their files only language, name and bytes count."""
    return _bare(own) == _bare(tidied(theirs))


def _bare(draft: ResourceDraft) -> ResourceDraft:
    return replace(draft, files=tuple(map(_named, draft.files)), captions=tuple(map(_named, draft.captions)))


def _named(file: HeldFile) -> HeldFile:
    return HeldFile(file.locale, safe_name(file.name), "", file.sha256, 0)


def _absent(package: Package, institute_id: InstituteId) -> Iterable[AbsentPlan]:
    """Yield what the programme names and nobody has; it is shown as a name alone until somebody makes it."""
    carried = package.carried
    wanted = sorted(resources_of(package.content))
    here = own_resources(wanted, institute_id).keys() | {one.draft.key for one in carried.resources}
    yield from (AbsentPlan(CarriedKind.RESOURCE, key) for key in wanted if key not in here)
    elements, tags = labels_named(package.content, ())
    known = {one.key for one in carried.frameworks}
    for key in elements:
        if key not in known and load_framework(institute_id, key) is None:
            yield AbsentPlan(CarriedKind.FRAMEWORK, key)
    known = {one.key for one in carried.vocabularies}
    for key in tags:
        if key not in known and load_vocabulary(institute_id, key) is None:
            yield AbsentPlan(CarriedKind.VOCABULARY, key)
