"""What a programme says of hours, which months are excused, and the sums of each month, filled from the logs."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0033", "0032"

POLICY_CHECKS = {
    "raised_both": "(raised_minimum IS NULL) = (raised_target IS NULL)",
    "raised_in_order": "raised_minimum >= 0 AND raised_target >= raised_minimum",
    "intensive_both": "(intensive_minimum IS NULL) = (intensive_target IS NULL)",
    "intensive_in_order": "intensive_minimum >= 0 AND intensive_target >= intensive_minimum",
    "late_days_credible": "late_days BETWEEN 1 AND 365",
    "long_credible": "long_minutes BETWEEN 15 AND 1440",
    "long_day_credible": "long_day_minutes BETWEEN 15 AND 1440",
    "group_credible": "most_in_group BETWEEN 2 AND 500",
    "recent_credible": "recent_months BETWEEN 1 AND 120",
}
WORDS = {
    "rounding": ("none", "nearest", "down"),
    "partial_month": ("full", "prorata"),
    "carry_over": ("none", "next"),
}
OWN_DOSAGE = ("raised_minimum", "raised_target", "intensive_minimum", "intensive_target")
# What a policy says that was set before one could say so: it counts on as it did.
SAID: dict[str, tuple[Any, Any]] = {
    "caps": (sa.String(length=2000), ""),
    "one_to_one_minimum": (sa.Boolean(), sa.false()),
    "rounding": (sa.String(length=40), "none"),
    "partial_month": (sa.String(length=40), "full"),
    "carry_over": (sa.String(length=40), "none"),
    "split_at_midnight": (sa.Boolean(), sa.false()),
    "late_days": (sa.Integer(), "30"),
    "long_minutes": (sa.Integer(), "240"),
    "long_day_minutes": (sa.Integer(), "480"),
    "most_in_group": (sa.Integer(), "15"),
    "planning_counts": (sa.Boolean(), sa.false()),
    "makeup_replaces": (sa.Boolean(), sa.true()),
}
FILL_MONTHS = """
    INSERT INTO hours_month (enrolment_id, month, institute_id, logged, waiting, counted, one_to_one, filling,
      filling_waiting, uncounted, capped, disputed, disputed_logs)
    SELECT enrolment_id, month, institute_id, sum(minutes), sum(waiting), sum(counted), sum(one_to_one), sum(counted),
      sum(waiting), sum(uncounted), 0, sum(disputed), sum(disputed_logs)
    FROM (
      SELECT enrolment_id, month, institute_id, minutes,
        CASE WHEN state = 'submitted' AND counts = 1 THEN minutes ELSE 0 END AS waiting,
        CASE WHEN state IN ('confirmed', 'locked') AND counts = 1 THEN minutes ELSE 0 END AS counted,
        CASE WHEN state IN ('confirmed', 'locked') AND counts = 1 AND kind = 'one_to_one' THEN minutes ELSE 0 END
          AS one_to_one,
        CASE WHEN state <> 'disputed' AND counts = 0 THEN minutes ELSE 0 END AS uncounted,
        CASE WHEN state = 'disputed' THEN minutes ELSE 0 END AS disputed,
        CASE WHEN state = 'disputed' THEN 1 ELSE 0 END AS disputed_logs
      FROM (
        SELECT log.enrolment_id, log.month, log.institute_id, log.minutes, log.state, log.kind,
          CASE WHEN ' ' || coalesce(policy.counting, 'one_to_one/in_person one_to_one/video') || ' '
            LIKE '% ' || log.kind || '/' || log.mode || ' %' THEN 1 ELSE 0 END AS counts
        FROM session_log AS log
        JOIN enrolment ON enrolment.id = log.enrolment_id
        JOIN cohort ON cohort.id = enrolment.cohort_id
        LEFT JOIN coaching_policy AS policy ON policy.programme_id = cohort.programme_id
        WHERE log.state IN ('submitted', 'disputed', 'confirmed', 'locked')
      ) AS judged
    ) AS weighed
    GROUP BY enrolment_id, month, institute_id
"""
PACKED = """'["' || month || '",' || logged || ',' || waiting || ',' || counted || ',' || one_to_one
      || ',' || filling || ',' || filling_waiting || ',' || uncounted || ',' || capped || ',' || disputed
      || ',' || disputed_logs || ']'"""
FILL_TOTALS = """
    INSERT INTO hours_total (enrolment_id, institute_id, logged, waiting, counted, months)
    SELECT enrolment_id, institute_id, sum(logged), sum(waiting), sum(counted), '[' || {listed} || ']'
    FROM hours_month GROUP BY enrolment_id, institute_id
