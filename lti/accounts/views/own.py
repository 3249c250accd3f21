"""Somebody's own accounts: show a code, type a code, confirm from both sides."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from institute.errors import InvalidError
from institute.i18n import gettext
from institute.web.areas import current_actor, session_blueprint
from lti.accounts import linking, queries
from lti.accounts.models import AccountCodeId

blueprint = session_blueprint(
    "lti_accounts", __name__, url_prefix="/accounts", template_folder="../../templates"
)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show the accounts and what is open between them."""
    return _page()


@blueprint.post("/code")
def show_code() -> ResponseReturnValue:
    """Make a code."""
    linking.show_code(actor=current_actor())
    return redirect(url_for(".index"), 303)


@blueprint.post("/type")
def type_code() -> ResponseReturnValue:
    """Take the code of another account."""
    typed = request.form.get("code", "")
    problem = linking.type_code(typed, actor=current_actor())
    return (_page(typed, problem), 422) if problem else redirect(url_for(".index"), 303)


@blueprint.post("/<int:account_code_id>/confirm")
def confirm(account_code_id: int) -> ResponseReturnValue:
    """Confirm where the code was typed."""
    linking.confirm(AccountCodeId(account_code_id), actor=current_actor())
    return redirect(url_for(".index"), 303)


@blueprint.post("/<int:account_code_id>/agree")
def agree(account_code_id: int) -> ResponseReturnValue:
    """Confirm where the code was shown; this connects the accounts."""
    linking.agree(AccountCodeId(account_code_id), actor=current_actor())
    flash(
        gettext("The accounts are connected. Open the link in either course once more to see it."), "success"
    )
    return redirect(url_for(".index"), 303)


@blueprint.post("/<int:account_code_id>/refuse")
def refuse(account_code_id: int) -> ResponseReturnValue:
    """Say that it is not so."""
    linking.refuse(AccountCodeId(account_code_id), actor=current_actor())
    flash(gettext("Nothing was connected."), "message")
    return redirect(url_for(".index"), 303)


def _page(typed: str = "", problem: InvalidError | None = None) -> str:
    return render_template(
        "lti/accounts/own.html", here=queries.show_accounts(current_actor()), typed=typed, problem=problem
    )
