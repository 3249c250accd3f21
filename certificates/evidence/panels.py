"""What homes and pages of other rooms say of portfolios."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask

from certificates.evidence.boards import board_of
from certificates.evidence.hands import Hands
from certificates.evidence.models import Owner
from certificates.evidence.portfolios import count_waiting
from courses.cohorts.models import EnrolmentId
from institute.actors import Actor, Role
from institute.errors import NotFoundError
from institute.web import panels, sections
from institute.web.panels import Panel
from institute.web.sections import Section

FOLDER = "certificates/evidence"


@dataclass(frozen=True, slots=True)
class WaitingPanel:
    """How much waits in portfolios for a role."""

    role: str
    found: int


@dataclass(frozen=True, slots=True)
class PortfolioWay:
    """How much of somebody's portfolio is there."""

    role: str
    enrolment_id: EnrolmentId
    done: int
    all: int


def init_app(app: Flask) -> None:
    """Add the panels of homes, and the ways from people to their portfolios."""
    for role, order in ((Role.COACH, 60), (Role.COORDINATOR, 40), (Role.ADMINISTRATOR, 40)):
        panels.add(app, Panel(role, order, f"{FOLDER}/_portfolios_panel.html", _waiting(role)))
    for place, role in (("coached.member", Role.COACH), ("coordinator.member", Role.COORDINATOR)):
        sections.add(app, Section(place, 60, f"{FOLDER}/_portfolio_section.html", _way(role)))


def _waiting(role: Role) -> Callable[[Actor], WaitingPanel | None]:
    def query(actor: Actor) -> WaitingPanel | None:
        owner = Owner.COACH if role is Role.COACH else Owner.OFFICE
        found = count_waiting(owner, actor=actor)
        return WaitingPanel(role.value, found) if found or role is Role.ADMINISTRATOR else None

    return query


def _way(role: Role) -> Callable[[Actor, int], PortfolioWay | None]:
    def query(actor: Actor, enrolment_id: int) -> PortfolioWay | None:
        hands = Hands(Owner.COACH if role is Role.COACH else Owner.OFFICE, EnrolmentId(enrolment_id))
        try:
            board = board_of(hands.enrolment(actor))
        except NotFoundError:
            return None
        groups = [group for part in board.parts for group in part.groups]
        if not groups:
            return None
        done = sum(group.met for group in groups)
        return PortfolioWay(role.value, EnrolmentId(enrolment_id), done, len(groups))

    return query
