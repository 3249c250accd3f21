"""The tables that say why a submission has a second score, as revision 0043 makes them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


def make() -> None:
    """Make the seeds, what was drawn with them, and the reasons."""
    op.create_table(
        "drawing_seed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(seed) = 64", name=op.f("ck_drawing_seed_seed_whole")),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_drawing_seed_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drawing_seed")),
    )
    op.create_index(op.f("ix_drawing_seed_institute_id"), "drawing_seed", ["institute_id"], unique=False)
    op.create_table(
        "draw",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("seed_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.CheckConstraint("number BETWEEN 0 AND 9999", name=op.f("ck_draw_number_in_range")),
        sa.CheckConstraint("share BETWEEN 0 AND 100", name=op.f("ck_draw_share_in_percent")),
        sa.ForeignKeyConstraint(
            ["institute_id", "submission_id"],
            ["submission.institute_id", "submission.id"],
            name=op.f("fk_draw_institute_id_submission_id"),
        ),
        sa.ForeignKeyConstraint(["institute_id"], ["institute.id"], name=op.f("fk_draw_institute_id")),
        sa.ForeignKeyConstraint(["seed_id"], ["drawing_seed.id"], name=op.f("fk_draw_seed_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_draw_submission")),
    )
    op.create_table(
        "second_score",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institute_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column(
            "why",
            sa.Enum(
                "always",
                "new_rater",
                "retake",
                "near_cut",
                "drawn",
                "appeal",
                name="why_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institute_id", "submission_id"],
            ["submission.institute_id", "submission.id"],
            name=op.f("fk_second_score_institute_id_submission_id"),
        ),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institute.id"], name=op.f("fk_second_score_institute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_score")),
        sa.UniqueConstraint("submission_id", "round", "why", name=op.f("uq_second_score_why")),
    )
