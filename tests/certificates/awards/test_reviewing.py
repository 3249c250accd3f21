"""The page of an application: everything that a decision stands on, with its sources."""

from __future__ import annotations

from collections.abc import Callable

from tests.certificates.awards.conftest import APPLICATIONS, Candidate, Office
from tests.databases import counted


def test_every_figure_leads_to_where_it_comes_from(candidate: Candidate, office: Office) -> None:
    candidate.apply()
    with counted() as statements:
        page = office.visitor.get(f"{APPLICATIONS}/{candidate.application.id}").text
    for words in (
        "What the figures come from",
        "Log of hours: 1 session, 1 h 15 min confirmed",
        'href="#hours"',
    ):
        assert words in page
    assert len(statements) <= 70


def test_no_file_of_other_evidence_is_sent(candidate: Candidate, office: Office) -> None:
    candidate.apply()
    path = f"{APPLICATIONS}/{candidate.application.id}/evidence"
    for wrong in ("0/files/0", "1/files/1", f"{2**31}/files/1", f"{10**30}/files/{10**30}"):
        assert office.visitor.get(f"{path}/{wrong}").status_code == 404


def test_what_was_returned_or_denied_is_found_again_with_its_reason(
    make_candidate: Callable[..., Candidate], office: Office
) -> None:
    path = f"{APPLICATIONS}/turned-down"
    assert "Nothing yet" in office.visitor.get(path).text
    kept, back = make_candidate(), make_candidate()
    for one in (kept, back):
        one.apply()
    reason = {"return_reason": "The form of your site is missing."}
    office.visitor.post(f"{APPLICATIONS}/{back.application.id}/return", reason)
    page = office.visitor.get(path, query_string={"page": "99"}).text
    assert f'{APPLICATIONS}/{back.application.id}"' in page
    assert "The form of your site is missing." in page
    assert f'{APPLICATIONS}/{kept.application.id}"' not in page
