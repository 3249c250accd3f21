"""What a slug or a key of the catalogue may be made of: the same as everywhere that authors name things."""

from __future__ import annotations

from courses.frameworks.naming import is_slug

__all__ = ("is_slug",)
