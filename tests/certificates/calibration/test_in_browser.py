"""In the browser: a lead builds a set, a trainer fails twice by keys, is let try again, passes and may score."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from certificates.calibration.qualified import may_score
from institute.db import db
from tests.certificates.calibration.conftest import Lead
from tests.certificates.scoring.conftest import KEY, Trainer
from tests.certificates.scoring.windows import OpenWindow, browser, open_window, slow  # noqa: F401  (fixtures)

pytestmark = pytest.mark.browser

HOME = "/scoring-lead/calibration/"


def build(tab: Tab) -> None:
    """Build and publish a set of one paper, all of whose levels are 2."""
    tab.get_by_role("link", name="New set").click()
    tab.get_by_role("button", name="Begin the set").click()
    expect(tab.get_by_text("Give the set a title.").first).to_be_visible()
    tab.get_by_label("Rubric").select_option(KEY)
    tab.get_by_label("Title").fill("Plans of the first year")
    tab.get_by_role("button", name="Begin the set").click()
    tab.get_by_role("button", name="Add a paper").click()
    tab.get_by_label("What raters read").fill("A plan without any name.")
    tab.locator("fieldset[id^=level-]").last.wait_for()
    tab.wait_for_load_state()  # none of its fieldsets is missing yet
    for criterion in tab.locator("fieldset[id^=level-]").all():
        criterion.locator("input[value='2']").check()
        criterion.locator("textarea").fill("A goal is named; who does what stays open.")
    tab.get_by_role("button", name="Save and go to the set").click()
    tab.get_by_role("button", name="Publish the set").click()
    expect(tab.get_by_text("The set is published.")).to_be_visible()


def take(tab: Tab, level: str) -> None:
    """Score the only paper by keys and hand it in."""
    tab.get_by_role("button", name="Hand in this paper").wait_for()
    criteria = tab.locator("[data-criterion]").count()
    for number in range(1, criteria + 1):
        tab.keyboard.press(level)
        tab.get_by_text(f"{number} of {criteria} scored").wait_for()
        tab.keyboard.press("j")
    tab.get_by_role("button", name="Hand in this paper").click()
    expect(tab.get_by_text("A goal is named; who does what stays open.").first).to_be_visible()
    tab.get_by_role("link", name="See your result").click()


def test_a_lead_builds_a_set_and_a_trainer_fails_twice_is_unlocked_and_passes(
    open_window: OpenWindow,  # noqa: F811
    lead: Lead,
    trainer: Trainer,
) -> None:
    office = open_window(lead, HOME)
    build(office)
    tab = open_window(trainer, "/trainer/calibration/")
    tab.get_by_role("button", name="Begin").click()
    take(tab, "4")
    expect(tab.get_by_text("Not passed this time.")).to_be_visible()
    tab.get_by_role("button", name="Try once more").click()
    take(tab, "4")
    expect(tab.get_by_text("Training comes before the next attempt.")).to_be_visible()
    office.get_by_role("link", name="Calibration").first.click()
    office.get_by_text("Open the next two attempts").click()
    office.get_by_label("What training there was").fill("An hour with the anchors.")
    office.get_by_role("button", name="Let them try again").click()
    tab.get_by_role("link", name="Calibration").first.click()
    tab.get_by_role("button", name="Begin again").click()
    take(tab, "2")
    expect(tab.get_by_text("You passed.")).to_be_visible()
    db.session.rollback()
    assert may_score(trainer.person.id, trainer.person.institute_id, KEY)
