"""CommonMark with tables, raw HTML off: the one parser of everything that authors write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

_markdown: Final = MarkdownIt("commonmark", {"html": False}).enable("table")
_renderer: Final = cast("RendererHTML", _markdown.renderer)


def parse(text: str) -> list[Token]:
    """Return a text's blocks, each with what stands in it."""
    return _markdown.parse(text)


def write(tokens: Sequence[Token]) -> str:
    """Return blocks as HTML. It is not safe yet."""
    return _renderer.render(tokens, _markdown.options, {})


def plain(tokens: Sequence[Token] | None) -> str:
    """Return what stands in a piece of text, without its markup."""
    return _renderer.renderInlineAsText(tokens or (), _markdown.options, {})
