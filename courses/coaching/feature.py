"""What coaching brings to an application."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask

from courses.coaching import agreeing, duties, groups_writing, holding, letters, opening, reminding
from courses.coaching.accounts import month_panel
from courses.coaching.actions_pages import section_on_log, section_on_person
from courses.coaching.board import board_panel
from courses.coaching.looking_back import last_agreed
from courses.coaching.member_accounts import coached_month, coordinated_month
from courses.coaching.pages import waiting_panel
from courses.coaching.terms import say_terms
from courses.coaching.today import next_session_panel
from courses.coaching.views import accounts, coach, groups, participant, planning, steps
from courses.cohorts import counted
from courses.hours.bars import lay_out_bar
from courses.hours.totals import COUNTED
from courses.sessions.wording import (
    say_day,
    say_difference,
    say_kind,
    say_mode,
    say_moment,
    say_month,
    say_short_day,
    say_times,
    say_zone,
)
from institute import actors
from institute.actors import Role
from institute.i18n import lazy_gettext
from institute.web import navigation, panels, sections
from institute.web.areas import current_actor
from institute.web.navigation import NavItem
from institute.web.panels import Panel
from institute.web.sections import Section

FOLDER = "courses/coaching"


def terms_here(addresses: Iterable[str]) -> list[str]:
    """Return what the reader's institute calls practices or funding."""
    return say_terms(current_actor().institute_id, addresses)


def init_app(app: Flask) -> None:
    """Attach the pages of both sides, their panels, the mails and what links may open."""
    for blueprint in (
        coach.blueprint,
        participant.blueprint,
        groups.blueprint,
        planning.blueprint,
        steps.coach,
        steps.participant,
    ):
        app.register_blueprint(blueprint)
    app.jinja_env.globals.update(
        lay_out_bar=lay_out_bar,
        say_day=say_day,
        say_difference=say_difference,
        say_kind=say_kind,
        say_mode=say_mode,
        say_moment=say_moment,
        say_month=say_month,
        say_short_day=say_short_day,
        say_times=say_times,
        say_terms=terms_here,
        say_zone=say_zone,
    )
    for blueprint in (accounts.coach, accounts.coordinator):
        app.register_blueprint(blueprint)
    actors.provide(app, duties.UNSETTLED)
    actors.provide(app, duties.LATELY)
    counted.provide(app, COUNTED)
    opening.init_app(app)
    letters.init_app(app)
    reminding.init_app(app)
    holding.init_app(app)
    agreeing.init_app(app)
    navigation.add(
        app,
        NavItem(
            Role.PARTICIPANT,
            20,
            lazy_gettext("Hours"),
            "participant_hours.index",
            also=("participant_schedule",),
        ),
    )
    navigation.add(
        app,
        NavItem(Role.COACH, 15, lazy_gettext("Sessions"), "coach_sessions.index", also=("coach_schedule",)),
    )
    panels.add(app, Panel(Role.PARTICIPANT, 5, f"{FOLDER}/_waiting.html", waiting_panel))
    panels.add(app, Panel(Role.PARTICIPANT, 20, f"{FOLDER}/_month.html", month_panel))
    panels.add(app, Panel(Role.PARTICIPANT, 21, f"{FOLDER}/_next.html", next_session_panel, beside=True))
    panels.add(app, Panel(Role.COACH, 5, f"{FOLDER}/_board.html", board_panel))
    sections.add(
        app, Section("coaching.coach_log", 3, f"{FOLDER}/_grouped.html", groups_writing.section_on_log)
    )
    sections.add(app, Section("coaching.session", 5, f"{FOLDER}/_agreed.html", section_on_log))
    sections.add(app, Section("coaching.coach_log", 5, f"{FOLDER}/_agreed.html", section_on_log))
    sections.add(app, Section("coached.member", 5, f"{FOLDER}/_agreed.html", section_on_person))
    for place, month in (("coached.member", coached_month), ("coordinator.member", coordinated_month)):
        sections.add(app, Section(place, 5, f"{FOLDER}/_member_month.html", month))
    sections.add(app, Section("guides.look_back", 10, f"{FOLDER}/_look_back.html", last_agreed))
