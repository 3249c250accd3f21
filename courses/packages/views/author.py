"""An author's packages: handing one in, looking at what it would change, bringing it in, taking one out."""

from __future__ import annotations

from typing import BinaryIO, cast

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from courses.packages import uploading
from courses.packages.exporting import Which, export_programme, offer_of
from courses.packages.importing import Opened
from courses.packages.models import PackageUploadId
from courses.packages.papers import LARGEST_PACKAGE
from courses.packages.uploading import Handed
from courses.packages.writing import MEDIA_TYPE
from institute.actors import Role
from institute.i18n import gettext
from institute.web.areas import area_blueprint, current_actor

blueprint = area_blueprint(Role.AUTHOR, "packages", __name__)


def _take_in(**_route: object) -> Handed:
    """Check and keep what the form brought, before the view's transaction."""
    file = request.files.get("package")
    stream = cast("BinaryIO", file.stream) if file is not None else None
    name = (file.filename or "") if file is not None else ""
    return uploading.take_in(stream, name, institute_id=current_actor().institute_id)


def _open(package_id: int, **_route: object) -> Opened:
    """Read the package again and keep its resources' files, before the view's transaction."""
    return uploading.open_upload(PackageUploadId(package_id), actor=current_actor())


@blueprint.get("/")
def new() -> ResponseReturnValue:
    """Ask for a package."""
    return _ask(Handed())


@blueprint.post("/", prepare=_take_in, largest=uploading.LARGEST_UPLOAD)
def hand_in(prepared: Handed) -> ResponseReturnValue:
    """Let a package without mistakes wait; show the mistakes of any other."""
    if prepared.blob is None:
        return _ask(prepared), 422
    package_id = uploading.await_word(prepared.blob, prepared.name, actor=current_actor())
    return redirect(url_for(".show", package_id=package_id), 303)


@blueprint.get("/<int:package_id>")
def show(package_id: int) -> ResponseReturnValue:
    """Show what bringing a package in would do."""
    here = uploading.look_at(PackageUploadId(package_id), actor=current_actor())
    return render_template("courses/packages/plan.html", here=here)


@blueprint.post("/<int:package_id>", prepare=_open)
def bring_in(package_id: int, prepared: Opened) -> ResponseReturnValue:
    """Bring a package in, and go to its programme."""
    slug = uploading.bring_in_upload(
        PackageUploadId(package_id),
        prepared,
        digest=request.form.get("plan", ""),
        take_theirs=request.form.get("conflicts") == "theirs",
        actor=current_actor(),
    )
    flash(gettext("The package is in. Nobody but authors sees it before it is published."), "success")
    return redirect(url_for("author_programmes.programme", programme=slug), 303)


@blueprint.post("/<int:package_id>/discard")
def discard(package_id: int) -> ResponseReturnValue:
    """Forget a package."""
    uploading.discard(PackageUploadId(package_id), actor=current_actor())
    flash(gettext("The package is forgotten. Nothing was changed."), "success")
    return redirect(url_for(".new"), 303)


@blueprint.get("/of/<packed_programme>")
def choose(packed_programme: str) -> ResponseReturnValue:
    """Show what of a programme can be taken out."""
    here = offer_of(packed_programme, institute_id=current_actor().institute_id)
    return render_template("courses/packages/choose.html", here=here)


@blueprint.get("/export/<packed_programme>")
def export(packed_programme: str) -> ResponseReturnValue:
    """Send a programme as a package: its newest version, unless ``which`` says otherwise."""
    asked = request.args.get("which", "")
    which = Which(asked) if asked in list(Which) else Which.PUBLISHED
    data = export_programme(packed_programme, which, institute_id=current_actor().institute_id)
    return send_file(
        data, mimetype=MEDIA_TYPE, as_attachment=True, download_name=f"{packed_programme}.zip", max_age=0
    )


def _ask(handed: Handed) -> str:
    return render_template("courses/packages/new.html", handed=handed, largest=LARGEST_PACKAGE)
