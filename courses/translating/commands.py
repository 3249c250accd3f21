"""Commands of translating: ``courses export-po`` and ``courses import-po``."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import click
from flask.cli import with_appcontext

from courses.translating.carrying import Brought, bring_back, take_out
from courses.translating.portable import LARGEST
from institute.actors import Actor
from institute.people.institutes import find_institute
from institute.terminal import institute_option, sentences

_source = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("export-po")
@click.argument("programme", metavar="SLUG")
@click.argument("locale", metavar="LANGUAGE")
@click.argument("out", metavar="OUT.po", type=click.File("wb", lazy=True, atomic=True))
@institute_option
@with_appcontext
def export_po(programme: str, locale: str, out: IO[bytes], slug: str | None) -> None:
    """Write all texts of the programme SLUG, as authors write it now, into OUT.po for LANGUAGE (such as es)."""
    with sentences():
        out.write(take_out(programme, locale, actor=Actor(find_institute(slug).id, None)))
    click.echo(f"The texts of {programme} are in {out.name}.")


@click.command("import-po")
@click.argument("programme", metavar="SLUG")
@click.argument("locale", metavar="LANGUAGE")
@click.argument("file", metavar="IN.po", type=_source)
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@institute_option
@with_appcontext
def import_po(programme: str, locale: str, file: Path, slug: str | None, *, dry_run: bool) -> None:
    """Take the translations into LANGUAGE from IN.po; authors publish them."""
    with sentences(), file.open("rb") as stream:
        data = stream.read(LARGEST + 1)
        actor = Actor(find_institute(slug).id, None)
        click.echo(_told(bring_back(programme, locale, data, dry_run=dry_run, actor=actor), dry_run=dry_run))


def _told(brought: Brought, *, dry_run: bool) -> str:
    lines = [
        f"{'Would keep' if dry_run else 'Kept'}: {brought.kept}, of them made from an older text: {brought.stale}",
        f"Here already: {brought.same}",
        f"Left out, because there is a fresher one: {brought.older}",
        f"Empty or marked fuzzy: {brought.unfinished}",
        f"Of texts that are not in the programme: {brought.unknown}",
    ]
    return "\n".join(lines)
