"""The pages on which rubrics are written, looked at and published."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from certificates.rubrics import arranging, carrying, drafting, pages, publishing
from certificates.rubrics.arranging import read_wish
from certificates.rubrics.errors import (
    RubricNotFoundError,
    TextNeededError,
    TranslationsUnseenError,
)
from certificates.rubrics.papers import LARGEST, MEDIA_TYPE, write_rubric
from certificates.rubrics.sketches import ABOUT, CRITERION, POLICY, Sketch
from certificates.rubrics.typed import line_of, type_about, type_criterion, type_policy
from certificates.rubrics.writings import saves_of
from institute.actors import Role
from institute.errors import DomainError, InvalidError
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor
from institute.web.forms import REVISION_FIELD

LARGEST_FORM: Final = 2 * 1024 * 1024

blueprint = area_blueprint(Role.AUTHOR, "rubrics", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """List the rubrics, those that are only being written too."""
    return render_template("certificates/rubrics/index.html", lines=pages.shelf(current_actor()))


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """Ask what a new rubric is called, and what it begins with."""
    return _new()


@blueprint.post("/new")
def add() -> ResponseReturnValue:
    """Begin a new rubric."""
    title, key = line_of(request.form, "title", 300), line_of(request.form, "key").lower()
    begun = drafting.begin_new(title, key, copied=line_of(request.form, "copied"), actor=current_actor())
    if isinstance(begun, DomainError):
        return _new({"title" if isinstance(begun, TextNeededError) else "key": begun.text}), 422
    flash(gettext("Begun. Nobody is scored by it before you publish it."), "success")
    return redirect(url_for(".rubric", rubric_key=begun), 303)


@blueprint.get("/bring-in")
def bring_in_form() -> ResponseReturnValue:
    """Ask for the file of a rubric."""
    return render_template("certificates/rubrics/bring_in.html", error=None, largest=LARGEST)


@blueprint.post("/bring-in", largest=4 * LARGEST)
def bring_in() -> ResponseReturnValue:
    """Put the rubric of a file into what is being written."""
    file, data = request.files.get("file"), b""
    if file is not None:
        data = file.stream.read(LARGEST + 1)
        file.close()
    name = ((file.filename or "") if file is not None else "")[:100] or "rubric.toml"
    try:
        key = carrying.bring_in(data, name, actor=current_actor())
    except InvalidError as error:
        return render_template("certificates/rubrics/bring_in.html", error=error, largest=LARGEST), 422
    flash(gettext("The rubric is in, as a draft. Nobody is scored by it before you publish it."), "success")
    return redirect(url_for(".rubric", rubric_key=key), 303)


@blueprint.get("/<rubric_key>")
def rubric(rubric_key: str) -> ResponseReturnValue:
    """Show a rubric: what is written of it, what it is used for, its versions."""
    here = pages.rubric_page(rubric_key, actor=current_actor())
    return render_template("certificates/rubrics/rubric.html", here=here)


@blueprint.post("/<rubric_key>/begin")
def begin(rubric_key: str) -> ResponseReturnValue:
    """Begin the next version."""
    drafting.begin_version(rubric_key, actor=current_actor())
    flash(gettext("Write on: nothing changes for anybody before you publish it."), "success")
    return redirect(url_for(".rubric", rubric_key=rubric_key), 303)


@blueprint.post("/<rubric_key>/discard")
def discard(rubric_key: str) -> ResponseReturnValue:
    """Throw what is being written away."""
    drafting.discard(rubric_key, actor=current_actor())
    flash(gettext("The draft is thrown away. Its texts are still in the history."), "success")
    here = pages.shelf(current_actor())
    if any(line.key == rubric_key for line in here):
        return redirect(url_for(".rubric", rubric_key=rubric_key), 303)
    return redirect(url_for(".index"), 303)


@blueprint.get("/<rubric_key>/about")
def about(rubric_key: str) -> ResponseReturnValue:
    """Show the form of the title, the levels and the cut."""
    form = pages.form_page(rubric_key, ABOUT, actor=current_actor())
    return render_template("certificates/rubrics/about.html", form=form)


@blueprint.post("/<rubric_key>/about", largest=LARGEST_FORM)
def save_about(rubric_key: str) -> ResponseReturnValue:
    """Keep the title, the levels and the cut."""
    return _save(rubric_key, ABOUT, lambda sketch: type_about(sketch, request.form), "about")


@blueprint.post("/<rubric_key>/levels")
def change_levels(rubric_key: str) -> ResponseReturnValue:
    """Add a level, move one, or take one out."""
    level, wish = line_of(request.form, "level"), request.form.get("wish", "")
    if wish == "add":
        drafting.change_draft(rubric_key, arranging.add_level, actor=current_actor())
    else:
        asked = read_wish(wish)
        drafting.change_draft(
            rubric_key, lambda sketch: arranging.change_level(sketch, level, asked), actor=current_actor()
        )
    return redirect(url_for(".about", rubric_key=rubric_key, _anchor="levels"), 303)


@blueprint.post("/<rubric_key>/criteria")
def add_criterion(rubric_key: str) -> ResponseReturnValue:
    """Add a criterion, and go to its form."""
    title, made = line_of(request.form, "title", 300), ""

    def adding(sketch: Sketch) -> Sketch:
        nonlocal made
        changed, made = arranging.add_criterion(sketch, title)
        return changed

    drafting.change_draft(rubric_key, adding, actor=current_actor())
    return redirect(url_for(".criterion", rubric_key=rubric_key, criterion_key=made), 303)


@blueprint.get("/<rubric_key>/criteria/<criterion_key>")
def criterion(rubric_key: str, criterion_key: str) -> ResponseReturnValue:
    """Show the form of a criterion."""
    form = pages.form_page(rubric_key, f"{CRITERION}{criterion_key}", actor=current_actor())
    return _criterion(form, criterion_key)


@blueprint.post("/<rubric_key>/criteria/<criterion_key>", largest=LARGEST_FORM)
def save_criterion(rubric_key: str, criterion_key: str) -> ResponseReturnValue:
    """Keep a criterion."""
    pages.criterion_in(rubric_key, criterion_key, actor=current_actor())
    section = f"{CRITERION}{criterion_key}"
    return _save(
        rubric_key, section, lambda sketch: type_criterion(sketch, criterion_key, request.form), "criterion"
    )


@blueprint.post("/<rubric_key>/criteria/<criterion_key>/change")
def change_criterion(rubric_key: str, criterion_key: str) -> ResponseReturnValue:
    """Move a criterion, or take it out."""
    wish = read_wish(request.form.get("wish", ""))
    drafting.change_draft(
        rubric_key,
        lambda sketch: arranging.change_criterion(sketch, criterion_key, wish),
        actor=current_actor(),
    )
    return redirect(url_for(".rubric", rubric_key=rubric_key, _anchor="criteria"), 303)


@blueprint.get("/<rubric_key>/policy")
def policy(rubric_key: str) -> ResponseReturnValue:
    """Show the form of the policy, with what it asks in words."""
    form = pages.form_page(rubric_key, POLICY, actor=current_actor())
    return render_template("certificates/rubrics/policy.html", form=form)


@blueprint.post("/<rubric_key>/policy")
def save_policy(rubric_key: str) -> ResponseReturnValue:
    """Keep the policy."""
    return _save(rubric_key, POLICY, lambda sketch: type_policy(sketch, request.form), "policy")


@blueprint.get("/<rubric_key>/preview")
def preview(rubric_key: str) -> ResponseReturnValue:
    """Show a rubric as a rater sees it: the draft, or a version."""
    here = pages.rubric_page(rubric_key, actor=current_actor())
    ref = request.args.get("of", "") or (pages.DRAFT if here.writing else str(here.versions[0].version))
    sketch = pages.sketch_at(here, ref, actor=current_actor())
    return render_template("certificates/rubrics/preview.html", here=here, sketch=sketch, ref=ref)


@blueprint.get("/<rubric_key>/compare")
def compare(rubric_key: str) -> ResponseReturnValue:
    """Show two texts of a rubric side by side, and what differs."""
    before, after = request.args.get("before", ""), request.args.get("after", "")
    page = pages.compare_page(rubric_key, before, after, actor=current_actor())
    return render_template("certificates/rubrics/compare.html", pair=page)


@blueprint.get("/<rubric_key>/history")
def history(rubric_key: str) -> ResponseReturnValue:
    """Show everything that was saved of a rubric."""
    here = pages.rubric_page(rubric_key, actor=current_actor())
    saves = saves_of(current_actor().institute_id, rubric_key)
    return render_template("certificates/rubrics/history.html", here=here, saves=saves)


@blueprint.post("/<rubric_key>/restore")
def restore(rubric_key: str) -> ResponseReturnValue:
    """Put a saved text in the place of the draft."""
    save_id = pages.read_save(request.form.get("ref", ""))
    drafting.restore(rubric_key, save_id, actor=current_actor())
    flash(gettext("The draft says this now. What it said before is in the history too."), "success")
    return redirect(url_for(".rubric", rubric_key=rubric_key), 303)


@blueprint.get("/<rubric_key>/publish")
def confirm(rubric_key: str) -> ResponseReturnValue:
    """Show what publishing would change, and what it leaves alone."""
    return _confirm(rubric_key)


@blueprint.post("/<rubric_key>/publish")
def publish(rubric_key: str) -> ResponseReturnValue:
    """Make the draft the next version."""
    shown = line_of(request.form, "version")
    try:
        publishing.publish(
            rubric_key,
            seen=line_of(request.form, "seen"),
            version=int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 7 else -1,  # noqa: PLR2004
            known=bool(request.form.get("known")),
            actor=current_actor(),
        )
    except TranslationsUnseenError as error:
        return _confirm(rubric_key, error), 422
    flash(gettext("Published. Evidence that is handed in from now on is scored by it."), "success")
    return redirect(url_for(".rubric", rubric_key=rubric_key), 303)


@blueprint.get("/<rubric_key>/file")
def file(rubric_key: str) -> ResponseReturnValue:
    """Send a rubric as a file: a version, or the draft."""
    here = pages.rubric_page(rubric_key, actor=current_actor())
    ref = request.args.get("of", "") or (str(here.versions[0].version) if here.versions else pages.DRAFT)
    sketch = pages.sketch_at(here, ref, actor=current_actor())
    text = write_rubric(rubric_key, sketch, sketch.title.source)
    headers = {"Content-Disposition": f'attachment; filename="{rubric_key}.toml"'}
    return Response(text.encode(), headers=headers, mimetype=MEDIA_TYPE)


def _save(key: str, section: str, change: Callable[[Sketch], Sketch], page: str) -> ResponseReturnValue:
    """Keep a section and show it again with what has to be mended; where it clashed, show both texts."""
    actor = current_actor()
    seen = request.form.get(REVISION_FIELD, "")
    clash = drafting.save_section(key, section, change, seen=seen, actor=actor)
    criterion_key = section.removeprefix(CRITERION)
    if clash is not None:
        form = pages.form_page(key, section, typed=clash.mine, clash=clash, actor=actor)
        if page == "criterion":
            return _criterion(form, criterion_key), 409
        return render_template(f"certificates/rubrics/{page}.html", form=form), 409
    flash(gettext("Saved in the draft."), "success")
    here = pages.form_page(key, section, actor=actor)
    if here.wrong_here:
        own = criterion_key if page == "criterion" else None
        return redirect(url_for(f".{page}", rubric_key=key, criterion_key=own), 303)
    return redirect(url_for(".rubric", rubric_key=key), 303)


def _criterion(form: pages.FormPage, criterion_key: str) -> str:
    one = form.sketch.criterion(criterion_key)
    if one is None:
        raise RubricNotFoundError
    return render_template("certificates/rubrics/criterion.html", form=form, one=one)


def _new(faults: dict[str, str] | None = None) -> str:
    return render_template(
        "certificates/rubrics/new.html",
        lines=[line for line in pages.shelf(current_actor()) if line.published],
        typed=request.form,
        faults=faults or {},
    )


def _confirm(key: str, error: DomainError | None = None) -> str:
    page = pages.publish_page(key, actor=current_actor())
    return render_template("certificates/rubrics/publish.html", ahead=page, error=error)
