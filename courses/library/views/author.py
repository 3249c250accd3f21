"""The pages on which authors keep the library: resources, their files, collections."""

from __future__ import annotations

from typing import BinaryIO, cast

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.library import editing, keeping
from courses.library.editing import CollectionForm, ResourceForm, Upload
from courses.library.forms import read_typed
from courses.library.models import FilePurpose, ResourceKind
from courses.library.taking import LARGEST_UPLOAD, largest_for, suffixes_for
from courses.library.views.reading import reading_blueprint
from institute.actors import Role
from institute.i18n import gettext
from institute.web.areas import current_actor
from institute.web.forms import read_revision

blueprint = reading_blueprint(Role.AUTHOR)


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """Ask what kind of resource it is, then show its form."""
    kind = _kind(request.args.get("kind", ""))
    if kind is None:
        return render_template("courses/library/author/kinds.html", kinds=list(ResourceKind))
    return _resource_page(editing.resource_form(None, kind, actor=current_actor()))


@blueprint.post("/new")
def make() -> ResponseReturnValue:
    """Make a resource."""
    typed, kind = read_typed(request.form), _kind(request.form.get("kind", "")) or ResourceKind.OTHER
    saved = editing.make_resource(typed, kind, actor=current_actor())
    if saved.key:
        flash(gettext("The resource is in the library."), "success")
        return redirect(url_for(".edit", resource_key=saved.key), 303)
    form = editing.resource_form(None, kind, actor=current_actor(), typed=typed, saved=saved)
    return _resource_page(form), 422


@blueprint.get("/<resource_key>/files", endpoint="files")
@blueprint.get("/<resource_key>/edit")
def edit(resource_key: str) -> ResponseReturnValue:
    """Show the form of a resource, and its files."""
    return _resource_page(editing.resource_form(resource_key, None, actor=current_actor()))


@blueprint.post("/<resource_key>/edit")
def save(resource_key: str) -> ResponseReturnValue:
    """Write a resource's texts and facts."""
    typed = read_typed(request.form)
    saved = editing.save_resource(
        resource_key, typed, revision=read_revision(request.form), actor=current_actor()
    )
    if saved.key:
        flash(gettext("The resource was saved."), "success")
        return redirect(url_for(".show", resource_key=resource_key), 303)
    form = editing.resource_form(resource_key, None, actor=current_actor(), typed=typed, saved=saved)
    return _resource_page(form), 422


def _take_in(resource_key: str) -> Upload:
    """Check and keep the file that the form brought, before the view's transaction."""
    file = request.files.get("file")
    return editing.take_upload(
        resource_key,
        request.form.get("purpose", ""),
        request.form.get("locale", ""),
        (file.filename or "") if file else "",
        cast("BinaryIO", file.stream) if file else None,
        actor=current_actor(),
    )


@blueprint.post("/<resource_key>/files", prepare=_take_in, largest=LARGEST_UPLOAD)
def upload(resource_key: str, prepared: Upload) -> ResponseReturnValue:
    """Give a resource a file in one language, in place of the one it had."""
    editing.attach_upload(resource_key, prepared, actor=current_actor())
    if prepared.refusal:
        form = editing.resource_form(resource_key, None, actor=current_actor())
        return _resource_page(form, prepared), 422
    flash(gettext("The file is in its place."), "success")
    return redirect(url_for(".edit", resource_key=resource_key, _anchor="files"), 303)


@blueprint.post("/<resource_key>/files/<int:resource_file_id>/remove")
def remove_file(resource_key: str, resource_file_id: int) -> ResponseReturnValue:
    """Take a file out of a resource."""
    keeping.drop_file(resource_key, resource_file_id, actor=current_actor())
    flash(gettext("The file was removed."), "success")
    return redirect(url_for(".edit", resource_key=resource_key, _anchor="files"), 303)


