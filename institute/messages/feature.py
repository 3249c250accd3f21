"""What messages bring to an application: kinds of mail, their delivery, and links to sign in with."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from institute.i18n import lazy_gettext
from institute.messages import asking, delivering, digests, doors, links, mail, outside
from institute.messages.composing import isolated
from institute.messages.mail import MailKind
from institute.messages.views import administrator, choices, signin, stopping
from institute.messages.views import links as link_pages

# An answer to somebody who sits before the page: an hour later it would only be in the way.
SOON = timedelta(hours=1)


def init_app(app: Flask) -> None:
    """Attach the table of kinds, the worker's part, and the pages."""
    mail.init_app(app)
    doors.init_app(app)
    delivering.init_app(app)
    digests.init_app(app)
    outside.init_app(app)
    app.jinja_env.filters["isolated"] = isolated
    for pages in (link_pages, signin, administrator, choices, stopping):
        pages.init_app(app)
    mail.add(
        app,
        MailKind(
            kind=asking.SIGN_IN,
            subject=lazy_gettext("Your link to sign in"),
            template="mail/sign_in.txt",
            facts=asking.some_door,
            action=lazy_gettext("Sign in"),
            duty=True,
            sign_in=asking.open_doors,
            good_for=SOON,
        ),
    )
    mail.add(
        app,
        MailKind(
            kind=links.AGAIN,
            subject=lazy_gettext("Your new link to sign in"),
            template="mail/link_again.txt",
            facts=links.still_there,
            action=lazy_gettext("Sign in"),
            duty=True,
            sign_in=links.reopen,
            good_for=SOON,
        ),
    )
