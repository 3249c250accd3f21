"""Commands for registrations that begin at the platform: ``lti invite``, and what waits for approval."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from lti.platforms.commands import acting_for, institute_option, lti_group, sentences
from lti.platforms.dynamic_models import RequestId
from lti.platforms.invitations import VALID_FOR, invite
from lti.platforms.registering import find_registration
from lti.platforms.requests import RequestRow, approve_request, give_request, list_recent, refuse_request

request_argument = click.argument("request_id", type=click.IntRange(1, 2**31 - 1), metavar="NUMBER")


@lti_group.command("invite")
@click.option("--issuer", help="Of the registration to bring up to date, as the platform sends it.")
@click.option("--client-id", help="Of the registration to bring up to date.")
@institute_option
@with_appcontext
def invite_platform(issuer: str | None, client_id: str | None, slug: str | None) -> None:
    """Print an address to paste into a learning platform: it registers that platform, once, within seven days."""
    if (issuer is None) != (client_id is None):
        raise click.UsageError("Name both the issuer and the client id, or neither.")
    with sentences():
        actor = acting_for(slug)
        known = find_registration(issuer, client_id, actor=actor) if issuer and client_id else None
        address = invite(actor, known)
    click.echo(address)
    days = VALID_FOR.days
    click.echo(
        f"Good once, for {days} days. Whoever has it can register a platform: send it safely.", err=True
    )


@lti_group.command("requests")
@institute_option
@with_appcontext
def list_requests(slug: str | None) -> None:
    """List what platforms asked, newest first: what waits for approval, and what became of the others."""
    with sentences():
        rows = list_recent(acting_for(slug).institute_id if slug else None)
    if not rows:
        click.echo("No platform has asked.")
    for row in rows:
        _print(row)


def _print(row: RequestRow) -> None:
    state = "not finished" if row.state == "asked" else str(row.state)
    of_whom = "" if row.institute_id is not None else "  (nobody's: give it to an institute first)"
    click.echo(
        f"{row.id}  {state}  {row.asked_at:%Y-%m-%d %H:%M} UTC  {row.issuer or row.origins[0]}{of_whom}"
    )
    if row.client_id:
        click.echo(
            f"  client {row.client_id}, deployment {row.deployment_id or 'none yet'}, {row.family} {row.version}"
        )
        click.echo(f"  login at {row.auth_url}, tokens at {row.token_url}, keys at {row.jwks_url}")
    if row.code:
        click.echo(f"  {row.code}")


@lti_group.command("approve-request")
@request_argument
@institute_option
@with_appcontext
def approve(request_id: int, slug: str | None) -> None:
    """Register a platform that asked and waits."""
    with sentences():
        approve_request(RequestId(request_id), acting_for(slug))
    click.echo("Approved; its links open from now on.")


@lti_group.command("refuse-request")
@request_argument
@institute_option
@with_appcontext
def refuse(request_id: int, slug: str | None) -> None:
    """Refuse a platform that asked and waits."""
    with sentences():
        refuse_request(RequestId(request_id), acting_for(slug))
    click.echo("Refused.")


@lti_group.command("give-request")
@request_argument
@institute_option
@with_appcontext
def give(request_id: int, slug: str | None) -> None:
    """Let an institute decide on a request that named none."""
    with sentences():
        give_request(RequestId(request_id), acting_for(slug))
    click.echo("Given.")
