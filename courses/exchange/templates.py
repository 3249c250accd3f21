"""The file to begin with: the columns in the right order, and a row that shows how they are written."""

from __future__ import annotations

from flask import Response

from courses.exchange.columns import COLUMNS
from courses.exchange.models import Subject
from institute.spreadsheets import csv_response


def send_template(subject: Subject) -> Response:
    """Return a CSV file with the columns of a subject and one example, to be replaced."""
    columns = COLUMNS[subject]
    header = [column.name for column in columns]
    return csv_response(f"{subject}-template.csv", header, [[column.example for column in columns]])