@blueprint.post("/<resource_key>/archive")
def archive(resource_key: str) -> ResponseReturnValue:
    """Let nobody find a resource any more."""
    keeping.archive_resource(resource_key, actor=current_actor())
    flash(gettext("The resource is archived. What is published and names it still shows it."), "success")
    return redirect(url_for(".show", resource_key=resource_key), 303)


@blueprint.post("/<resource_key>/restore")
def restore(resource_key: str) -> ResponseReturnValue:
    """Let an archived resource be found again."""
    keeping.restore_resource(resource_key, actor=current_actor())
    flash(gettext("The resource is back in the library."), "success")
    return redirect(url_for(".show", resource_key=resource_key), 303)


@blueprint.get("/collections/new")
def new_collection() -> ResponseReturnValue:
    """Show the form of a new collection."""
    return _collection_page(editing.collection_form(None, actor=current_actor()))


@blueprint.post("/collections/new")
def make_collection() -> ResponseReturnValue:
    """Make a collection."""
    typed = read_typed(request.form)
    saved = editing.make_collection(typed, actor=current_actor())
    if saved.key:
        flash(gettext("The collection is made. Put resources into it now."), "success")
        return redirect(url_for(".edit_collection", collection_key=saved.key), 303)
    form = editing.collection_form(None, actor=current_actor(), typed=typed, saved=saved)
    return _collection_page(form), 422


@blueprint.get("/collections/<collection_key>/edit")
def edit_collection(collection_key: str) -> ResponseReturnValue:
    """Show the form of a collection, and what is in it."""
    return _collection_page(editing.collection_form(collection_key, actor=current_actor()))


@blueprint.post("/collections/<collection_key>/edit")
def save_collection(collection_key: str) -> ResponseReturnValue:
    """Write a collection's texts."""
    typed = read_typed(request.form)
    saved = editing.save_collection(
        collection_key, typed, revision=read_revision(request.form), actor=current_actor()
    )
    if saved.key:
        flash(gettext("The collection was saved."), "success")
        return redirect(url_for(".edit_collection", collection_key=collection_key), 303)
    form = editing.collection_form(collection_key, actor=current_actor(), typed=typed, saved=saved)
    return _collection_page(form), 422


@blueprint.post("/collections/<collection_key>/items")
def add_item(collection_key: str) -> ResponseReturnValue:
    """Put a resource into a collection."""
    editing.add_to_collection(collection_key, request.form.get("resource", ""), actor=current_actor())
    return _back_to(collection_key)


@blueprint.post("/collections/<collection_key>/move")
def move_item(collection_key: str) -> ResponseReturnValue:
    """Move a resource within a collection, or out of it."""
    move, _, resource = request.form.get("move", "").partition(":")
    editing.move_in_collection(collection_key, resource, move, actor=current_actor())
    return _back_to(collection_key)


@blueprint.post("/collections/<collection_key>/remove")
def remove_collection(collection_key: str) -> ResponseReturnValue:
    """Take a collection away."""
    keeping.remove_collection(collection_key, actor=current_actor())
    flash(gettext("The collection was removed. Its resources are still in the library."), "success")
    return redirect(url_for(".index"), 303)


def _back_to(collection_key: str) -> ResponseReturnValue:
    return redirect(url_for(".edit_collection", collection_key=collection_key, _anchor="resources"), 303)


def _resource_page(form: ResourceForm, upload: Upload | None = None) -> str:
    """Show a resource's form; with its files, once it is there."""
    limits = {
        purpose.value: (largest_for(form.kind, purpose) // (1024 * 1024), suffixes_for(form.kind, purpose))
        for purpose in FilePurpose
    }
    return render_template("courses/library/author/resource.html", form=form, upload=upload, limits=limits)


def _collection_page(form: CollectionForm) -> str:
    return render_template("courses/library/author/collection.html", form=form)


def _kind(given: str) -> ResourceKind | None:
    return ResourceKind(given) if given in list(ResourceKind) else None
