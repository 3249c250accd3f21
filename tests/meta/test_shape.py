"""The shape of the code: what files are called, how long they are, what an ``__init__`` holds, who may commit."""

from __future__ import annotations

import ast
import re

import pytest

from tests.meta import sources

# Names that say nothing about what is inside.
EMPTY_NAMES = {"common", "helpers", "misc", "services", "shared", "tools", "util", "utils"}
LONGEST_FILE = 400
# Spelled so that this file does not hold what it looks for.
OF_ONE_MACHINE = re.compile(r"/hom[e]/\w|/User[s]/\w|/roo[t]/\w")
OF_A_REGISTRY = re.compile(r"python[h]osted|index-ur[l]|registry *= *\"?htt[p]|\"resolve[d]\": *\"http")


def test_module_names_say_what_is_inside() -> None:
    modules = [path for path in sources.files(".", ".py") if path.stem in EMPTY_NAMES]
    assert [sources.name(path) for path in modules] == []


def test_package_files_hold_a_docstring_and_at_most_their_entry() -> None:
    wrong = []
    for package in sources.PACKAGES:
        for path in (sources.ROOT / package).rglob("__init__.py"):
            body = sources.tree(path).body
            if not ast.get_docstring(sources.tree(path)):
                wrong.append(f"{sources.name(path)} has no docstring")
            here = ".".join(path.parent.relative_to(sources.ROOT).parts)
            entry = re.compile(rf"from {re.escape(here)}\.\w+ import (\w+) as \1")
            if len(body) > 2 or not all(entry.fullmatch(ast.unparse(node)) for node in body[1:]):
                wrong.append(f"{sources.name(path)} holds more than its docstring and one entry")
    assert wrong == []


def test_only_the_database_module_ends_transactions() -> None:
    calls = [
        f"{sources.name(path)}:{node.lineno}"
        for path in sources.product_modules()
        if sources.name(path) != "institute/db.py" and "lti/sandbox" not in sources.name(path)
        for node in ast.walk(sources.tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"commit", "rollback"}
    ]
    assert calls == []


def test_nothing_imports_the_roof() -> None:
    assert [
        sources.name(path)
        for path in sources.product_modules()
        if any(name.split(".")[0] == "wsgi" for name in sources.imported(path))
    ] == []


def test_the_product_never_imports_the_sandbox() -> None:
    assert [
        sources.name(path)
        for path in sources.product_modules()
        if not sources.name(path).startswith("lti/sandbox/")
        and any(name.startswith("lti.sandbox") for name in sources.imported(path))
    ] == []


def test_the_sandbox_knows_the_tool_by_its_addresses_only() -> None:
    allowed = "lti.sandbox"
    assert [
        f"{sources.name(path)} imports {name}"
        for path in sources.files("lti/sandbox", ".py")
        for name in sources.imported(path)
        if name.split(".")[0] in sources.PACKAGES and not name.startswith(allowed)
    ] == []


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    assert [
        f"{sources.name(path)}: {count} lines"
        for path in sources.files(".", ".py", ".html", ".js", ".toml", ".md")
        if "vendor" not in path.parts
        and (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    ] == []


@pytest.mark.parametrize("pattern", [OF_ONE_MACHINE, OF_A_REGISTRY, re.compile(re.escape(str(sources.ROOT)))])
def test_no_file_knows_a_machine_or_where_packages_come_from(pattern: re.Pattern[str]) -> None:
    found = []
    for path in sources.files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{sources.name(path)}: {match.group()}" for match in pattern.finditer(text)]
    assert found == []


def test_settings_table_names_every_setting_and_no_other() -> None:
    settings = next(
        node
        for node in sources.tree(sources.ROOT / "institute" / "config.py").body
        if isinstance(node, ast.ClassDef) and node.name == "Settings"
    )
    fields = {
        node.target.id.upper()
        for node in settings.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    table = (sources.ROOT / "docs" / "operator" / "settings.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == fields
