"""What keeps an award as it was issued: triggers of both databases, so that no code can forget it.

Its status may change, and its document may be set once; nothing else, and no award is ever deleted.
"""

from __future__ import annotations

from typing import Final

ISSUED: Final = (
    "institute_id, application_id, enrolment_id, person_id, level_id, rule_set_id, code, serial, year, number,"
    " name_frozen, locale, second_locale, institute_name, level_name, title, level_position, signatory, minutes,"
    " issued_at, issued_by, valid_until, snapshot, snapshot_sha256, status_index, pathway, edition,"
    " supersedes_id, look"
)
DOCUMENT: Final = "document_key_id, badge_key_id, document_file_id, document_sha256"
_REFUSE: Final = "BEGIN SELECT RAISE(ABORT, 'an award is frozen'); END"
_CALL: Final = "EXECUTE FUNCTION award_frozen()"

FROZEN: Final[dict[str, tuple[str, ...]]] = {
    "sqlite": (
        f"CREATE TRIGGER award_frozen_update BEFORE UPDATE OF {ISSUED} ON award {_REFUSE}",
        (
            f"CREATE TRIGGER award_frozen_document BEFORE UPDATE OF {DOCUMENT} ON award"
            f" WHEN OLD.document_file_id IS NOT NULL {_REFUSE}"
        ),
        f"CREATE TRIGGER award_frozen_delete BEFORE DELETE ON award {_REFUSE}",
    ),
    "postgresql": (
        (
            "CREATE FUNCTION award_frozen() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'an award is frozen'; END $$"
        ),
        f"CREATE TRIGGER award_frozen_update BEFORE UPDATE OF {ISSUED} ON award FOR EACH ROW {_CALL}",
        (
            f"CREATE TRIGGER award_frozen_document BEFORE UPDATE OF {DOCUMENT} ON award"
            f" FOR EACH ROW WHEN (OLD.document_file_id IS NOT NULL) {_CALL}"
        ),
        f"CREATE TRIGGER award_frozen_delete BEFORE DELETE ON award FOR EACH ROW {_CALL}",
    ),
}
