"""Commands of packages: ``courses export-package`` and ``courses import-package``."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import IO

import click
from flask.cli import with_appcontext

from courses.authoring.publishing import publish
from courses.packages.exporting import Which, export_programme
from courses.packages.importing import bring_in, open_package, plan_import
from courses.packages.plans import Fate, Plan
from courses.packages.problems import PackageError
from courses.packages.wording import say_carried, say_fate
from institute.actors import Actor
from institute.people.institutes import find_institute
from institute.terminal import institute_option, sentences

_source = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("export-package")
@click.argument("programme", metavar="SLUG")
@click.argument("out", metavar="OUT.zip", type=click.File("wb", lazy=True, atomic=True))
@click.option("--draft", is_flag=True, help="What authors are writing, instead of the newest version.")
@click.option("--as-core", is_flag=True, help="The newest version as a core that others extend.")
@institute_option
@with_appcontext
def export_package(programme: str, out: IO[bytes], slug: str | None, *, draft: bool, as_core: bool) -> None:
    """Write the newest version of the programme SLUG, with what it uses, into OUT.zip."""
    if draft and as_core:
        raise click.UsageError("A core is a version: --draft and --as-core do not go together.")
    which = Which.DRAFT if draft else Which.CORE if as_core else Which.PUBLISHED
    with sentences():
        data = export_programme(programme, which, institute_id=find_institute(slug).id)
    with data:
        shutil.copyfileobj(data, out)
    click.echo(f"The {'draft' if draft else 'newest version'} of {programme} is in {out.name}.")


@click.command("import-package")
@click.argument("package", metavar="IN.zip", type=_source)
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option(
    "--publish", "publishing", is_flag=True, help="Publish it too: it is then what new cohorts study."
)
@click.option(
    "--take-theirs", is_flag=True, help="Where a resource or framework is another one here, take theirs."
)
@institute_option
@with_appcontext
def import_package(
    package: Path, slug: str | None, *, dry_run: bool, publishing: bool, take_theirs: bool
) -> None:
    """Bring the programme in IN.zip into what authors write, and say what changed."""
    with sentences():
        actor = Actor(find_institute(slug).id, None)
        try:
            with package.open("rb") as data:
                opened = open_package(data, institute_id=actor.institute_id)
        except PackageError as error:
            for problem in error.problems:
                click.echo(str(problem), err=True)
            raise click.exceptions.Exit(1) from error
        plan = plan_import(opened.package, institute_id=actor.institute_id)
        _tell(plan)
        if dry_run:
            click.echo("Nothing was changed: this was a dry run.")
            return
        bring_in(opened, take_theirs=take_theirs, actor=actor)
        if publishing:
            publish(plan.slug, note="", stale_ok=True, actor=actor)
    click.echo(f"The programme {plan.slug} is {'published' if publishing else 'in the draft'}.")


def _tell(plan: Plan) -> None:
    for part in plan.parts:
        if part.fate is not Fate.SAME:
            click.echo(f"{say_fate(part.fate)}: {part.address or plan.slug}")
    for one in plan.languages:
        click.echo(f"texts in {one.locale}: {one.made} new, {one.changed} changed, {one.removed} removed")
    for carried in plan.carried:
        if carried.fate is not Fate.SAME:
            click.echo(f"{say_carried(carried.kind)} {carried.key}: {say_fate(carried.fate)}")
    for absent in plan.absent:
        click.echo(f"{say_carried(absent.kind)} {absent.name}: named, but neither here nor in the package")
    if not plan.changes_anything:
        click.echo("Everything is here already.")
