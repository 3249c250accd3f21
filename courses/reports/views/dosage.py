"""The administrator's pages of dosage."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from courses.reports.dosage import dosage_board
from courses.reports.dosage_files import dosage_header, dosage_rows
from institute.actors import Role
from institute.spreadsheets import csv_response
from institute.web.areas import area_blueprint, current_actor

blueprint: Blueprint = area_blueprint(Role.ADMINISTRATOR, "dosage", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Show a half year in tables."""
    here = dosage_board(request.args.get("half", ""), actor=current_actor())
    return render_template("courses/reports/dosage.html", here=here)


@blueprint.get("/dosage.csv")
def export() -> ResponseReturnValue:
    """Send the same tables as a file; what is hidden there is hidden here."""
    here = dosage_board(request.args.get("half", ""), actor=current_actor())
    return csv_response(f"dosage-{here.half_year.key}.csv", dosage_header(), dosage_rows(here))
