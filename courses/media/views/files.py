"""Files as players show them, and what is said about them: the same routes in each area."""

from __future__ import annotations

from typing import Final

from flask import Response, g, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from courses.media import captioning, comments, showing
from courses.media.comments import seen
from courses.media.models import MediaCommentId
from courses.media.places import Sight, find_sight
from courses.media.showing import Typed
from courses.media.speaking import Said, speak
from institute.files.reading import send_file_response
from institute.web.areas import AreaBlueprint, current_actor
from institute.web.forms import storable

FILES: Final = "/files/<media_place>/<int:media_key>/<int:media_file_id>"
AMENDABLE: Final = 422
TYPED: Final = 20  # characters of what is short


def stream(media_place: str, media_key: int, media_file_id: int) -> ResponseReturnValue:
    """Send the file, or a part of it."""
    sight = _seen(media_place, media_key, media_file_id)
    return send_file_response(sight.sent or sight.file, as_attachment=False, name=sight.name)


def captions(
    media_place: str, media_key: int, media_file_id: int, media_caption_id: int
) -> ResponseReturnValue:
    """Send its captions in one language."""
    sight = _seen(media_place, media_key, media_file_id)
    file = captioning.caption_file(sight.file.id, media_caption_id, institute_id=sight.file.institute_id)
    if sight.mask is None:
        return send_file_response(file, as_attachment=False, name="captions.vtt")
    response = Response(captioning.masked(file, sight.mask), mimetype=file.media_type)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def page(media_place: str, media_key: int, media_file_id: int, media_page: int) -> ResponseReturnValue:
    """Send one page of a document as a picture."""
    sight = _seen(media_place, media_key, media_file_id)
    return send_file_response(showing.picture_of(sight, media_page), as_attachment=False)


def comment(media_place: str, media_key: int, media_file_id: int) -> ResponseReturnValue:
    """Take a comment."""
    sight = _sight(media_place, media_key, media_file_id)
    said = speak(sight, _typed("comment"), actor=current_actor())
    return _answered(sight, media_place, media_key, said)


def answer(
    media_place: str, media_key: int, media_file_id: int, media_comment_id: int
) -> ResponseReturnValue:
    """Take an answer below a comment."""
    sight = _sight(media_place, media_key, media_file_id)
    below = MediaCommentId(media_comment_id)
    said = speak(sight, _typed(f"answer-{below}"), actor=current_actor(), below=below)
    return _answered(sight, media_place, media_key, said)


def remove(
    media_place: str, media_key: int, media_file_id: int, media_comment_id: int
) -> ResponseReturnValue:
    """Take back what the reader said."""
    sight = _sight(media_place, media_key, media_file_id)
    comments.remove(sight, MediaCommentId(media_comment_id), actor=current_actor())
    return _answered(sight, media_place, media_key, Said(None, Typed()))


def add_files(blueprint: AreaBlueprint) -> None:
    """Give an area the routes of its players."""
    blueprint.add_url_rule(f"{FILES}/stream", "stream", stream)
    blueprint.add_url_rule(f"{FILES}/captions/<int:media_caption_id>", "captions", captions)
    blueprint.add_url_rule(f"{FILES}/pages/<int:media_page>", "page", page)
    said = f"{FILES}/comments"
    blueprint.add_url_rule(said, "comment", comment, methods=["POST"])
    blueprint.add_url_rule(f"{said}/<int:media_comment_id>/answers", "answer", answer, methods=["POST"])
    blueprint.add_url_rule(f"{said}/<int:media_comment_id>/remove", "remove", remove, methods=["POST"])


def _sight(place: str, key: int, file_id: int) -> Sight:
    return find_sight(g.area, place, key, file_id, actor=current_actor())


def _seen(place: str, key: int, file_id: int) -> Sight:
    return seen(_sight(place, key, file_id))


def _answered(sight: Sight, place: str, key: int, said: Said) -> ResponseReturnValue:
    """Give the page's script its part anew; else go back to the page, or ask to mend what was typed."""
    wrong = bool(said.typed.problems)
    if not wrong and not _wants_part():
        mark = f"comment-{said.comment_id}" if said.comment_id else f"player-{place}-{key}-{sight.file.id}"
        return redirect(f"{sight.back}#{mark}", 303)
    typed = said.typed if wrong else None
    view = showing.view_at(g.area, place, key, sight, actor=current_actor(), typed=typed)
    template = "said.html" if _wants_part() else "amend.html"
    return make_response(render_template(f"courses/media/{template}", view=view), AMENDABLE if wrong else 200)


def _typed(form: str) -> Typed:
    """Read a form of the player."""
    return Typed(
        form=form,
        at=storable(request.form.get("at", ""))[:TYPED],
        page=storable(request.form.get("page", ""))[:TYPED],
        kind=storable(request.form.get("kind", ""))[:TYPED],
        text=storable(request.form.get("text", "")).strip(),
    )


def _wants_part() -> bool:
    return request.form.get("part") == "1"
