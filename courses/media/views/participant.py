"""A participant's clips: added, captioned, shown to the coach; who is shown in them, and whether they agree."""

from __future__ import annotations

from typing import BinaryIO, cast

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.media import captioning, clips, own, people
from courses.media.captioning import TakenCaptions
from courses.media.clips import TakenIn
from courses.media.models import CaptionId, ClipId, ShownKind
from courses.media.views.files import add_files
from courses.media.views.people import add_people
from institute.actors import Role
from institute.errors import DomainError
from institute.files.checking import LARGEST_UPLOAD
from institute.web.areas import area_blueprint, current_actor
from institute.web.forms import storable

blueprint = area_blueprint(Role.PARTICIPANT, "media", __name__)
add_files(blueprint)
add_people(blueprint)
AMENDABLE = 422


def _files(name: str) -> list[tuple[str, BinaryIO]]:
    return [
        (file.filename or "", cast("BinaryIO", file.stream))
        for file in request.files.getlist(name)
        if file.filename
    ]


def _take_clip(**_route: object) -> TakenIn:
    return clips.take_in(_files("file"), request.form.getlist("upload"))


def _take_captions(**_route: object) -> TakenCaptions:
    return captioning.take_captions(_files("captions"))


def _text(name: str) -> str:
    return storable(request.form.get(name, "")).strip()


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """List the clips."""
    return render_template("courses/media/index.html", here=own.own_list(current_actor()))


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """Ask for a recording or a document."""
    return _form({}, {})


@blueprint.post("/new", prepare=_take_clip, largest=LARGEST_UPLOAD)
def add(prepared: TakenIn) -> ResponseReturnValue:
    """Take it in."""
    typed = {name: _text(name) for name in ("title", "about")}
    problems = clips.check_clip(typed["title"], typed["about"], prepared)
    if problems:
        return _form(typed, problems), AMENDABLE
    added = clips.add(typed["title"], typed["about"], prepared, actor=current_actor())
    if added.clip_id is None:
        return _form(typed, added.problems), AMENDABLE
    return redirect(url_for(".show", clip_id=added.clip_id), 303)


@blueprint.get("/clips/<int:clip_id>")
def show(clip_id: int) -> ResponseReturnValue:
    """Show one clip with all that belongs to it."""
    return _page(clip_id)


@blueprint.post("/clips/<int:clip_id>/words")
def words(clip_id: int) -> ResponseReturnValue:
    """Change what a clip is called and what is said about it."""
    typed = {name: _text(name) for name in ("title", "about")}
    problems = clips.check_words(typed["title"], typed["about"])
    if problems:
        return _page(clip_id, typed, problems), AMENDABLE
    clips.change_words(ClipId(clip_id), typed["title"], typed["about"], actor=current_actor())
    return redirect(url_for(".show", clip_id=clip_id), 303)


@blueprint.post("/clips/<int:clip_id>/share")
def share(clip_id: int) -> ResponseReturnValue:
    """Show a clip to the coach, or no longer."""
    clips.share(ClipId(clip_id), shared=request.form.get("shared") == "1", actor=current_actor())
    return redirect(url_for(".show", clip_id=clip_id), 303)


@blueprint.post("/clips/<int:clip_id>/remove")
def remove_clip(clip_id: int) -> ResponseReturnValue:
    """Remove a clip."""
    clips.remove(ClipId(clip_id), actor=current_actor())
    return redirect(url_for(".index"), 303)


@blueprint.post("/clips/<int:clip_id>/captions", prepare=_take_captions)
def put_captions(clip_id: int, prepared: TakenCaptions) -> ResponseReturnValue:
    """Give a clip captions in a language."""
    locale = _text("locale")
    problems = captioning.check_captions(locale, prepared)
    if problems:
        return _page(clip_id, {"locale": locale}, problems), AMENDABLE
    captioning.put_captions(ClipId(clip_id), locale, prepared, actor=current_actor())
    return redirect(f"{url_for('.show', clip_id=clip_id)}#captions", 303)


@blueprint.post("/clips/<int:clip_id>/captions/<int:media_caption_id>/remove")
def remove_captions(clip_id: int, media_caption_id: int) -> ResponseReturnValue:
    """Take captions away."""
    captioning.remove_captions(ClipId(clip_id), CaptionId(media_caption_id), actor=current_actor())
    return redirect(f"{url_for('.show', clip_id=clip_id)}#captions", 303)


@blueprint.post("/clips/<int:clip_id>/people")
def name_person(clip_id: int) -> ResponseReturnValue:
    """Name somebody who is shown."""
    typed = {"label": _text("label"), "kind": _text("kind")}
    problems = people.check_person(ClipId(clip_id), typed["label"], typed["kind"], actor=current_actor())
    if problems:
        return _page(clip_id, typed, problems), AMENDABLE
    kind = ShownKind(typed["kind"])
    person_id = people.name_person(ClipId(clip_id), typed["label"], kind, actor=current_actor())
    return redirect(url_for(".person", clip_id=clip_id, media_person_id=person_id), 303)


def _form(typed: dict[str, str], problems: dict[str, DomainError]) -> str:
    return render_template(
        "courses/media/new.html",
        typed=typed,
        problems=problems,
        summary=[(name, error.text) for name, error in problems.items()],
        kinds=clips.KINDS,
    )


def _page(
    clip_id: int, typed: dict[str, str] | None = None, problems: dict[str, DomainError] | None = None
) -> str:
    found = problems or {}
    return render_template(
        "courses/media/clip.html",
        here=own.own_page(ClipId(clip_id), actor=current_actor()),
        typed=typed or {},
        problems=found,
        summary=[(name, error.text) for name, error in found.items()],
    )
