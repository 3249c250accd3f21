"""What stands in an institute when every route is tried: each capability furnishes its own.

A module of this package has ``furnish(room)``, which makes what its routes name and returns a value for each of their
placeholders, and may have ``FORM``, the fields that its forms need. Placeholders of different capabilities have
different names.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from typing import Final

from tests.meta.furnishing.room import Room as Room

_MODULES: Final = [
    importlib.import_module(f"{__name__}.{found.name}")
    for found in pkgutil.iter_modules(__path__)
    if found.name != "room"
]
FURNISHERS: Final[list[Callable[[Room], dict[str, object]]]] = [module.furnish for module in _MODULES]
FORM: Final[dict[str, str]] = {
    "state": "paused",
    "done": "1",
    "locale": "es",
    "cohort": "1",
    **{name: value for module in _MODULES for name, value in getattr(module, "FORM", {}).items()},
}
