"""What the database itself refuses of session logs, whoever writes and however many at once.

Two sessions of one participant share no moment, nor do two of one coach unless one is a group session; touching
ends are allowed. What both sides agreed on stays as it is. Migrations hold the same statements.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, Table, event

COACH_OVERLAP: Final = "session_log_coach_overlap"
PARTICIPANT_OVERLAP: Final = "session_log_participant_overlap"

_NOT_GROUP: Final = "state <> 'voided' AND kind <> 'group'"
_STANDING: Final = "state <> 'voided'"
_FACTS: Final = (
    "institute_id", "assignment_id", "enrolment_id", "coach_id", "participant_id", "author_id", "start_utc",
    "end_utc", "zone", "local_day", "month", "break_minutes", "minutes", "mode", "kind", "confirmed_by",
)  # fmt: skip


def guard(table: Table) -> None:
    """Have both databases keep these rules on ``table``."""

    def make(_table: Table, connection: Connection, **_more: Any) -> None:
        for statement in guards_ddl()[connection.dialect.name]:
            connection.exec_driver_sql(statement)

    event.listen(table, "after_create", make)


def guards_ddl() -> dict[str, tuple[str, ...]]:
    """Return the statements that make the guards, by dialect."""
    changed_lite = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in _FACTS)
    changed_post = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _FACTS)
    final = (
        "(OLD.state IN ('locked', 'voided') OR (OLD.state = 'confirmed' AND NEW.state NOT IN ('confirmed', 'locked'))"
        " OR (OLD.state = 'confirmed' AND ({changed})))"
    )
    lite = [
        _refuse_overlap_lite(name, person, condition, verb)
        for name, person, condition in (
            (COACH_OVERLAP, "coach_id", _NOT_GROUP),
            (PARTICIPANT_OVERLAP, "participant_id", _STANDING),
        )
        for verb in ("insert", "update")
    ]
    lite.append(
        "CREATE TRIGGER session_log_final BEFORE UPDATE ON session_log "
        f"WHEN {final.format(changed=changed_lite)} "
        "BEGIN SELECT RAISE(ABORT, 'session_log_final'); END"
    )
    post = [
        _refuse_overlap_post(COACH_OVERLAP, "coach_id", _NOT_GROUP),
        _refuse_overlap_post(PARTICIPANT_OVERLAP, "participant_id", _STANDING),
        (
            "CREATE FUNCTION session_log_final() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF {final.format(changed=changed_post)} "
            "THEN RAISE EXCEPTION 'session_log_final'; END IF; RETURN NEW; END $$"
        ),
        (
            "CREATE TRIGGER session_log_final BEFORE UPDATE ON session_log "
            "FOR EACH ROW EXECUTE FUNCTION session_log_final()"
        ),
    ]
    return {"sqlite": tuple(lite), "postgresql": tuple(post)}


def _refuse_overlap_lite(name: str, person: str, condition: str, verb: str) -> str:
    # No session lasts longer than a day and its break, so the index need not be read from its beginning.
    return (
        f"CREATE TRIGGER {name}_{verb} BEFORE {verb.upper()} ON session_log "  # noqa: S608  (names of ours)
        f"WHEN NEW.{condition.replace(' AND ', ' AND NEW.')} AND EXISTS (SELECT 1 FROM session_log "
        f"WHERE {person} = NEW.{person} AND id IS NOT NEW.id AND {condition} "
        "AND start_utc < NEW.end_utc AND end_utc > NEW.start_utc "
        "AND start_utc > datetime(NEW.start_utc, '-3 days')) "
        f"BEGIN SELECT RAISE(ABORT, '{name}'); END"
    )


def _refuse_overlap_post(name: str, person: str, condition: str) -> str:
    # A range of one number stands for equality, so that no extension is needed.
    return (
        f"ALTER TABLE session_log ADD CONSTRAINT {name} EXCLUDE USING gist "
        f"(int4range({person}, {person}, '[]') WITH &&, tstzrange(start_utc, end_utc, '[)') WITH &&) "
        f"WHERE ({condition})"
    )
