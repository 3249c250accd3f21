"""What guides bring to an application: a module in three renderings for every area, on pages and as documents."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, url_for

from courses.catalogue.queries import ProgrammeLine, list_programmes
from courses.catalogue.renderings import Rendering, below_headings
from courses.cohorts.members import coached_member, cohort_member
from courses.cohorts.rosters import readable_by_coach, readable_by_facilitator
from courses.guides import rendering
from courses.guides.documents import JOB_KIND
from courses.guides.finding import find_for_participant, finder
from courses.guides.links import links_for_participant, links_with_member
from courses.guides.pages import GuidePage
from courses.guides.views.guides import guides_blueprint
from courses.guides.views.programmes import programmes_blueprint
from institute.actors import Actor, Role
from institute.i18n import gettext, lazy_gettext, shown
from institute.jobs import worker
from institute.web import navigation, sections
from institute.web.navigation import NavItem
from institute.web.sections import Section

# The first is what a module's plain address shows.
FOR_PARTICIPANTS = (Rendering.PARTICIPANT, Rendering.QUICK)
FOR_COACHES = (Rendering.COACH, Rendering.QUICK, Rendering.PARTICIPANT)


def init_app(app: Flask) -> None:
    """Attach the pages of guides, the worker's part, and the buttons on other rooms' pages."""
    app.jinja_env.filters["below_headings"] = below_headings
    worker.handle(app, JOB_KIND, rendering.make_document, retry=rendering.RETRY)
    coach = finder(readable_by_coach, coached_member)
    facilitator = finder(readable_by_facilitator, cohort_member)
    author = finder(_every_programme)
    for blueprint in (
        guides_blueprint(Role.PARTICIPANT, FOR_PARTICIPANTS, find_for_participant, _trail_of_participant),
        guides_blueprint(Role.COACH, FOR_COACHES, coach, _trail("coach_programmes.programme")),
        guides_blueprint(
            Role.FACILITATOR, FOR_COACHES, facilitator, _trail("facilitator_programmes.programme")
        ),
        guides_blueprint(Role.AUTHOR, FOR_COACHES, author, _trail("author_programmes.programme")),
    ):
        app.register_blueprint(blueprint)
    for role, readable in (
        (Role.COACH, readable_by_coach),
        (Role.FACILITATOR, readable_by_facilitator),
        (Role.ADMINISTRATOR, _every_programme),
    ):
        app.register_blueprint(programmes_blueprint(role, readable))
    navigation.add(app, NavItem(Role.COACH, 20, lazy_gettext("Coach guide"), "coach_programmes.index"))
    navigation.add(
        app, NavItem(Role.FACILITATOR, 20, lazy_gettext("Programme"), "facilitator_programmes.index")
    )
    navigation.add(
        app, NavItem(Role.ADMINISTRATOR, 10, lazy_gettext("Programmes"), "administrator_programmes.index")
    )
    for place, query in (("cohorts.module", links_for_participant), ("coached.member", links_with_member)):
        sections.add(app, Section(place, 10, "courses/guides/_links.html", query))


def _every_programme(actor: Actor) -> list[ProgrammeLine]:
    return list_programmes(actor.institute_id)


def _trail_of_participant(page: GuidePage) -> list[tuple[str, str]]:
    module = page.guide.module
    return [
        (gettext("Modules"), url_for("participant_modules.index")),
        (
            gettext("Module %(number)s", number=module.number),
            url_for("participant_modules.module", module=module.slug),
        ),
    ]


def _trail(endpoint: str) -> Callable[[GuidePage], list[tuple[str, str]]]:
    """Return the way to a guide that begins at the page of its programme."""

    def trail(page: GuidePage) -> list[tuple[str, str]]:
        programme, module = page.guide.programme, page.guide.module
        address = url_for(endpoint, programme=programme.slug, _anchor=module.slug)
        number = gettext("Module %(number)s", number=module.number)
        return [(shown(programme.title), url_for(endpoint, programme=programme.slug)), (number, address)]

    return trail
