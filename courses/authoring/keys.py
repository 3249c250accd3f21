"""A slug or a key for what an author names in any language: written once, when a part is made, and kept."""

from __future__ import annotations

from collections.abc import Container

from courses.frameworks.naming import not_taken, slug_of


def key_for(text: str, taken: Container[str], *, otherwise: str) -> str:
    """Return a slug made of ``text`` that is not ``taken``; of ``otherwise`` where the text has no Latin letters.

    ``otherwise`` must itself be a slug, such as "activity". A second one of the same name gets a number.
    """
    return not_taken(slug_of(text) or otherwise, taken)
