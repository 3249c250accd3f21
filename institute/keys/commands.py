"""Commands of the keys: ``flask --app wsgi institute keys``, ``rotate-keys``, ``leaked-key``, ``rotate-secret``."""

from __future__ import annotations

import hashlib
from typing import Final

import click
from flask.cli import with_appcontext

from institute.actors import Actor
from institute.config import current_settings
from institute.keys.keeping import PublicKey, mark_leaked, public_keys, rotate_key
from institute.keys.models import InstituteKeyId, KeyPurpose
from institute.keys.resealing import reseal_everything
from institute.keys.secret import forget_former_secret, replace_secret
from institute.people.institutes import find_institute
from institute.terminal import institute_option, sentences

NO_KEYS: Final = "There are no keys yet: each is made when it first signs."
HIGHEST_ID: Final = 2**31 - 1


@click.command("keys")
@institute_option
@with_appcontext
def list_keys(slug: str | None) -> None:
    """List an institute's signing keys, newest first."""
    with sentences():
        found = public_keys(find_institute(slug).id)
    if not found:
        click.echo(NO_KEYS)
    for key in found:
        click.echo(f"{key.id}  {key.purpose}  {key.kid}  {_standing(key)}")
        if key.certificate_der is not None:
            digest = hashlib.sha256(key.certificate_der).digest()
            click.echo(f"  certificate SHA-256 {digest.hex(':').upper()}")


def _standing(key: PublicKey) -> str:
    if key.retired_at is None:
        return f"in use since {key.created_at:%Y-%m-%d}"
    leaked = f", leaked {key.leaked_at:%Y-%m-%d}" if key.leaked_at else ""
    return f"used from {key.created_at:%Y-%m-%d} to {key.retired_at:%Y-%m-%d}{leaked}"


@click.command("rotate-keys")
@click.option(
    "--purpose",
    "names",
    type=click.Choice([purpose.value for purpose in KeyPurpose]),
    multiple=True,
    help="What the key signs; may be given several times. Without it, every key in use is replaced.",
)
@institute_option
@with_appcontext
def rotate_keys(slug: str | None, names: tuple[str, ...]) -> None:
    """Sign with new keys from now on; what the present ones signed stays verifiable."""
    with sentences():
        actor = Actor(institute_id=find_institute(slug).id, person_id=None)
        in_use = (key.purpose for key in public_keys(actor.institute_id) if key.retired_at is None)
        purposes = [KeyPurpose(name) for name in names] or sorted(in_use)
        for purpose in dict.fromkeys(purposes):
            rotate_key(actor.institute_id, purpose, actor=actor)
            click.echo(f"{purpose}: a new key signs from now on.")
    if not purposes:
        click.echo(NO_KEYS)


@click.command("leaked-key")
@click.argument("key_id", type=click.IntRange(1, HIGHEST_ID))
@institute_option
@with_appcontext
def leaked_key(slug: str | None, key_id: int) -> None:
    """Publish that the key with the id KEY_ID is in other hands, and replace it if it is in use."""
    with sentences():
        actor = Actor(institute_id=find_institute(slug).id, person_id=None)
        mark_leaked(InstituteKeyId(key_id), actor=actor)
    click.echo(f"Key {key_id} is published as leaked.")


@click.command("rotate-secret")
@click.option("--new", "begin", is_flag=True, help="Begin: make a new secret key beside the present one.")
@with_appcontext
def rotate_secret(begin: bool) -> None:
    """Seal everything that is secret in the database anew with the present SECRET_KEY."""
    settings = current_settings()
    if begin:
        with sentences():
            replace_secret(settings)
        click.echo("There is a new secret key; the former one still opens what it sealed.")
        click.echo("Restart the web processes and the workers, then run: institute rotate-secret")
        return
    lost = 0
    for column in reseal_everything():
        lost += column.lost
        click.echo(
            f"{column.name}: {column.anew} sealed anew, {column.already} already, {column.lost} cannot be opened."
        )
    if lost:
        raise click.ClickException(
            "Some values open with neither secret key and were left as they are; the guide on keys says what to do."
        )
    if forget_former_secret(settings):
        click.echo("The former secret key was deleted: nothing needs it any more.")
    elif settings.former_secret_key:
        click.echo("Nothing needs FORMER_SECRET_KEY any more: take it out of the settings.")
