"""The pages about grades on their way: what each link sends, what waits, what did not arrive, and trying again.

Administrators see the institute's, facilitators those of the cohort that they lead: the same pages in two areas.
"""

from __future__ import annotations

from typing import Final

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from institute.actors import Role
from institute.i18n import gettext, ngettext
from institute.web.areas import AreaBlueprint, area_blueprint, current_actor
from lti.launches.models import ResourceLinkId
from lti.services.choosing import choose_grade
from lti.services.gradebooks import ColumnView, list_columns, see_column, see_link
from lti.services.models import LineItemId, ScoreId
from lti.services.queries import delivery_lines
from lti.services.retrying import retry_column, retry_link, retry_score_of_column, retry_score_of_link

LARGEST_PAGE: Final = 1_000_000

AREAS: Final = tuple(
    area_blueprint(role, "grades", __name__, template_folder="../../templates")
    for role in (Role.ADMINISTRATOR, Role.FACILITATOR)
)


def init_app(app: Flask) -> None:
    """Attach both areas."""
    for area in AREAS:
        app.register_blueprint(area)


def index() -> ResponseReturnValue:
    """Show what is sent from where, and what did not arrive."""
    actor = current_actor()
    return render_template(
        "lti/services/grades.html", listing=list_columns(actor, _page()), delivery=delivery_lines(actor)
    )


def link(graded_link_id: int) -> ResponseReturnValue:
    """Show one link and its scores."""
    return _show(see_link(ResourceLinkId(graded_link_id), current_actor(), _page()))


def column(graded_column_id: int) -> ResponseReturnValue:
    """Show one column of a course alone."""
    return _show(see_column(LineItemId(graded_column_id), current_actor(), _page()))


def choose(graded_link_id: int) -> ResponseReturnValue:
    """Let a link send something else."""
    choose_grade(ResourceLinkId(graded_link_id), request.form.get("grade", ""), actor=current_actor())
    flash(gettext("Saved. Everybody’s grade of this link is being worked out again."), "success")
    return redirect(url_for(".link", graded_link_id=graded_link_id), 303)


def retry_all(graded_link_id: int) -> ResponseReturnValue:
    """Try everything of a link again."""
    _tell(retry_link(ResourceLinkId(graded_link_id), actor=current_actor()))
    return redirect(url_for(".link", graded_link_id=graded_link_id), 303)


def retry_all_of_column(graded_column_id: int) -> ResponseReturnValue:
    """Try everything of a course's own column again."""
    _tell(retry_column(LineItemId(graded_column_id), actor=current_actor()))
    return redirect(url_for(".column", graded_column_id=graded_column_id), 303)


def retry_of_link(graded_link_id: int, graded_score_id: int) -> ResponseReturnValue:
    """Try one score again."""
    link_id = ResourceLinkId(graded_link_id)
    _tell(retry_score_of_link(ScoreId(graded_score_id), link_id, actor=current_actor()))
    return redirect(url_for(".link", graded_link_id=graded_link_id), 303)


def retry_of_column(graded_column_id: int, graded_score_id: int) -> ResponseReturnValue:
    """Try one score again."""
    item_id = LineItemId(graded_column_id)
    _tell(retry_score_of_column(ScoreId(graded_score_id), item_id, actor=current_actor()))
    return redirect(url_for(".column", graded_column_id=graded_column_id), 303)


def _show(view: ColumnView) -> str:
    return render_template("lti/services/graded.html", listing=view, line=view.line)


def _tell(count: int) -> None:
    if count:
        flash(
            ngettext("%(num)s grade is tried again now.", "%(num)s grades are tried again now.", count),
            "success",
        )
    else:
        flash(gettext("There is nothing to try again here."), "note")


def _page() -> int:
    return min(request.args.get("page", 1, type=int), LARGEST_PAGE)


def _add_routes(area: AreaBlueprint) -> None:
    one_link, one_column = "/link/<int:graded_link_id>", "/column/<int:graded_column_id>"
    area.get("/")(index)
    area.get(one_link)(link)
    area.get(one_column)(column)
    area.post(f"{one_link}/choice")(choose)
    area.post(f"{one_link}/retry")(retry_all)
    area.post(f"{one_column}/retry")(retry_all_of_column)
    area.post(f"{one_link}/score/<int:graded_score_id>/retry")(retry_of_link)
    area.post(f"{one_column}/score/<int:graded_score_id>/retry")(retry_of_column)


for _area in AREAS:
    _add_routes(_area)
