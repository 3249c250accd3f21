"""Templates: each compiles, names only others that exist, and carries no style or script of its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import StrictUndefined, meta

from tests.meta import sources

FILES = [path for package in sources.PACKAGES for path in sources.files(package, ".html")]
TAG = re.compile(r"<[a-zA-Z][^>]*>", re.DOTALL)
ATTRIBUTE = re.compile(r"""\s(style|on[a-z]+)\s*=\s*["']""")
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
INLINE = re.compile(r"<style\b|<script\b(?![^>]*\bsrc=)(?![^>]*\bnonce=)(?![^>]*\btype=\"application/json\")")
ELSEWHERE = re.compile(r"""<(?:script|img|link|iframe|source|video)\b[^>]*(?:src|href)=["'](?:https?:)?//""")


def test_a_name_that_is_not_there_is_an_error(app: Flask) -> None:
    assert app.jinja_env.undefined is StrictUndefined


def test_every_template_compiles_and_names_only_others_that_exist(app: Flask) -> None:
    names = set(app.jinja_env.list_templates())
    assert names
    missing = []
    for name in sorted(names):
        assert app.jinja_env.loader is not None
        source, _, _ = app.jinja_env.loader.get_source(app.jinja_env, name)
        app.jinja_env.get_template(name)
        named = set(meta.find_referenced_templates(app.jinja_env.parse(source))) - {None}
        missing += [f"{name} names {other}" for other in named - names]
    assert missing == []


@pytest.mark.parametrize("path", FILES, ids=sources.name)
def test_template_carries_no_style_and_no_script(path: Path) -> None:
    text = COMMENT.sub("", path.read_text(encoding="utf-8"))
    assert [tag for tag in TAG.findall(text) if ATTRIBUTE.search(tag)] == []
    assert INLINE.findall(text) == []
    assert ELSEWHERE.findall(text) == []
