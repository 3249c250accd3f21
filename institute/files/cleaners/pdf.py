"""PDF without what names people or acts: descriptions, attachments, scripts, names on comments, signatures."""

from __future__ import annotations

import importlib
from typing import Any, BinaryIO, Final

from institute.files.cleaners.faults import UncleanError
from institute.files.cleaners.inner import clean_picture

_OF_ROOT: Final = (
    *("/Metadata", "/PieceInfo", "/AF", "/OpenAction", "/AA", "/Collection", "/Perms", "/DSS", "/Legal"),
    *("/Threads", "/SpiderInfo", "/URI"),
)
_OF_NAMES: Final = ("/EmbeddedFiles", "/JavaScript", "/AlternatePresentations", "/Renditions")
_OF_ANY: Final = ("/Metadata", "/PieceInfo", "/AF", "/AA", "/LastModified")
_OF_COMMENT: Final = ("/T", "/M", "/CreationDate", "/NM", "/RC", "/AA", "/ExData")
_COMMENTS: Final = frozenset(
    {
        *(
            "/Text",
            "/FreeText",
            "/Line",
            "/Square",
            "/Circle",
            "/Polygon",
            "/PolyLine",
            "/Highlight",
            "/Underline",
        ),
        *("/Squiggly", "/StrikeOut", "/Stamp", "/Caret", "/Ink", "/Popup", "/Redact"),
    }
)
_DROPPED: Final = frozenset({"/FileAttachment", "/Sound", "/Movie", "/Screen", "/RichMedia", "/3D"})
_ACTS: Final = frozenset({"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/Rendition"})


def clean_pdf(source: BinaryIO, target: BinaryIO) -> None:
    """Write a document whose pages look the same. Raises UncleanError where it cannot be read."""
    pikepdf: Any = importlib.import_module("pikepdf")  # the worker alone needs it
    try:
        with pikepdf.open(source) as document:
            _clean_root(document, pikepdf)
            for page in document.pages:
                _clean_comments(page.obj, pikepdf)
            for thing in document.objects:
                _clean_thing(thing, pikepdf)
            if "/Info" in document.trailer:
                del document.trailer["/Info"]
            document.save(
                target,
                deterministic_id=True,
                encryption=False,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
                fix_metadata_version=False,
            )
    except (pikepdf.PdfError, ValueError, RuntimeError, TypeError) as error:
        raise UncleanError("pdf-unreadable") from error


def _clean_root(document: Any, pikepdf: Any) -> None:
    root = document.Root
    _remove(root, _OF_ROOT)
    if isinstance(root.get("/Names"), pikepdf.Dictionary):
        _remove(root.Names, _OF_NAMES)
    form = root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary):
        _remove(form, ("/XFA", "/SigFlags"))


def _clean_comments(page: Any, pikepdf: Any) -> None:
    """Take names off the comments of a page, and what opens other files away."""
    listed = page.get("/Annots")
    if not isinstance(listed, pikepdf.Array):
        return
    kept = []
    for note in listed:
        if not isinstance(note, pikepdf.Dictionary) or str(note.get("/Subtype")) in _DROPPED:
            continue
        _clean_thing(note, pikepdf)
        if str(note.get("/Subtype")) in _COMMENTS:
            _remove(note, _OF_COMMENT)
        kept.append(note)
    page.Annots = pikepdf.Array(kept)


def _clean_thing(thing: Any, pikepdf: Any) -> None:
    """Clean one object of the document, whatever refers to it."""
    if not isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
        return
    _remove(thing, _OF_ANY)
    action = thing.get("/A")
    if isinstance(action, pikepdf.Dictionary) and str(action.get("/S")) in _ACTS:
        del thing["/A"]
    if str(thing.get("/FT")) == "/Sig":
        _remove(thing, ("/V", "/Lock", "/SV"))
    if isinstance(thing, pikepdf.Stream) and str(thing.get("/Subtype")) == "/Image":
        how = thing.get("/Filter")
        chain = [str(one) for one in how] if isinstance(how, pikepdf.Array) else [str(how)]
        if chain == ["/DCTDecode"]:
            _clean_image(thing, pikepdf)


def _clean_image(stream: Any, pikepdf: Any) -> None:
    """Take the camera's notes out of a photograph; readers turn it by the page, never by the notes."""
    filters, parameters = stream.Filter, stream.get("/DecodeParms")
    try:
        clean = clean_picture(stream.read_raw_bytes())
    except UncleanError as error:
        raise UncleanError("pdf-image") from error
    stream.write(clean, filter=filters, decode_parms=parameters)


def _remove(thing: Any, names: tuple[str, ...]) -> None:
    for name in names:
        if name in thing:
            del thing[name]
