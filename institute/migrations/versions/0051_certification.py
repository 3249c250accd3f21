"""Applications and awards without a cohort, by a pathway, renewed or corrected; denials that are appealed."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

from institute.migrations.guards import put_aside

revision, down_revision = "0051", "0050"

STATES_BEFORE = ("under_review", "returned", "denied", "approved", "awarded")
STATES = ("under_review", "returned", "denied", "appealed", "approved", "awarded")
OPEN_BEFORE = "state IN ('approved', 'returned', 'under_review')"
OPEN = "state IN ('appealed', 'approved', 'returned', 'under_review')"
REASONS_BEFORE = (
    "issued_in_error",
    "rules_not_met",
    "misconduct",
    "holder_asked",
    "under_review",
    "other",
)
REASONS = (*REASONS_BEFORE, "corrected", "renewed", "lapsed")
GUARDED = ("application_step", "award", "award_change")
FROZEN_BEFORE = (
    "institute_id, application_id, enrolment_id, person_id, level_id, rule_set_id, code, serial, year, number,"
    " name_frozen, locale, second_locale, institute_name, level_name, title, level_position, signatory, minutes,"
    " issued_at, issued_by, valid_until, snapshot, snapshot_sha256, status_index"
)
FROZEN = f"{FROZEN_BEFORE}, pathway, edition, supersedes_id, look"


def upgrade() -> None:
    """Change the tables; whatever was awarded was awarded by the standard pathway, once."""
    _refuse_nothing()
    with put_aside(GUARDED):
        with op.batch_alter_table("award") as batch:
            batch.add_column(
                sa.Column("pathway", sa.String(length=60), nullable=False, server_default="standard")
            )
            batch.add_column(sa.Column("edition", sa.Integer(), nullable=False, server_default="1"))
            batch.add_column(sa.Column("supersedes_id", sa.Integer(), nullable=True))
            batch.add_column(sa.Column("look", sa.JSON(), nullable=False, server_default="{}"))
            batch.alter_column("enrolment_id", existing_type=sa.Integer(), nullable=True)
            batch.drop_constraint(op.f("uq_award_application"), type_="unique")
            batch.create_unique_constraint(op.f("uq_award_edition"), ["application_id", "edition"])
            batch.create_unique_constraint(op.f("uq_award_supersedes"), ["supersedes_id"])
            batch.create_check_constraint(op.f("ck_award_edition_counts_from_one"), "edition >= 1")
            batch.create_foreign_key(
                op.f("fk_award_institute_id_supersedes_id"),
                "award",
                ["institute_id", "supersedes_id"],
                ["institute_id", "id"],
            )
        with op.batch_alter_table("award") as batch:
            for column in ("pathway", "edition", "look"):
                batch.alter_column(column, server_default=None)
        op.drop_index("uq_application_open", "application")
        with op.batch_alter_table("application") as batch:
            batch.add_column(
                sa.Column("pathway", sa.String(length=60), nullable=False, server_default="standard")
            )
            batch.add_column(sa.Column("renews_id", sa.Integer(), nullable=True))
            batch.alter_column("enrolment_id", existing_type=sa.Integer(), nullable=True)
            _say_among(batch, "application", "state", STATES)
            batch.create_foreign_key(
                op.f("fk_application_institute_id_renews_id"),
                "award",
                ["institute_id", "renews_id"],
                ["institute_id", "id"],
                use_alter=True,
            )
        with op.batch_alter_table("application") as batch:
            batch.alter_column("pathway", server_default=None)
        _index_open(OPEN)
        with op.batch_alter_table("application_step") as batch:
            _say_among(batch, "application_step", "state", STATES)
        with op.batch_alter_table("award_change") as batch:
            batch.alter_column("person_id", existing_type=sa.Integer(), nullable=True)
            _say_among(batch, "award_change", "reason", REASONS)
    _freeze(FROZEN)


def downgrade() -> None:
    """Forget what only the new tables can say: appeals of denials, awards without a cohort or that replaced others."""
    _refuse_nothing()
    with put_aside(GUARDED):
        op.execute("UPDATE application_step SET state = 'denied' WHERE state = 'appealed'")
        op.execute("UPDATE application SET state = 'denied' WHERE state = 'appealed'")
        op.execute("UPDATE application SET renews_id = NULL")
        op.execute(
            "UPDATE award_change SET reason = 'other' WHERE reason IN ('corrected', 'renewed', 'lapsed')"
        )
        op.execute(
            "UPDATE award_change SET person_id = (SELECT issued_by FROM award WHERE award.id = award_change.award_id)"
            " WHERE person_id IS NULL"
        )
        _forget("edition > 1 OR enrolment_id IS NULL")
        with op.batch_alter_table("award_change") as batch:
            batch.alter_column("person_id", existing_type=sa.Integer(), nullable=False)
            _say_among(batch, "award_change", "reason", REASONS_BEFORE)
        with op.batch_alter_table("application_step") as batch:
            _say_among(batch, "application_step", "state", STATES_BEFORE)
        op.drop_index("uq_application_open", "application")
        with op.batch_alter_table("application") as batch:
            batch.drop_constraint(op.f("fk_application_institute_id_renews_id"), type_="foreignkey")
            _say_among(batch, "application", "state", STATES_BEFORE)
            batch.alter_column("enrolment_id", existing_type=sa.Integer(), nullable=False)
            batch.drop_column("renews_id")
            batch.drop_column("pathway")
        _index_open(OPEN_BEFORE)
        with op.batch_alter_table("award") as batch:
            batch.drop_constraint(op.f("fk_award_institute_id_supersedes_id"), type_="foreignkey")
            batch.drop_constraint(op.f("ck_award_edition_counts_from_one"), type_="check")
            batch.drop_constraint(op.f("uq_award_supersedes"), type_="unique")
            batch.drop_constraint(op.f("uq_award_edition"), type_="unique")
            batch.create_unique_constraint(op.f("uq_award_application"), ["application_id"])
            batch.alter_column("enrolment_id", existing_type=sa.Integer(), nullable=False)
            for column in ("look", "supersedes_id", "edition", "pathway"):
                batch.drop_column(column)
    _freeze(FROZEN_BEFORE)


def _say_among(batch: BatchOperations, table: str, column: str, words: tuple[str, ...]) -> None:
    """Let a column hold these words and no others."""
    name = op.f(f"ck_{table}_{column}")
    batch.drop_constraint(name, type_="check")
    batch.create_check_constraint(name, f"{column} IN ({', '.join(repr(word) for word in words)})")


def _index_open(where: str) -> None:
    op.create_index(
        "uq_application_open",
        "application",
        ["person_id", "level_id"],
        unique=True,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )


def _refuse_nothing() -> None:
    """Take the guard of what was issued away: it names columns."""
    on = " ON award" if op.get_bind().dialect.name == "postgresql" else ""
    op.execute(f"DROP TRIGGER award_frozen_update{on}")


def _freeze(columns: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        what = "FOR EACH ROW EXECUTE FUNCTION award_frozen()"
    else:
        what = "BEGIN SELECT RAISE(ABORT, 'an award is frozen'); END"
    op.execute(f"CREATE TRIGGER award_frozen_update BEFORE UPDATE OF {columns} ON award {what}")


def _forget(which: str) -> None:
    """Delete awards that the tables before cannot hold, with what hangs on them."""
    award, where = sa.table("award", sa.column("id"), sa.column("supersedes_id")), sa.text(which)
    doomed = sa.select(award.c.id).where(where).scalar_subquery()
    for name in ("award_flag", "award_change"):
        table = sa.table(name, sa.column("award_id"))
        op.execute(sa.delete(table).where(table.c.award_id.in_(doomed)))
    op.execute(sa.update(award).where(award.c.supersedes_id.in_(doomed)).values(supersedes_id=None))
    op.execute(sa.delete(award).where(where))
    op.execute(
        "DELETE FROM application_step WHERE application_id IN"
        " (SELECT id FROM application WHERE enrolment_id IS NULL)"
    )
    op.execute("DELETE FROM application WHERE enrolment_id IS NULL")