"""
LISTED = {"sqlite": "group_concat({one}, ',')", "postgresql": "string_agg({one}, ',')"}


def upgrade() -> None:
    """Make the tables, widen the policies, and sum what was logged."""
    op.create_table(
        "excused_month",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)",
            name=op.f("ck_excused_month_withdrawn_by_somebody"),
        ),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_excused_month_says_why")),
        sa.ForeignKeyConstraint(
            ["institute_id", "approved_by"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_excused_month_institute_id_approved_by"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "enrolment_id"],
            ["enrolment.institute_id", "enrolment.id"],
            name=op.f("fk_excused_month_institute_id_enrolment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "withdrawn_by"],
            ["person.institute_id", "person.id"],
            name=op.f("fk_excused_month_institute_id_withdrawn_by"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_excused_month_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_excused_month")),
        sa.UniqueConstraint("institute_id", "id", name=op.f("uq_excused_month_tenant")),
    )
    with op.batch_alter_table("excused_month", schema=None) as batch_op:
        batch_op.create_index(
            "uq_excused_month_standing",
            ["enrolment_id", "month"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )

    op.create_table(
        "hours_month",
        sa.Column("enrolment_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("logged", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("one_to_one", sa.Integer(), nullable=False),
        sa.Column("filling", sa.Integer(), nullable=False),
        sa.Column("filling_waiting", sa.Integer(), nullable=False),
        sa.Column("uncounted", sa.Integer(), nullable=False),
        sa.Column("capped", sa.Integer(), nullable=False),
        sa.Column("disputed", sa.Integer(), nullable=False),
        sa.Column("disputed_logs", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "counted >= 0 AND waiting >= 0 AND counted + waiting <= logged",
            name=op.f("ck_hours_month_no_more_than_logged"),
        ),
        sa.CheckConstraint("filling BETWEEN 0 AND counted", name=op.f("ck_hours_month_filling_is_counted")),
        sa.CheckConstraint(
            "one_to_one BETWEEN 0 AND counted", name=op.f("ck_hours_month_one_to_one_is_counted")
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "enrolment_id"],
            ["enrolment.institute_id", "enrolment.id"],
            name=op.f("fk_hours_month_institute_id_enrolment_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_hours_month_institute_id")),
        sa.PrimaryKeyConstraint("enrolment_id", "month", name=op.f("pk_hours_month")),
    )
    with op.batch_alter_table("hours_month", schema=None) as batch_op:
        batch_op.create_index(
            "ix_hours_month_tenant", ["institute_id", "month", "enrolment_id"], unique=False
        )

    op.create_table(
        "hours_total",
        sa.Column("enrolment_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("logged", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("months", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "counted >= 0 AND waiting >= 0 AND counted + waiting <= logged",
            name=op.f("ck_hours_total_no_more_than_logged"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id", "enrolment_id"],
            ["enrolment.institute_id", "enrolment.id"],
            name=op.f("fk_hours_total_institute_id_enrolment_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_hours_total_institute_id")),
        sa.PrimaryKeyConstraint("enrolment_id", name=op.f("pk_hours_total")),
    )
    with op.batch_alter_table("hours_total", schema=None) as batch_op:
        batch_op.create_index(
            "ix_hours_total_tenant",
            ["institute_id", "enrolment_id", "logged", "waiting", "counted"],
            unique=False,
        )
    with op.batch_alter_table("coaching_policy") as batch:
        for name in (*OWN_DOSAGE, "recent_months"):
            batch.add_column(sa.Column(name, sa.Integer(), nullable=True))
        for name, (kind, default) in SAID.items():
            batch.add_column(sa.Column(name, kind, nullable=False, server_default=default))
        for name, condition in POLICY_CHECKS.items():
            batch.create_check_constraint(op.f(f"ck_coaching_policy_{name}"), condition)
        for name, words in WORDS.items():
            named = ", ".join(f"'{word}'" for word in words)
            batch.create_check_constraint(op.f(f"ck_coaching_policy_{name}"), f"{name} IN ({named})")
        batch.alter_column(
            "counting", existing_type=sa.String(500), type_=sa.String(1000), existing_nullable=False
        )
    with op.batch_alter_table("coaching_policy") as batch:
        for name, (kind, _) in SAID.items():
            batch.alter_column(name, existing_type=kind, existing_nullable=False, server_default=None)
    op.execute(FILL_MONTHS)
    listed = LISTED[op.get_bind().dialect.name].format(one=PACKED)
    op.execute(FILL_TOTALS.format(listed=listed))


def downgrade() -> None:
    """Narrow the policies and drop the tables: the logs hold everything."""
    with op.batch_alter_table("coaching_policy") as batch:
        for name in (*POLICY_CHECKS, *WORDS):
            batch.drop_constraint(op.f(f"ck_coaching_policy_{name}"), type_="check")
        for name in (*OWN_DOSAGE, "recent_months", *SAID):
            batch.drop_column(name)
        batch.alter_column(
            "counting", existing_type=sa.String(1000), type_=sa.String(500), existing_nullable=False
        )
    for table in ("hours_total", "hours_month", "excused_month"):
        op.drop_table(table)
