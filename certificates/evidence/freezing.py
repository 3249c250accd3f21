"""What keeps a submission as it was submitted: triggers of both databases, so that no code can forget it."""

from __future__ import annotations

from typing import Final

# What of a submission stands from the moment it is submitted; only its state goes on, and never back to a draft.
_CHANGED: Final = (
    "NEW.state = 'draft' OR NEW.text <> OLD.text OR NEW.submitted_at <> OLD.submitted_at"
    " OR NEW.saved_at <> OLD.saved_at OR NEW.institute_id <> OLD.institute_id"
    " OR NEW.requirement_id <> OLD.requirement_id OR NEW.enrolment_id <> OLD.enrolment_id"
    " OR NEW.person_id <> OLD.person_id OR NEW.attempt <> OLD.attempt"
)
_OF_A_DRAFT: Final = "SELECT 1 FROM submission WHERE id = {row}.submission_id AND state = 'draft'"
_ROW: Final = {"insert": ("NEW",), "update": ("OLD", "NEW"), "delete": ("OLD",)}


def _sqlite() -> tuple[str, ...]:
    refuse = "BEGIN SELECT RAISE(ABORT, 'a submission is frozen'); END"
    files = tuple(
        f"CREATE TRIGGER submission_file_frozen_{verb} BEFORE {verb.upper()} ON submission_file WHEN "
        + " OR ".join(f"NOT EXISTS ({_OF_A_DRAFT.format(row=row)})" for row in rows)
        + f" {refuse}"
        for verb, rows in _ROW.items()
    )
    return (
        (
            "CREATE TRIGGER submission_frozen_update BEFORE UPDATE ON submission"
            f" WHEN OLD.state <> 'draft' AND ({_CHANGED}) {refuse}"
        ),
        (
            "CREATE TRIGGER submission_frozen_delete BEFORE DELETE ON submission"
            f" WHEN OLD.state <> 'draft' {refuse}"
        ),
        *files,
    )


def _postgresql() -> tuple[str, ...]:
    refuse = "RAISE EXCEPTION 'a submission is frozen';"
    function = "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
    trigger = "CREATE TRIGGER {name} BEFORE {verbs} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
    of_submission = (
        "IF OLD.state = 'draft' THEN IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END IF;"
        f" IF TG_OP = 'DELETE' THEN {refuse} END IF;"
        f" IF {_CHANGED} THEN {refuse} END IF; RETURN NEW;"
    )
    of_file = (
        f"IF TG_OP <> 'INSERT' AND NOT EXISTS ({_OF_A_DRAFT.format(row='OLD')}) THEN {refuse} END IF;"
        " IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;"
        f" IF NOT EXISTS ({_OF_A_DRAFT.format(row='NEW')}) THEN {refuse} END IF; RETURN NEW;"
    )
    return (
        function.format(name="submission_frozen", body=of_submission),
        trigger.format(name="submission_frozen", verbs="UPDATE OR DELETE", table="submission"),
        function.format(name="submission_file_frozen", body=of_file),
        trigger.format(
            name="submission_file_frozen", verbs="INSERT OR UPDATE OR DELETE", table="submission_file"
        ),
    )


FROZEN: Final[dict[str, tuple[str, ...]]] = {"sqlite": _sqlite(), "postgresql": _postgresql()}
