"""Custom values: variables, which begin with ``$``, are replaced; those that are unknown here stay as they are."""

from collections.abc import Mapping, Sequence
from typing import Any

from lti.sandbox.records import Course, Link, Person
from lti.sandbox.state import Sandbox


def fill_custom(
    sandbox: Sandbox, custom: Mapping[str, Any], *, person: Person, course: Course, link: Link | None
) -> dict[str, Any]:
    """Return the custom values with their variables replaced, and twice as often where the platform doubles keys."""
    known = _list_values(sandbox, person, course, link)
    filled = {name: _replace(value, known) for name, value in custom.items()}
    if sandbox.profile.doubles_custom:
        return {name.lower(): value for name, value in filled.items()} | filled
    return filled


def _replace(value: Any, known: Mapping[str, str | None]) -> Any:
    if isinstance(value, str) and value.startswith("$"):
        return known.get(value[1:], value)
    return value


def _join(sandbox: Sandbox, history: Sequence[str]) -> str:
    longest = sandbox.profile.longest_history
    if longest is not None and len(history) > longest:
        return ",".join([*history[:longest], "truncated"])
    return ",".join(history)


def _list_values(
    sandbox: Sandbox, person: Person, course: Course, link: Link | None
) -> dict[str, str | None]:
    values: dict[str, str | None] = {
        "Context.id": course.id,
        "Context.label": course.label,
        "Context.title": course.title,
        "Context.id.history": _join(sandbox, course.history),
        "CourseSection.timeFrame.begin": course.begins_at or "",
        "CourseSection.timeFrame.end": course.ends_at or "",
        "Person.address.timezone": person.timezone or ("99" if sandbox.profile.doubles_custom else ""),
        "User.id": person.sub,
        "Message.locale": person.locale,
    }
    if person.privacy in {"all", "name"}:
        values |= {"Person.name.full": person.name, "Person.name.given": person.given_name}
    if link is None:
        # Moodle knows these variables, but has nothing to put in before there is a link.
        return values | ({"ResourceLink.title": None} if sandbox.profile.doubles_custom else {})
    values |= {"ResourceLink.id": link.id, "ResourceLink.title": link.title}
    values["ResourceLink.description"] = link.description
    if sandbox.profile.keeps_dates:
        values["ResourceLink.id.history"] = _join(sandbox, link.history)
        for name, period in (
            ("available", link.dates.get("available")),
            ("submission", link.dates.get("submission")),
        ):
            for edge in ("startDateTime", "endDateTime"):
                values[f"ResourceLink.{name}.{edge}"] = (period or {}).get(edge, "")
    return values
