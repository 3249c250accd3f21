"""What the database itself refuses of session logs, whoever writes and however many at once.

Two sessions of one participant share no moment, nor do two of one coach unless one is a group session, nor two
groups of one coach; touching ends are allowed. What both sides agreed on stays as it
is, unless both agree on an amendment.
Migrations hold the same statements.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, Table, event

COACH_OVERLAP: Final = "session_log_coach_overlap"
PARTICIPANT_OVERLAP: Final = "session_log_participant_overlap"
GROUP_OVERLAP: Final = "session_group_overlap"

_NOT_GROUP: Final = "state <> 'voided' AND kind <> 'group'"
_STANDING: Final = "state <> 'voided'"
_GROUP_STANDS: Final = "voided_at IS NULL"
_FACTS: Final = (
    "institute_id", "assignment_id", "enrolment_id", "coach_id", "participant_id", "author_id", "start_utc",
    "end_utc", "zone", "local_day", "month", "break_minutes", "minutes", "mode", "kind", "confirmed_by", "group_id",
)  # fmt: skip


def guard(table: Table) -> None:
    """Have both databases keep the rules of logs on ``table``."""
    _make_with(table, guards_ddl())


def guard_groups(table: Table) -> None:
    """Have both databases keep the rule of groups on ``table``."""
    _make_with(table, group_guards_ddl())


def _make_with(table: Table, ddl: dict[str, tuple[str, ...]]) -> None:
    def make(_table: Table, connection: Connection, **_more: Any) -> None:
        for statement in ddl[connection.dialect.name]:
            connection.exec_driver_sql(statement)

    event.listen(table, "after_create", make)


def group_guards_ddl() -> dict[str, tuple[str, ...]]:
    """Return the statements that keep the groups of a coach apart, by dialect."""
    facts = ("session_group", GROUP_OVERLAP, "coach_id", _GROUP_STANDS)
    return {
        "sqlite": tuple(_refuse_overlap_lite(*facts, verb) for verb in ("insert", "update")),
        "postgresql": (_refuse_overlap_post(*facts),),
    }


def guards_ddl() -> dict[str, tuple[str, ...]]:
    """Return the statements that make the guards, by dialect."""
    unnamed_lite, unnamed_post = (
        f"NEW.amendment_id {same} OLD.amendment_id" for same in ("IS", "IS NOT DISTINCT FROM")
    )
    changed_lite = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in _FACTS)
    changed_post = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _FACTS)
    # What both agreed on changes only with an amendment that both agreed on: the row names it.
    final = (
        "(OLD.state = 'voided'"
        " OR (OLD.state = 'locked' AND (NEW.state <> 'locked' OR NEW.amendment_id IS NULL OR {same}))"
        " OR (OLD.state = 'confirmed' AND NEW.state NOT IN ('confirmed', 'locked'))"
        " OR (OLD.state = 'confirmed' AND ({changed}) AND (NEW.amendment_id IS NULL OR {same})))"
    )
    lite = [
        _refuse_overlap_lite("session_log", name, person, condition, verb)
        for name, person, condition in (
            (COACH_OVERLAP, "coach_id", _NOT_GROUP),
            (PARTICIPANT_OVERLAP, "participant_id", _STANDING),
        )
        for verb in ("insert", "update")
    ]
    lite.append(
        "CREATE TRIGGER session_log_final BEFORE UPDATE ON session_log "
        f"WHEN {final.format(changed=changed_lite, same=unnamed_lite)} "
        "BEGIN SELECT RAISE(ABORT, 'session_log_final'); END"
    )
    post = [
        _refuse_overlap_post("session_log", COACH_OVERLAP, "coach_id", _NOT_GROUP),
        _refuse_overlap_post("session_log", PARTICIPANT_OVERLAP, "participant_id", _STANDING),
        (
            "CREATE FUNCTION session_log_final() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF {final.format(changed=changed_post, same=unnamed_post)} "
            "THEN RAISE EXCEPTION 'session_log_final'; END IF; RETURN NEW; END $$"
        ),
        (
            "CREATE TRIGGER session_log_final BEFORE UPDATE ON session_log "
            "FOR EACH ROW EXECUTE FUNCTION session_log_final()"
        ),
    ]
    return {"sqlite": tuple(lite), "postgresql": tuple(post)}


def _refuse_overlap_lite(table: str, name: str, person: str, condition: str, verb: str) -> str:
    # No session lasts longer than a day and its break, so the index need not be read from its beginning.
    return (
        f"CREATE TRIGGER {name}_{verb} BEFORE {verb.upper()} ON {table} "  # noqa: S608  (names of ours)
        f"WHEN NEW.{condition.replace(' AND ', ' AND NEW.')} AND EXISTS (SELECT 1 FROM {table} "
        f"WHERE {person} = NEW.{person} AND id IS NOT NEW.id AND {condition} "
        "AND start_utc < NEW.end_utc AND end_utc > NEW.start_utc "
        "AND start_utc > datetime(NEW.start_utc, '-3 days')) "
        f"BEGIN SELECT RAISE(ABORT, '{name}'); END"
    )


def _refuse_overlap_post(table: str, name: str, person: str, condition: str) -> str:
    # A range of one number stands for equality, so that no extension is needed.
    return (
        f"ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist "
        f"(int4range({person}, {person}, '[]') WITH &&, tstzrange(start_utc, end_utc, '[)') WITH &&) "
        f"WHERE ({condition})"
    )
