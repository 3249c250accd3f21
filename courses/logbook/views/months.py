"""The logbook in the areas of those who read it: all months, one month with its names, and its document."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.cohorts.models import EnrolmentId
from courses.logbook.documents import Wish, file_of, read_wish, wish_for
from courses.logbook.months import MonthLog
from courses.logbook.pages import Reader, book_page, document_page, find_month, month_page, sign
from institute.actors import Role
from institute.files.reading import send_file_response
from institute.i18n import current_locale, gettext
from institute.printing.papers import usual_paper
from institute.web.areas import AreaBlueprint, area_blueprint, current_actor

ONE = "/<int:enrolment_id>/<month>"


def logbook_blueprint(role: Role, reader: Reader) -> AreaBlueprint:
    """Make the pages of one role; who has no side reads and signs nothing."""
    blueprint = area_blueprint(role, "logbook", __name__)

    def index(enrolment_id: int) -> ResponseReturnValue:
        here = book_page(EnrolmentId(enrolment_id), reader=reader, actor=current_actor())
        return render_template("courses/logbook/months.html", here=here)

    def month(enrolment_id: int, month: str) -> ResponseReturnValue:
        here = month_page(_find(reader, enrolment_id, month))
        return render_template("courses/logbook/month.html", here=here)

    blueprint.add_url_rule("/<int:enrolment_id>", "index", index)
    blueprint.add_url_rule(ONE, "month", month)
    if reader.side is not None:
        _add_signing(blueprint, reader)
    _add_document(blueprint, reader)
    return blueprint


def _add_signing(blueprint: AreaBlueprint, reader: Reader) -> None:
    def put_name(enrolment_id: int, month: str) -> ResponseReturnValue:
        seen = request.form.get("seen", "")
        sign(EnrolmentId(enrolment_id), month, seen=seen, reader=reader, actor=current_actor())
        flash(gettext("Your name stands under this month now."), "success")
        return redirect(url_for(".month", enrolment_id=enrolment_id, month=month), 303)

    blueprint.add_url_rule(f"{ONE}/sign", "sign", put_name, methods=["POST"])


def _add_document(blueprint: AreaBlueprint, reader: Reader) -> None:
    def want(enrolment_id: int, month: str) -> ResponseReturnValue:
        log = _find(reader, enrolment_id, month)
        wish = _wish(log)
        wish_for(wish, log)
        return redirect(_address(enrolment_id, month, wish, then="save"), 303)

    def document(enrolment_id: int, month: str) -> ResponseReturnValue:
        log = _find(reader, enrolment_id, month)
        here = document_page(log, _wish(log))
        save_now = request.args.get("then") == "save"
        return render_template("courses/logbook/document.html", here=here, save_now=save_now)

    def file(enrolment_id: int, month: str) -> ResponseReturnValue:
        log = _find(reader, enrolment_id, month)
        wish = _wish(log)
        stored = file_of(wish, log)
        if stored is None:
            return redirect(_address(enrolment_id, month, wish), 303)
        return send_file_response(stored)

    blueprint.add_url_rule(f"{ONE}/document", "want", want, methods=["POST"])
    blueprint.add_url_rule(f"{ONE}/document", "document", document)
    blueprint.add_url_rule(f"{ONE}/document/file", "file", file)


def _find(reader: Reader, enrolment_id: int, month: str) -> MonthLog:
    return find_month(EnrolmentId(enrolment_id), month, reader=reader, actor=current_actor())


def _wish(log: MonthLog) -> Wish:
    """Return which document a request is about: without more, in the reader's language and for their usual paper."""
    paper = request.values.get("paper") or usual_paper(log.book.timezone)
    return read_wish(request.values.get("locale") or current_locale(), paper)


def _address(enrolment_id: int, month: str, wish: Wish, then: str | None = None) -> str:
    return url_for(
        ".document",
        enrolment_id=enrolment_id,
        month=month,
        then=then,
        locale=wish.locale,
        paper=wish.paper.value,
    )
