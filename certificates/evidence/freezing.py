"""What keeps a submission as it was submitted: triggers of both databases, so that no code can forget it."""

from __future__ import annotations

from typing import Final

# What of a submission stands from the moment it is submitted; only its state goes on, and never back to a draft.
_CHANGED: Final = (
    "NEW.state = 'draft' OR NEW.text <> OLD.text OR NEW.submitted_at <> OLD.submitted_at"
    " OR NEW.saved_at <> OLD.saved_at OR NEW.institute_id <> OLD.institute_id"
    " OR NEW.requirement_id <> OLD.requirement_id OR NEW.enrolment_id <> OLD.enrolment_id"
    " OR NEW.person_id <> OLD.person_id OR NEW.author_id <> OLD.author_id OR NEW.attempt <> OLD.attempt"
    " OR NEW.language <> OLD.language OR COALESCE(NEW.previous_id, 0) <> COALESCE(OLD.previous_id, 0)"
)
_OF_A_DRAFT: Final = "SELECT 1 FROM submission WHERE id = {row}.submission_id AND state = 'draft'"
_ROW: Final = {"insert": ("NEW",), "update": ("OLD", "NEW"), "delete": ("OLD",)}
PARTS: Final = ("submission_file", "submission_item", "presentation")
"""The tables of what belongs to a submission, each with a ``submission_id``."""


def _sqlite_submission() -> tuple[str, ...]:
    refuse = "BEGIN SELECT RAISE(ABORT, 'a submission is frozen'); END"
    return (
        (
            "CREATE TRIGGER submission_frozen_update BEFORE UPDATE ON submission"
            f" WHEN OLD.state <> 'draft' AND ({_CHANGED}) {refuse}"
        ),
        (
            "CREATE TRIGGER submission_frozen_delete BEFORE DELETE ON submission"
            f" WHEN OLD.state <> 'draft' {refuse}"
        ),
    )


def _sqlite_part(table: str) -> tuple[str, ...]:
    refuse = "BEGIN SELECT RAISE(ABORT, 'a submission is frozen'); END"
    return tuple(
        f"CREATE TRIGGER {table}_frozen_{verb} BEFORE {verb.upper()} ON {table} WHEN "
        + " OR ".join(f"NOT EXISTS ({_OF_A_DRAFT.format(row=row)})" for row in rows)
        + f" {refuse}"
        for verb, rows in _ROW.items()
    )


def _postgresql(table: str, body: str, verbs: str) -> tuple[str, ...]:
    name = f"{table}_frozen"
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$",
        f"CREATE TRIGGER {name} BEFORE {verbs} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    )


def _postgresql_submission() -> tuple[str, ...]:
    refuse = "RAISE EXCEPTION 'a submission is frozen';"
    body = (
        "IF OLD.state = 'draft' THEN IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END IF;"
        f" IF TG_OP = 'DELETE' THEN {refuse} END IF;"
        f" IF {_CHANGED} THEN {refuse} END IF; RETURN NEW;"
    )
    return _postgresql("submission", body, "UPDATE OR DELETE")


def _postgresql_part(table: str) -> tuple[str, ...]:
    refuse = "RAISE EXCEPTION 'a submission is frozen';"
    body = (
        f"IF TG_OP <> 'INSERT' AND NOT EXISTS ({_OF_A_DRAFT.format(row='OLD')}) THEN {refuse} END IF;"
        " IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;"
        f" IF NOT EXISTS ({_OF_A_DRAFT.format(row='NEW')}) THEN {refuse} END IF; RETURN NEW;"
    )
    return _postgresql(table, body, "INSERT OR UPDATE OR DELETE")


FROZEN: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "submission": {"sqlite": _sqlite_submission(), "postgresql": _postgresql_submission()},
    **{table: {"sqlite": _sqlite_part(table), "postgresql": _postgresql_part(table)} for table in PARTS},
}
"""What makes the triggers, by table and database."""
