"""The pages on which authors write frameworks and vocabularies."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.frameworks import arranging, forms, saving
from courses.frameworks.arranging import Change
from courses.frameworks.drafts import FrameworkDraft, VocabularyDraft
from courses.frameworks.models import Kind
from courses.frameworks.pages import framework_page, history_of, shelf_page, vocabulary_page
from courses.frameworks.parts import PartRef
from courses.frameworks.saving import Saving
from courses.frameworks.typed import Typed, read_typed
from institute.actors import Role
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor
from institute.web.forms import read_revision

blueprint = area_blueprint(Role.AUTHOR, "frameworks", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """List frameworks and vocabularies."""
    shelf = shelf_page(current_actor(), retired=True)
    return render_template("courses/frameworks/author/index.html", shelf=shelf)


@blueprint.get("/<framework>")
def framework(framework: str) -> ResponseReturnValue:
    """Show a framework with its scale and its elements, and what can be done with them."""
    here = framework_page(framework, Role.AUTHOR, actor=current_actor())
    return render_template("courses/frameworks/author/framework.html", here=here)


@blueprint.get("/<framework>/history")
def framework_history(framework: str) -> ResponseReturnValue:
    """Show everything that was saved for a framework."""
    here = framework_page(framework, Role.AUTHOR, actor=current_actor()).framework
    return _history(here, framework=framework)


@blueprint.get("/vocabularies/<vocabulary>")
def vocabulary(vocabulary: str) -> ResponseReturnValue:
    """Show a vocabulary with its tags, and what can be done with them."""
    here = vocabulary_page(vocabulary, Role.AUTHOR, actor=current_actor())
    return render_template("courses/frameworks/author/vocabulary.html", here=here)


@blueprint.get("/vocabularies/<vocabulary>/history")
def vocabulary_history(vocabulary: str) -> ResponseReturnValue:
    """Show everything that was saved for a vocabulary."""
    here = vocabulary_page(vocabulary, Role.AUTHOR, actor=current_actor()).vocabulary
    return _history(here, vocabulary=vocabulary)


def _history(group: FrameworkDraft | VocabularyDraft, **keys: str) -> ResponseReturnValue:
    saves = history_of(group, actor=current_actor())
    return render_template("courses/frameworks/author/history.html", group=group, saves=saves, keys=keys)


def _mount_group(kind: Kind, rule: str) -> None:
    """Mount what is done with a framework or a vocabulary itself; ``kind`` names its placeholder."""
    name = kind.value

    def new() -> ResponseReturnValue:
        return _form(forms.new_form(kind, actor=current_actor()))

    def add() -> ResponseReturnValue:
        typed = read_typed(request.form)
        saved = saving.add_group(kind, typed, actor=current_actor())
        if not saved.kept:
            return _form(forms.new_form(kind, actor=current_actor(), typed=typed, saving=saved)), 422
        flash(gettext("Added."), "success")
        return redirect(_page(f".{name}", {name: saved.key}), 303)

    def about(**keys: str) -> ResponseReturnValue:
        return _edit(PartRef(kind, keys[name]))

    def save_about(**keys: str) -> ResponseReturnValue:
        return _save(PartRef(kind, keys[name]), _page(f".{name}", keys))

    def change(**keys: str) -> ResponseReturnValue:
        wish = arranging.read_change(request.form.get("wish", ""))
        arranging.change_part(PartRef(kind, keys[name]), wish, actor=current_actor())
        flash(_said(wish), "success")
        return redirect(url_for(".index") if wish is Change.DELETE else _page(f".{name}", keys), 303)

    blueprint.add_url_rule(f"{rule}/new", f"new_{name}", new)
    blueprint.add_url_rule(f"{rule}/new", f"add_{name}", add, methods=["POST"])
    blueprint.add_url_rule(f"{rule}/<{name}>/about", f"about_{name}", about)
    blueprint.add_url_rule(f"{rule}/<{name}>/about", f"save_{name}", save_about, methods=["POST"])
    blueprint.add_url_rule(f"{rule}/<{name}>/change", f"change_{name}", change, methods=["POST"])


def _mount_part(kind: Kind, group: str, rule: str) -> None:
    """Mount what is done with the parts of a framework or a vocabulary; ``kind`` names their placeholder."""
    name = kind.value

    def new(**keys: str) -> ResponseReturnValue:
        below = request.args.get("below", "")
        return _form(forms.new_form(kind, keys[group], below=below, actor=current_actor()))

    def add(**keys: str) -> ResponseReturnValue:
        typed, below = read_typed(request.form), request.form.get("below", "")
        saved = saving.add_part(kind, keys[group], typed, below=below, actor=current_actor())
        if not saved.kept:
            form = forms.new_form(
                kind, keys[group], below=below, actor=current_actor(), typed=typed, saving=saved
            )
            return _form(form), 422
        flash(gettext("Added."), "success")
        return redirect(_page(f".{group}", keys, saved.key), 303)

    def edit(**keys: str) -> ResponseReturnValue:
        return _edit(PartRef(kind, keys[group], keys[name]))

    def save(**keys: str) -> ResponseReturnValue:
        page = _page(f".{group}", {group: keys[group]}, keys[name])
        return _save(PartRef(kind, keys[group], keys[name]), page)

    def move(**keys: str) -> ResponseReturnValue:
        direction = arranging.read_direction(request.form.get("direction", ""))
        arranging.move_part(PartRef(kind, keys[group], keys[name]), direction, actor=current_actor())
        return redirect(_page(f".{group}", {group: keys[group]}, keys[name]), 303)

    def change(**keys: str) -> ResponseReturnValue:
        wish = arranging.read_change(request.form.get("wish", ""))
        arranging.change_part(PartRef(kind, keys[group], keys[name]), wish, actor=current_actor())
        flash(_said(wish), "success")
        return redirect(_page(f".{group}", {group: keys[group]}, keys[name]), 303)

    blueprint.add_url_rule(f"{rule}/new", f"new_{name}", new)
    blueprint.add_url_rule(f"{rule}/new", f"add_{name}", add, methods=["POST"])
    blueprint.add_url_rule(f"{rule}/<{name}>", name, edit)
    blueprint.add_url_rule(f"{rule}/<{name}>", f"save_{name}", save, methods=["POST"])
    blueprint.add_url_rule(f"{rule}/<{name}>/move", f"move_{name}", move, methods=["POST"])
    blueprint.add_url_rule(f"{rule}/<{name}>/change", f"change_{name}", change, methods=["POST"])


def _edit(ref: PartRef) -> ResponseReturnValue:
    save_id = request.args.get("from", 0, type=_row_number)
    return _form(forms.part_form(ref, actor=current_actor(), save_id=save_id))


def _save(ref: PartRef, page: str) -> ResponseReturnValue:
    typed = read_typed(request.form)
    saved = saving.save_part(ref, typed, revision=read_revision(request.form), actor=current_actor())
    if saved.kept:
        flash(gettext("Saved."), "success")
        return redirect(page, 303)
    return _answer(ref, typed, saved)


def _answer(ref: PartRef, typed: Typed, saved: Saving) -> ResponseReturnValue:
    form = forms.part_form(ref, actor=current_actor(), typed=typed, saving=saved)
    return _form(form), 409 if saved.clash else 422


def _form(form: forms.FormPage) -> str:
    return render_template("courses/frameworks/author/part.html", form=form)


def _page(endpoint: str, keys: dict[str, Any], anchor: str | None = None) -> str:
    return url_for(endpoint, **keys, _anchor=anchor)


def _row_number(text: str) -> int:
    """Return a row's number. Raises ValueError for what cannot be one, so that it counts as none."""
    number = int(text)
    if not 0 < number < 2**31:
        raise ValueError(text)
    return number


def _said(wish: Change) -> str:
    if wish is Change.DELETE:
        return gettext("Deleted. What was written is still in the history.")
    if wish is Change.RETIRE:
        return gettext("Retired: it is offered to nobody any more.")
    return gettext("It is offered again.")


_mount_group(Kind.FRAMEWORK, "")
_mount_group(Kind.VOCABULARY, "/vocabularies")
_mount_part(Kind.COLUMN, "framework", "/<framework>/columns")
_mount_part(Kind.ELEMENT, "framework", "/<framework>/elements")
_mount_part(Kind.TERM, "vocabulary", "/vocabularies/<vocabulary>/terms")
