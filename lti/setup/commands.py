"""Commands for what no page may do: a platform goes to another institute of the installation."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from institute.people.institutes import find_institute
from lti.platforms.commands import client_option, issuer_option, lti_group, sentences
from lti.setup.giving import give_deployment, give_platform

to_option = click.option("--to", "slug", required=True, help="The slug of the institute that gets it.")


@lti_group.command("give")
@issuer_option
@client_option
@to_option
@with_appcontext
def give(issuer: str, client_id: str, slug: str) -> None:
    """Give a platform, with its deployments, to another institute, while nobody of it is known yet."""
    with sentences():
        give_platform(issuer, client_id, find_institute(slug).id)
    click.echo(f"The platform belongs to {slug} now.")


@lti_group.command("give-deployment")
@issuer_option
@client_option
@click.option("--deployment-id", required=True, help="The deployment, as the platform calls it.")
@to_option
@with_appcontext
def give_one(issuer: str, client_id: str, deployment_id: str, slug: str) -> None:
    """Give one deployment to another institute, while no course of it is known yet; the platform stays."""
    with sentences():
        give_deployment(issuer, client_id, deployment_id, find_institute(slug).id)
    click.echo(f"The deployment belongs to {slug} now.")
