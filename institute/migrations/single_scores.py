"""The way back from scores of several raters to one rater's, as statements: what the older tables can hold is kept."""

# ruff: noqa: S608  (names of ours)

from typing import Final

import sqlalchemy as sa
from alembic import op

PARAGRAPH: Final = "\n\n"
"""Between the comments of two raters."""

EARLIER = (
    "SELECT id FROM score_release r WHERE EXISTS"
    " (SELECT 1 FROM score_release l WHERE l.submission_id = r.submission_id AND l.round > r.round)"
)
LOST = (
    f"DELETE FROM released_comment WHERE release_id IN ({EARLIER})",
    "DELETE FROM carried_score",
    f"DELETE FROM criterion_score WHERE level_numerator IS NULL OR release_id IN ({EARLIER})",
    f"DELETE FROM score_release WHERE id IN ({EARLIER})",
)

RETURNING = "SELECT s.task_id FROM scoring_return r JOIN score_sheet s ON s.id = r.sheet_id"
# One task of each submission stays: of what came back whoever sent it back, of all others the first.
STAYING = (
    "SELECT id FROM scoring_task WHERE round = 0 AND state <> 'withdrawn' AND submission_id IS NOT NULL"
    f" AND (id IN ({RETURNING}) OR (purpose = 'first'"
    " AND submission_id NOT IN (SELECT submission_id FROM scoring_return)))"
)
GONE = (
    f"DELETE FROM score_revision WHERE sheet_id IN (SELECT id FROM score_sheet WHERE task_id NOT IN ({STAYING}))",
    f"DELETE FROM score_sheet WHERE task_id NOT IN ({STAYING})",
    f"DELETE FROM scoring_task WHERE id NOT IN ({STAYING})",
)
# Nobody else's score is to come, and no appeal: whoever scored has the sheet in hand, or what was released decides.
RELEASED = "SELECT submission_id FROM score_release"
UNFINISHED = (
    (
        "UPDATE submission SET state = 'in_scoring'"
        f" WHERE state IN ('scored', 'adjudicating', 'adjudicated') AND id NOT IN ({RELEASED})"
    ),
    (
        "UPDATE submission SET state = CASE WHEN id IN (SELECT submission_id FROM score_release WHERE passed)"
        " THEN 'accepted' ELSE 'revise_resubmit' END"
        f" WHERE state IN ('released', 'appealed', 'upheld', 'changed') AND id IN ({RELEASED})"
    ),
)
SETTLED = (
    f"UPDATE scoring_task SET state = 'returned' WHERE id IN ({RETURNING})",
    f"UPDATE scoring_task SET state = 'released' WHERE state = 'scored' AND submission_id IN ({RELEASED})",
    "UPDATE scoring_task SET state = 'held', closed_at = NULL WHERE state = 'scored'",
)


def join_words() -> None:
    """Write the comments that raters made on a criterion into its score, one after the other."""
    bind = op.get_bind()
    words = sa.text("SELECT release_id, criterion_id, text FROM released_comment ORDER BY id")
    for release_id, criterion_id, words_of_one in bind.execute(words).all():
        bind.execute(
            sa.text(
                "UPDATE criterion_score SET comment = CASE comment WHEN '' THEN :words"
                " ELSE comment || :between || :words END WHERE release_id = :release AND criterion_id = :c"
            ).bindparams(words=words_of_one, between=PARAGRAPH, release=release_id, c=criterion_id)
        )
