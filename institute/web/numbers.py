"""Numbers in addresses: one that no row can have is an address that is not there, never a database's complaint."""

from __future__ import annotations

from typing import Final

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

LARGEST_ID: Final = 2**31 - 1


class IdConverter(IntegerConverter):
    """``<int:…_id>``: a whole number that fits a key column of either database."""

    def __init__(
        self, map: Map, fixed_digits: int = 0, min: int | None = None, max: int | None = None  # noqa: A002
    ) -> None:  # fmt: skip
        super().__init__(map, fixed_digits, min, LARGEST_ID if max is None else max)


def init_app(app: Flask) -> None:
    """Let every route that takes a number take only such ones."""
    app.url_map.converters["int"] = IdConverter
