"""Commands: ``flask --app wsgi lti …``. Bad input is answered with a sentence and exit status 2."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import click
from flask.cli import with_appcontext

from institute.actors import Actor
from institute.cli import ToolGroup
from institute.clock import now
from institute.config import current_settings
from institute.errors import DomainError
from institute.people.institutes import find_institute
from lti.platforms import keys
from lti.platforms.models import DeploymentPolicy, DeploymentState
from lti.platforms.queries import PlatformRow, list_platforms
from lti.platforms.registering import (
    PlatformDraft,
    decide_deployment,
    disable_platform,
    enable_platform,
    find_deployment,
    find_registration,
    register_platform,
)

lti_group = ToolGroup("lti", help="Let learning platforms in, and shut them out.")

institute_option = click.option(
    "--institute", "slug", help="The institute's slug; not needed where there is one."
)
issuer_option = click.option("--issuer", required=True, help="The platform's issuer, exactly as it sends it.")
client_option = click.option(
    "--client-id", required=True, help="The client id that the platform gave the tool."
)


@contextmanager
def sentences() -> Iterator[None]:
    """Turn a refusal into its sentence and exit status 2."""
    try:
        yield
    except DomainError as error:
        raise click.UsageError(error.text) from error


def acting_for(slug: str | None) -> Actor:
    """Return the command line as an actor of the institute of that slug, or of the only one."""
    return Actor(institute_id=find_institute(slug).id, person_id=None)


@lti_group.command("register")
@issuer_option
@client_option
@click.option("--deployment-id", required=True, help="The deployment that is let in at once.")
@click.option("--auth-url", required=True, help="Where a login is sent (OIDC authentication request).")
@click.option("--token-url", required=True, help="Where access tokens come from.")
@click.option("--jwks-url", required=True, help="Where the platform publishes its keys.")
@click.option("--token-audience", help="The audience of token requests, where it is not the token address.")
@click.option("--name", help="What people call the platform.")
@click.option(
    "--trust-administrators/--no-trust-administrators",
    default=None,
    help="Whether the platform's administrators are administrators of the institute. Off unless said.",
)
@click.option(
    "--allow-anonymous/--no-allow-anonymous", default=None, help="Whether launches may come without a person."
)
@click.option(
    "--approve-deployments/--no-approve-deployments",
    default=None,
    help="Whether deployments seen for the first time are let in at once. Off unless said.",
)
@institute_option
@with_appcontext
def register(slug: str | None, approve_deployments: bool | None, **given: Any) -> None:
    """Register a platform, or bring its registration up to date."""
    policies = {None: None, True: DeploymentPolicy.APPROVE, False: DeploymentPolicy.PENDING}
    with sentences():
        draft = PlatformDraft(deployment_policy=policies[approve_deployments], **given)
        register_platform(draft, actor=acting_for(slug))
    public_url = current_settings().public_url
    click.echo(f"{draft.issuer} may open the tool with client id {draft.client_id}.")
    click.echo(f"Login address:    {public_url}/lti/login")
    click.echo(f"Redirect address: {public_url}/lti/launch")
    click.echo(f"Key address:      {public_url}/lti/jwks")


@lti_group.command("list")
@institute_option
@with_appcontext
def list_all(slug: str | None) -> None:
    """List the registered platforms and their deployments."""
    with sentences():
        platforms = list_platforms(acting_for(slug).institute_id if slug else None)
    if not platforms:
        click.echo("No platform is registered.")
    for platform in platforms:
        _print(platform)


def _print(platform: PlatformRow) -> None:
    state = "active" if platform.is_active else "disabled"
    click.echo(f"{platform.issuer}  client {platform.client_id}  {state}  ({platform.name})")
    click.echo(f"  software {platform.family.value} {platform.version}".rstrip())
    click.echo(f"  login at {platform.auth_url}, tokens at {platform.token_url}, keys at {platform.jwks_url}")
    click.echo(f"  token audience {platform.token_audience}")
    click.echo(f"  administrators trusted: {'yes' if platform.trust_administrators else 'no'}")
    for deployment in platform.deployments:
        click.echo(f"  deployment {deployment.deployment_id}  {deployment.state}")


@lti_group.command("disable")
@issuer_option
@client_option
@institute_option
@with_appcontext
def disable(issuer: str, client_id: str, slug: str | None) -> None:
    """Let no launch of a platform in, and end its sessions."""
    with sentences():
        actor = acting_for(slug)
        disable_platform(find_registration(issuer, client_id, actor=actor), actor=actor)
    click.echo("Disabled; its sessions have ended.")


@lti_group.command("enable")
@issuer_option
@client_option
@institute_option
@with_appcontext
def enable(issuer: str, client_id: str, slug: str | None) -> None:
    """Let launches of a platform in again."""
    with sentences():
        actor = acting_for(slug)
        enable_platform(find_registration(issuer, client_id, actor=actor), actor=actor)
    click.echo("Enabled.")


@lti_group.command("rotate-key")
@click.option(
    "--retire-after",
    "days",
    type=click.IntRange(1, 3650),
    default=30,
    show_default=True,
    help="Stop publishing keys that have signed nothing for this many days.",
)
@click.option(
    "--at-once",
    is_flag=True,
    help="For a key that somebody may have seen: sign with the new key now and take the others away now.",
)
@with_appcontext
def rotate_key(days: int, *, at_once: bool) -> None:
    """Publish a new key, which signs a day later; the one before stays published for platforms that hold it."""
    with sentences():
        signs_from = keys.rotate_key(keys.make_key(), actor=None, at_once=at_once)
        keys.retire_keys(idle_since=now() - timedelta(days=days))
    published = len(keys.published_keys())
    if signs_from > now():
        click.echo(
            f"A new key is published and signs from {signs_from:%Y-%m-%d %H:%M} UTC on, without a gap."
        )
    else:
        click.echo("A new key signs from now on.")
    click.echo(f"{published} published.")


@lti_group.command("approve")
@issuer_option
@client_option
@click.option("--deployment-id", required=True, help="The deployment that waits.")
@institute_option
@with_appcontext
def approve(issuer: str, client_id: str, deployment_id: str, slug: str | None) -> None:
    """Let a deployment in that waits for approval."""
    with sentences():
        actor = acting_for(slug)
        registration_id = find_registration(issuer, client_id, actor=actor)
        decide_deployment(
            find_deployment(registration_id, deployment_id), DeploymentState.ACTIVE, actor=actor
        )
    click.echo("Approved.")
