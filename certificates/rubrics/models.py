"""Tables of the rubrics: versions that never change, their criteria, and each level of those in words."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Any, NewType, cast

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Integer, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from certificates.rubrics.policies import Policy, read_policy
from institute.actors import InstituteId
from institute.clock import now
from institute.db import Base, UtcDateTime, append_only
from institute.i18n import Localised, LocalisedType

RubricId = NewType("RubricId", int)
CriterionId = NewType("CriterionId", int)


class Rubric(Base):
    """One version of a rubric. What was scored by it keeps it, so a change is a new version.

    ``levels`` is how many levels each criterion has. The cut is the least mean of the criteria that passes, as a
    fraction.
    """

    __tablename__ = "rubric"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        UniqueConstraint("institute_id", "key", "version", name="version"),
        CheckConstraint("version >= 1", name="version_counts_from_one"),
        CheckConstraint("levels >= 2", name="two_levels_or_more"),
        CheckConstraint(
            "cut_denominator >= 1 AND cut_numerator >= cut_denominator"
            " AND cut_numerator <= levels * cut_denominator",
            name="cut_within_levels",
        ),
    )

    id: Mapped[RubricId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    key: Mapped[str] = mapped_column(String(60))
    version: Mapped[int]
    title: Mapped[Localised] = mapped_column(LocalisedType)
    levels: Mapped[int]
    cut_numerator: Mapped[int]
    cut_denominator: Mapped[int]
    policy: Mapped[dict[str, Any]] = mapped_column(JSON)
    """How evidence is scored by it (certificates.rubrics.policies); another policy is another version."""
    sha256: Mapped[str] = mapped_column(String(64))
    """Hex digest of everything it says, by which an unchanged rubric is recognised."""
    published_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    criteria: Mapped[list[Criterion]] = relationship(order_by="Criterion.position", viewonly=True)

    @property
    def cut(self) -> Fraction:
        """The least mean that passes."""
        return Fraction(self.cut_numerator, self.cut_denominator)

    @property
    def rules(self) -> Policy:
        """The policy by which evidence is scored."""
        return read_policy(self.policy)


class Criterion(Base):
    """One thing that a rubric looks at.

    ``element`` is the address of the competency that it proves, as frameworks write it; ``minimum`` is the level that
    it must reach by itself, None where only the mean counts.
    """

    __tablename__ = "criterion"
    __table_args__ = (
        UniqueConstraint("rubric_id", "key", name="key"),
        UniqueConstraint("rubric_id", "position", name="position"),
        CheckConstraint("position >= 1", name="position_counts_from_one"),
        CheckConstraint("minimum IS NULL OR minimum >= 1", name="minimum_counts_from_one"),
    )

    id: Mapped[CriterionId] = mapped_column(Integer, primary_key=True)
    rubric_id: Mapped[RubricId] = mapped_column(ForeignKey("rubric.id"))
    key: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]
    title: Mapped[Localised] = mapped_column(LocalisedType)
    element: Mapped[str | None] = mapped_column(String(160))
    minimum: Mapped[int | None]

    levels: Mapped[list[CriterionLevel]] = relationship(order_by="CriterionLevel.number", viewonly=True)


class CriterionLevel(Base):
    """One level of a criterion, 1 being the lowest, in words, with an example of what it looks like."""

    __tablename__ = "criterion_level"
    __table_args__ = (CheckConstraint("number >= 1", name="number_counts_from_one"),)

    criterion_id: Mapped[CriterionId] = mapped_column(ForeignKey("criterion.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[Localised] = mapped_column(LocalisedType)
    descriptor: Mapped[Localised] = mapped_column(LocalisedType)
    example: Mapped[Localised | None] = mapped_column(LocalisedType)


FROZEN = (Rubric, Criterion, CriterionLevel)

for _model in FROZEN:
    append_only(cast("Table", _model.__table__))
