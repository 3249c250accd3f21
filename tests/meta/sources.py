"""The files of the project, as the meta-tests see them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("institute", "courses", "certificates", "lti")
LEFT_OUT = {".git", ".venv", ".venv-interop", "__pycache__", "node_modules", "out", "var"}


def files(folder: str = ".", *suffixes: str) -> Iterator[Path]:
    """Yield the files under a folder of the project, those with one of ``suffixes`` if any are given.

    What the tools of developers leave behind is passed over.
    """
    for path in sorted((ROOT / folder).iterdir()):
        if path.is_dir():
            if path.name not in LEFT_OUT and not path.name.endswith("_cache") and path.name != ".hypothesis":
                yield from files(str(path.relative_to(ROOT)), *suffixes)
        elif not suffixes or path.suffix in suffixes:
            yield path


def product_modules() -> list[Path]:
    """Return the Python files of the packages and wsgi.py."""
    return [path for package in PACKAGES for path in files(package, ".py")] + [ROOT / "wsgi.py"]


def name(path: Path) -> str:
    """Return a file's name as messages show it: its path inside the project."""
    return str(path.relative_to(ROOT))


@cache
def tree(path: Path) -> ast.Module:
    """Return a Python file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=name(path))


def imported(path: Path) -> set[str]:
    """Return the full names that a Python file imports, at any depth."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found
