"""Institutes and their people. A person belongs to one institute; every reference is held within it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from institute.actors import GRANTABLE, InstituteId, PersonId, Role
from institute.clock import now
from institute.db import Base, UtcDateTime, enum_column
from institute.i18n import Localised, LocalisedType

OrganisationId = NewType("OrganisationId", int)
GrantId = NewType("GrantId", int)
SupervisionId = NewType("SupervisionId", int)
PersonLinkId = NewType("PersonLinkId", int)
ConflictDeclarationId = NewType("ConflictDeclarationId", int)


class Institute(Base):
    """A tenant: one coaching institute with its languages and its time zone.

    A ``sample`` may be removed with everything in it; then only this row stays, for the decisions that name it, under
    another slug and with ``removed_at``.
    """

    __tablename__ = "institute"
    __table_args__ = (UniqueConstraint("slug", name="slug"),)

    id: Mapped[InstituteId] = mapped_column(Integer, primary_key=True)
    slug: Mapped[str] = mapped_column(String(60))
    name: Mapped[Localised] = mapped_column(LocalisedType)
    languages: Mapped[str] = mapped_column(String(200), default="en")
    timezone: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    sample: Mapped[bool] = mapped_column(default=False)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OrganisationKind(StrEnum):
    """What an organisation of the tree is."""

    REGION = "region"
    AGENCY = "agency"
    SITE = "site"


class Organisation(Base):
    """A region, an agency or a site. The tree ends at the institute."""

    __tablename__ = "organisation"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        UniqueConstraint("institute_id", "key", name="key"),
        ForeignKeyConstraint(["institute_id", "parent_id"], ["organisation.institute_id", "organisation.id"]),
        CheckConstraint("parent_id IS NULL OR parent_id <> id", name="not_own_parent"),
    )

    id: Mapped[OrganisationId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    parent_id: Mapped[OrganisationId | None] = mapped_column(Integer)
    key: Mapped[str] = mapped_column(String(60))
    kind: Mapped[OrganisationKind] = enum_column(OrganisationKind, name="kind")
    name: Mapped[Localised] = mapped_column(LocalisedType)


class Person(Base):
    """Somebody of one institute. The name may be empty: platforms need not share it.

    ``provisioned`` persons were entered before their first launch; only they are found by e-mail, once.
    """

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        UniqueConstraint("institute_id", "key", name="key"),
        Index("ix_person_institute_email", "institute_id", "email"),
        # Those who wait are few among many, and are looked for at each first launch and in each list of people.
        Index(
            "ix_person_provisioned",
            "institute_id",
            sqlite_where=text("provisioned IS 1"),
            postgresql_where=text("provisioned IS TRUE"),
        ),
    )

    id: Mapped[PersonId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    key: Mapped[str | None] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(300), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    locale: Mapped[str | None] = mapped_column(String(10))
    timezone: Mapped[str | None] = mapped_column(String(60))
    provisioned: Mapped[bool] = mapped_column(default=False)
    linked: Mapped[bool] = mapped_column(default=False)
    """Whether another row is the same person: see ``institute.people.linking``."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class PersonLink(Base):
    """Two rows that are one person since somebody confirmed it from both sides. Undone, never deleted."""

    __tablename__ = "person_link"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        ForeignKeyConstraint(["institute_id", "kept_id"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "other_id"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "undone_by_id"], ["person.institute_id", "person.id"]),
        CheckConstraint("kept_id <> other_id", name="two_rows"),
        CheckConstraint("undone_by_id IS NULL OR undone_at IS NOT NULL", name="undone_dated"),
        Index("ix_person_link_kept_id", "kept_id"),
        Index("ix_person_link_other_id", "other_id"),
    )

    id: Mapped[PersonLinkId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    kept_id: Mapped[PersonId] = mapped_column(Integer)
    other_id: Mapped[PersonId] = mapped_column(Integer)
    linked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by_id: Mapped[PersonId | None] = mapped_column(Integer)


class Grant(Base):
    """A role that the institute gave a person, whatever an LMS says. Ended, never deleted."""

    __tablename__ = "role_grant"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(
            ["institute_id", "organisation_id"], ["organisation.institute_id", "organisation.id"]
        ),
        CheckConstraint("role IN (" + ", ".join(f"'{role}'" for role in GRANTABLE) + ")", name="grantable"),
        Index("ix_role_grant_person", "person_id"),
    )

    id: Mapped[GrantId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    person_id: Mapped[PersonId] = mapped_column(Integer)
    organisation_id: Mapped[OrganisationId | None] = mapped_column(Integer)
    role: Mapped[Role] = enum_column(Role, name="role")
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Supervision(Base):
    """Who directs whose work, from a day to a day (inclusive; open where ``until`` is null)."""

    __tablename__ = "supervision"
    __table_args__ = (
        ForeignKeyConstraint(["institute_id", "supervisor_id"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "subordinate_id"], ["person.institute_id", "person.id"]),
        CheckConstraint("supervisor_id <> subordinate_id", name="two_people"),
        CheckConstraint("until IS NULL OR until >= since", name="in_order"),
    )

    id: Mapped[SupervisionId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    supervisor_id: Mapped[PersonId] = mapped_column(Integer, index=True)
    subordinate_id: Mapped[PersonId] = mapped_column(Integer, index=True)
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)


class ConflictDeclaration(Base):
    """That two people should not coach, rate or direct each other: they are related, or share a business.

    Declared by one of the two or for them, from a day to a day (inclusive; open where ``until`` is null). Who declares
    it for oneself writes a name (``named``); it holds once a coordinator has said who that is (``other_id``).
    """

    __tablename__ = "conflict_declaration"
    __table_args__ = (
        UniqueConstraint("institute_id", "id", name="tenant"),
        ForeignKeyConstraint(["institute_id", "person_id"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "other_id"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "declared_by"], ["person.institute_id", "person.id"]),
        ForeignKeyConstraint(["institute_id", "ended_by"], ["person.institute_id", "person.id"]),
        CheckConstraint("other_id IS NULL OR other_id <> person_id", name="two_people"),
        CheckConstraint("other_id IS NOT NULL OR length(named) > 0", name="about_somebody"),
        CheckConstraint("until IS NULL OR until >= since", name="in_order"),
        CheckConstraint("length(reason) > 0", name="says_why"),
        Index("ix_conflict_declaration_person_id", "person_id"),
        Index("ix_conflict_declaration_other_id", "other_id"),
    )

    id: Mapped[ConflictDeclarationId] = mapped_column(Integer, primary_key=True)
    institute_id: Mapped[InstituteId] = mapped_column(ForeignKey("institute.id"))
    person_id: Mapped[PersonId] = mapped_column(Integer)
    other_id: Mapped[PersonId | None] = mapped_column(Integer)
    named: Mapped[str] = mapped_column(String(300), default="")
    reason: Mapped[str] = mapped_column(Text)
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)
    declared_by: Mapped[PersonId | None] = mapped_column(Integer)
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    ended_by: Mapped[PersonId | None] = mapped_column(Integer)
