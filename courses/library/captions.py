"""Captions in WebVTT: read strictly enough that what is taken is shown in full, and as a transcript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Final

from institute.i18n import LazyText, lazy_gettext

MOST_BYTES: Final = 2 * 1024 * 1024
MOST_CUES: Final = 20_000
PAUSE_MS: Final = 4000  # a silence that begins a new paragraph of a transcript
LONGEST_PARAGRAPH: Final = 600

_SIGNATURE: Final = re.compile(r"WEBVTT(?:[ \t].*)?\Z")
_TIME: Final = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_TIMING: Final = re.compile(rf"[ \t]*{_TIME}[ \t]+-->[ \t]+{_TIME}(?:[ \t].*)?\Z")
_TAG: Final = re.compile(r"<[^>\n]*>")
_VOICE: Final = re.compile(r"<v(?:\.[^\s>]*)?[ \t]+([^>\n]+)>")
_OTHER_BLOCKS: Final = re.compile(r"(NOTE|STYLE|REGION)([ \t].*)?\Z")


class BrokenCaptionsError(Exception):
    """A line (from 1) that a player would pass over, and why."""

    def __init__(self, line: int, reason: LazyText) -> None:
        super().__init__(f"line {line}")
        self.line, self.reason = line, reason


@dataclass(frozen=True, slots=True)
class Cue:
    """What is said from ``start`` to ``end``, in milliseconds; ``voice`` is who says it, where that stands there."""

    start: int
    end: int
    text: str
    voice: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A stretch of a transcript: when it begins, in milliseconds, who speaks, and what is said."""

    start: int
    voice: str
    text: str


def read_captions(data: bytes) -> tuple[Cue, ...]:
    """Return the cues of a WebVTT file in order. Raises BrokenCaptionsError for the first line that is wrong."""
    lines = _lines_of(data)
    cues: list[Cue] = []
    for place, block in _blocks(lines):
        if _OTHER_BLOCKS.match(block[0]):
            continue
        cues.append(_read_cue(block, place + 1, cues[-1] if cues else None))
        if len(cues) > MOST_CUES:
            raise BrokenCaptionsError(place + 1, lazy_gettext("there are too many captions."))
    if not cues:
        raise BrokenCaptionsError(len(lines), lazy_gettext("there is no caption in it."))
    return tuple(cues)


def transcript(cues: tuple[Cue, ...]) -> tuple[Paragraph, ...]:
    """Return what is said as paragraphs: a new one for each speaker, after a pause, or where one has become long."""
    paragraphs: list[Paragraph] = []
    ended = 0
    for cue in cues:
        last = paragraphs[-1] if paragraphs else None
        joins = (
            last is not None
            and cue.start - ended < PAUSE_MS
            and cue.voice in {"", last.voice}
            and len(last.text) < LONGEST_PARAGRAPH
        )
        if joins and last is not None:
            paragraphs[-1] = Paragraph(last.start, last.voice, f"{last.text} {cue.text}".strip())
        elif cue.text:
            paragraphs.append(Paragraph(cue.start, cue.voice, cue.text))
        ended = cue.end
    return tuple(paragraphs)


def clock_of(milliseconds: int) -> str:
    """Return a time of a recording as people write it: ``2:05``, ``1:02:05``."""
    seconds = milliseconds // 1000
    hours, minutes = seconds // 3600, seconds // 60 % 60
    return f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"


def _lines_of(data: bytes) -> list[str]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BrokenCaptionsError(line, lazy_gettext("it is not UTF-8.")) from error
    if "\0" in text:
        raise BrokenCaptionsError(text[: text.index("\0")].count("\n") + 1, lazy_gettext("it holds a NUL."))
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not _SIGNATURE.match(lines[0]):
        raise BrokenCaptionsError(1, lazy_gettext("the first line must be WEBVTT."))
    return lines


def _blocks(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield (place of its first line, lines) of what empty lines set apart, the header left out."""
    block: list[str] = []
    for place, line in enumerate([*lines, ""]):
        if line.strip():
            block.append(line)
        elif block:
            if place > len(block):
                yield place - len(block), block
            block = []


def _read_cue(block: list[str], line: int, before: Cue | None) -> Cue:
    at = next((number for number, text in enumerate(block[:2]) if "-->" in text), None)
    if at is None:
        raise BrokenCaptionsError(line, lazy_gettext("no time stands above this text."))
    timing = _TIMING.match(block[at])
    if timing is None:
        raise BrokenCaptionsError(line + at, lazy_gettext("a time is written 00:01:02.500 --> 00:01:05.000."))
    start, end = _milliseconds(timing.groups()[:4]), _milliseconds(timing.groups()[4:])
    if end <= start:
        raise BrokenCaptionsError(line + at, lazy_gettext("the caption ends before it begins."))
    if before is not None and start < before.start:
        raise BrokenCaptionsError(line + at, lazy_gettext("it begins before the caption above it."))
    for number, text in enumerate(block[at + 1 :], start=at + 1):
        if "-->" in text:
            raise BrokenCaptionsError(
                line + number, lazy_gettext("an empty line is missing above this time.")
            )
    said = " ".join(part.strip() for part in block[at + 1 :])
    voice = _VOICE.search(said)
    return Cue(
        start, end, unescape(_TAG.sub("", said)).strip(), unescape(voice.group(1)).strip() if voice else ""
    )


def _milliseconds(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, rest = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest
