"""One round as whoever answers sees it: the same page for participants and coaches."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from courses.catalogue.models import Purpose
from courses.surveys import answering, evaluating, pages
from courses.surveys.answering import Answered
from courses.surveys.seats import Seat
from institute.i18n import gettext
from institute.web.areas import current_actor
from institute.web.forms import read_revision

SEND = "send"


def page(
    seat: Seat, key: str, *, typed: Mapping[str, str] | None = None, answered: Answered | None = None
) -> str:
    """Return the page of a round, with what was typed and what is wrong with it."""
    here = pages.answer_page(seat, key)
    template = "evaluation" if here.line.round.purpose is Purpose.EVALUATION else "answer"
    return render_template(
        f"courses/surveys/{template}.html", here=here, typed=typed, answered=answered or Answered()
    )


def take(seat: Seat, key: str, *, back: str, again: str) -> ResponseReturnValue:
    """Take what a form brought; go ``back`` once it is sent, to ``again`` where it was only saved."""
    form = request.form.to_dict()
    if pages.answer_page(seat, key).line.round.purpose is Purpose.EVALUATION:
        answered = evaluating.answer_evaluation(seat, key, form)
        if not answered.whole:
            return page(seat, key, typed=form, answered=answered), 422
        flash(
            gettext("Thank you. Your answers are among those of the others now, without your name."),
            "success",
        )
        return redirect(back, 303)
    send = form.get("do") == SEND
    answered = answering.save_answers(
        seat, key, form, revision=read_revision(form), send=send, actor=current_actor()
    )
    if not answered.whole:
        return page(seat, key, typed=form, answered=answered), 409 if answered.clashed else 422
    flash(gettext("Sent. Thank you.") if send else gettext("Saved. You can go on later."), "success")
    return redirect(back if send else again, 303)
