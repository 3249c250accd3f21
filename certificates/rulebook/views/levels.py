"""The pages on which levels and their rules are written, tried and published."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from certificates.awards.choices import choices_of
from certificates.rulebook import drafting, pages, trying
from certificates.rulebook.changes import changes_of
from certificates.rulebook.documents import RENEWAL, RULES, LevelSketch
from certificates.rulebook.errors import (
    DraftChangedError,
    LevelUnknownError,
    RulesManyError,
    RuleTwiceError,
    RuleTypedError,
)
from certificates.rulebook.people import cohorts_of
from certificates.rulebook.typed import type_rule
from certificates.rulebook.wording import rule_kinds, session_choices, strand_choices
from institute.actors import Role
from institute.errors import ConflictError, InvalidError
from institute.i18n import LOCALES, OWN_NAMES, current_locale, gettext
from institute.web.areas import area_blueprint, current_actor

LONGEST_TYPED = 1000
blueprint = area_blueprint(Role.ADMINISTRATOR, "levels", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """List the levels of every track."""
    return _index()


@blueprint.post("/")
def add() -> ResponseReturnValue:
    """Add a level."""
    try:
        key = drafting.add_level(
            request.form.get("track", ""), request.form.get("name", "")[:LONGEST_TYPED], actor=current_actor()
        )
    except InvalidError as error:
        return _index(error), 422
    flash(gettext("The level is there. Nobody can reach it before you publish rules for it."), "success")
    return redirect(url_for(".level", rulebook_level=key), 303)


@blueprint.get("/<rulebook_level>")
def level(rulebook_level: str) -> ResponseReturnValue:
    """Show a level with its rules as sentences."""
    return _level(rulebook_level)


@blueprint.get("/<rulebook_level>/rule")
def rule(rulebook_level: str) -> ResponseReturnValue:
    """Show the form of a rule: first what it asks for, then what belongs to that."""
    return _rule(rulebook_level, {})


@blueprint.post("/<rulebook_level>/rule")
def put(rulebook_level: str) -> ResponseReturnValue:
    """Add a rule, or change one."""
    form = _form(rulebook_level, request.form, "")
    ways = frozenset({"standard", *(way.key for way in form.here.sketch.pathways)})
    try:
        typed = type_rule(request.form, form.choices, ways, form.rule)
        return _change(rulebook_level, lambda sketch: drafting.put_rule(sketch, _which(), form.place, typed))
    except RuleTypedError as error:
        return _rule(rulebook_level, error.problems), 422
    except (RuleTwiceError, RulesManyError, DraftChangedError) as error:
        return _rule(rulebook_level, {}, error), 409


@blueprint.post("/<rulebook_level>/arrange")
def arrange(rulebook_level: str) -> ResponseReturnValue:
    """Move a rule, take it out, or put it back."""
    place, wish = request.form.get("place", ""), request.form.get("wish", "")
    at = int(place) if place.isascii() and place.isdigit() and len(place) < 4 else -1  # noqa: PLR2004
    return _change(rulebook_level, lambda sketch: drafting.move_rule(sketch, _which(), at, wish))


@blueprint.get("/<rulebook_level>/texts")
def texts(rulebook_level: str) -> ResponseReturnValue:
    """Show the form of the name, the summary and the title."""
    return _texts(rulebook_level)


@blueprint.post("/<rulebook_level>/texts")
def save_texts(rulebook_level: str) -> ResponseReturnValue:
    """Keep the name, the summary and the title in the draft."""
    typed = {
        name: {
            locale: request.form[f"{name}/{locale}"][:LONGEST_TYPED]
            for locale in LOCALES
            if f"{name}/{locale}" in request.form
        }
        for name in ("name", "summary", "title")
    }
    try:
        taken = drafting.names_beside(rulebook_level, actor=current_actor())
        return _change(rulebook_level, lambda sketch: drafting.write_texts(sketch, typed, taken))
    except InvalidError as error:
        return _texts(rulebook_level, error), 422
    except DraftChangedError as error:
        return _texts(rulebook_level, clash=error), 409


@blueprint.post("/<rulebook_level>/validity")
def save_validity(rulebook_level: str) -> ResponseReturnValue:
    """Keep for how long an award holds."""
    months = request.form.get("valid_months", "")
    try:
        return _change(rulebook_level, lambda sketch: drafting.write_validity(sketch, months))
    except InvalidError as error:
        return _level(rulebook_level, error, "valid_months"), 422


@blueprint.post("/<rulebook_level>/pathways")
def add_pathway(rulebook_level: str) -> ResponseReturnValue:
    """Add a pathway."""
    name = request.form.get("pathway_name", "")[:LONGEST_TYPED]
    try:
        return _change(rulebook_level, lambda sketch: drafting.add_pathway(sketch, name, current_locale()))
    except InvalidError as error:
        return _level(rulebook_level, error, "pathway_name"), 422


@blueprint.post("/<rulebook_level>/pathways/drop")
def drop_pathway(rulebook_level: str) -> ResponseReturnValue:
    """Take a pathway out."""
    key = request.form.get("pathway", "")
    return _change(rulebook_level, lambda sketch: drafting.drop_pathway(sketch, key))


@blueprint.get("/<rulebook_level>/try")
def try_rules(rulebook_level: str) -> ResponseReturnValue:
    """Try the rules on the people of a cohort."""
    actor = current_actor()
    here = pages.level_here(rulebook_level, actor=actor)
    cohorts, trial = cohorts_of(actor), None
    wished, page = request.args.get("cohort", ""), request.args.get("page", "1")
    if wished:
        trial = trying.try_rules(
            _number(wished),
            here.level.track,
            here.sketch,
            here.published,
            choices_of(actor.institute_id).names,
            page=max(_number(page), 1),
            actor=actor,
        )
    return render_template("certificates/rulebook/try.html", here=here, cohorts=cohorts, trial=trial)


@blueprint.get("/<rulebook_level>/publish")
def changes(rulebook_level: str) -> ResponseReturnValue:
    """Show what publishing would change."""
    here = changes_of(rulebook_level, actor=current_actor())
    return render_template("certificates/rulebook/publish.html", changes=here, here=here.here)


@blueprint.post("/<rulebook_level>/publish")
def publish(rulebook_level: str) -> ResponseReturnValue:
    """Publish the draft."""
    drafting.publish(rulebook_level, _revision(), actor=current_actor())
    flash(gettext("Published. Whoever applied before is held to the rules of that day."), "success")
    return redirect(url_for(".level", rulebook_level=rulebook_level), 303)


@blueprint.post("/<rulebook_level>/discard")
def discard(rulebook_level: str) -> ResponseReturnValue:
    """Throw the draft away."""
    drafting.discard(rulebook_level, _revision(), actor=current_actor())
    flash(gettext("The draft is thrown away. The published rules are as they were."), "success")
    return redirect(url_for(".level", rulebook_level=rulebook_level), 303)


def _change(key: str, step: Callable[[LevelSketch], LevelSketch]) -> ResponseReturnValue:
    drafting.change(key, _revision(), step, actor=current_actor())
    flash(gettext("Kept in the draft. Nothing changes for anybody before you publish it."), "success")
    return redirect(url_for(".level", rulebook_level=key), 303)


def _which() -> str:
    which = request.values.get("which", RULES)
    if which not in {RULES, RENEWAL}:
        raise LevelUnknownError
    return which


def _revision() -> int:
    return _number(request.form.get("draft", "0"))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):  # noqa: PLR2004
        raise LevelUnknownError
    return int(text)


def _index(error: InvalidError | None = None) -> str:
    return render_template(
        "certificates/rulebook/index.html", ladders=pages.ladders(current_actor()), error=error
    )


def _level(key: str, error: InvalidError | None = None, field: str = "") -> str:
    return render_template(
        "certificates/rulebook/level.html",
        here=pages.level_here(key, locale=request.args.get("in", ""), actor=current_actor()),
        locales=LOCALES,
        own_names=OWN_NAMES,
        reader_locale=current_locale(),
        error=error,
        field=field,
    )


def _texts(key: str, error: InvalidError | None = None, clash: DraftChangedError | None = None) -> str:
    here = pages.level_here(key, actor=current_actor())
    return render_template(
        "certificates/rulebook/texts.html",
        here=here,
        locales=LOCALES,
        own_names=OWN_NAMES,
        error=error,
        clash=clash,
    )


def _form(key: str, sent: Mapping[str, str], kind: str) -> pages.RuleForm:
    place, was = sent.get("place", ""), sent.get("was", "")
    return pages.rule_form(key, _which(), place, kind, was=was, actor=current_actor())


def _rule(key: str, problems: dict[str, str], refused: ConflictError | None = None) -> str:
    sent = request.form if request.method == "POST" else request.args
    form = _form(key, sent, sent.get("kind", ""))
    kinds, modes = session_choices()
    return render_template(
        "certificates/rulebook/rule.html",
        form=form,
        kind=sent.get("kind", "") if request.method == "POST" else form.kind,
        typed=request.form if request.method == "POST" else None,
        problems=problems,
        refused=refused,
        rule_kinds=rule_kinds(form.choices.kinds),
        strands=strand_choices(),
        session_kinds=kinds,
        modes=modes,
    )
