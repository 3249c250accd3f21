"""Routes: each is guarded by its area or stands in the one list of public ones."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import Rule

from institute.web.areas import AreaBlueprint
from institute.web.public import PUBLIC


def guarded(app: Flask, rule: Rule) -> bool:
    """Tell whether a route belongs to a blueprint that asks for a session."""
    return isinstance(app.blueprints.get(rule.endpoint.rpartition(".")[0]), AreaBlueprint)


def address(rule: Rule) -> str:
    """Return an address of a route, with something plausible in each place."""
    built = rule.build(
        {name: 1 if f"<int:{name}>" in rule.rule else "x" for name in rule.arguments}, append_unknown=False
    )
    assert built is not None, rule.rule
    return built[1]


def test_what_no_area_guards_is_listed_as_public_and_nothing_else_is(app: Flask) -> None:
    unguarded = {rule.endpoint for rule in app.url_map.iter_rules() if not guarded(app, rule)}
    assert unguarded == PUBLIC


def test_guarded_routes_refuse_whoever_has_no_session(app: Flask) -> None:
    client = app.test_client()
    listed = {rule.rule for rule in app.url_map.iter_rules() if not guarded(app, rule)}
    rules = [rule for rule in app.url_map.iter_rules() if guarded(app, rule) and rule.rule not in listed]
    assert rules
    opened = []
    for rule in rules:
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            status = client.open(address(rule), method=method).status_code
            if not 400 <= status < 500:
                opened.append(f"{method} {rule.rule}: {status}")
    assert opened == []
