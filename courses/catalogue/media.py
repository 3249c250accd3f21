"""What a text names of the library: taken out before the text is made safe, and drawn into it for who reads.

Where something is named, the HTML carries a mark made of a number that only this process knows; it goes through the
cleaning as the plain text it is, so that no author can write one, and what is drawn there needs no cleaning.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markdown_it.token import Token
from markupsafe import Markup

from courses.catalogue.parsing import parse, plain
from courses.library.shelf import Form, current_shelf

SCHEME: Final = "resource:"
_NONCE: Final = secrets.token_hex(12)
_MARK: Final = re.compile(rf"{_NONCE}x(\d+)x")
_WEB: Final = ("https://", "http://")


@dataclass(frozen=True, slots=True)
class Named:
    """A resource as a text names it: ``text`` is what the author wrote between the brackets."""

    form: Form
    key: str
    text: str = ""


Pieces = tuple[Markup | Named, ...]


def keys_named(text: str) -> frozenset[str]:
    """Return the keys of the resources that a Markdown text names."""
    if SCHEME not in text:
        return frozenset()
    named: list[Named] = []
    place_media(parse(text), named)
    return frozenset(one.key for one in named)


def place_media(tokens: Sequence[Token], named: list[Named]) -> list[Token]:
    """Return blocks with marks where resources are named, and note in ``named`` what each mark stands for.

    A paragraph of nothing but resources gives way to them. A picture from anywhere else becomes a link to it.
    """
    placed: list[Token] = []
    for index, token in enumerate(tokens):
        if token.type != "inline":
            placed.append(token)
            continue
        alone = _alone(tokens, index)
        if alone:
            placed.pop()  # the paragraph's beginning; its end is left out below
            placed += [_block(Named(Form.BLOCK, _key(one), plain(one.children)), named) for one in alone]
        else:
            token.children = _inline(token.children or [], named)
            placed.append(token)
    return [token for token in placed if not token.meta.get("emptied")]


def in_pieces(html: str, named: Sequence[Named]) -> Pieces:
    """Return cleaned HTML cut at its marks, with what each stands for."""
    parts = _MARK.split(html)
    pieces = [Markup(part) if place % 2 == 0 else named[int(part)] for place, part in enumerate(parts)]  # noqa: S704  (just cleaned)
    return tuple(piece for piece in pieces if piece)


def draw(pieces: Pieces) -> Markup:
    """Return a text with its media for who reads."""
    keys = {piece.key for piece in pieces if isinstance(piece, Named)}
    if not keys:
        return pieces[0] if pieces and isinstance(pieces[0], Markup) else Markup("")
    shelf = current_shelf()
    shelf.fetch(sorted(keys))
    return Markup("").join(
        shelf.draw(piece.form, piece.key, piece.text) if isinstance(piece, Named) else piece
        for piece in pieces
    )


def _alone(tokens: Sequence[Token], index: int) -> list[Token]:
    """Return the resources that a paragraph is made of, where it is made of nothing else; mark its end then."""
    children = [one for one in tokens[index].children or () if one.type != "softbreak"]
    fitting = all(one.type == "image" and _key(one) for one in children)
    if not children or not fitting or tokens[index - 1].type != "paragraph_open":
        return []
    tokens[index + 1].meta["emptied"] = True
    return children


def _inline(children: Sequence[Token], named: list[Named]) -> list[Token]:
    placed: list[Token] = []
    links: list[str] = []  # the open links; the key of a resource, or nothing
    for token in children:
        if token.type == "link_open":
            links.append(_key(token, "href"))
            placed.append(_mark(Named(Form.OPEN, links[-1]), named) if links[-1] else token)
        elif token.type == "link_close":
            key = links.pop()
            placed.append(_mark(Named(Form.CLOSE, key), named) if key else token)
        elif token.type == "image":
            placed += _picture(token, named, linked=bool(links))
        else:
            placed.append(token)
    return placed


def _picture(token: Token, named: list[Named], *, linked: bool) -> list[Token]:
    key, text = _key(token), plain(token.children)
    if key:
        return [_mark(Named(Form.LINKED if linked else Form.INLINE, key, text), named)]
    said = Token("text", "", 0, content=text)
    address = str(token.attrGet("src") or "")
    if linked or not address.startswith(_WEB):
        return [said]
    said.content = text or address
    opening = Token("link_open", "a", 1, attrs={"href": address})
    return [opening, said, Token("link_close", "a", -1)]


def _key(token: Token, attribute: str = "src") -> str:
    """Return the key that a picture or a link names; empty where it names none."""
    address = str(token.attrGet(attribute) or "")
    return address.removeprefix(SCHEME)[:200] if address.startswith(SCHEME) else ""


def _mark(one: Named, named: list[Named]) -> Token:
    named.append(one)
    return Token("text", "", 0, content=f"{_NONCE}x{len(named) - 1}x")


def _block(one: Named, named: list[Named]) -> Token:
    named.append(one)
    return Token("html_block", "", 0, content=f"{_NONCE}x{len(named) - 1}x\n", block=True)
