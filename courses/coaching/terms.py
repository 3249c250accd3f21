"""The institute's own words for what a session was about and who pays for it: tags of two of its vocabularies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from courses.coaching.errors import TermUnknownError
from courses.coaching.sheets import Checked, SessionFacts
from courses.frameworks.queries import named, tag_choices
from institute.actors import InstituteId

PRACTICES: Final = "practices"
FUNDING: Final = "funding"


def note_unknown_terms(checked: Checked, facts: SessionFacts, institute_id: InstituteId) -> None:
    """Refuse practices and funding that the institute does not know; what it retired since is known."""
    wanted = [("practices", PRACTICES, facts.practices), ("funding", FUNDING, (facts.funding,))]
    names = named(institute_id, (term for *_, terms in wanted for term in terms if term))
    for name, vocabulary, terms in wanted:
        found = [names[term] for term in terms if term]
        if not all(one.known and one.group_key == vocabulary for one in found):
            checked.refuse(name, TermUnknownError())


def term_choices(institute_id: InstituteId) -> dict[str, list[tuple[str, str]]]:
    """Return what a form offers for ``practices`` and for ``funding``, as (address, text in the reader's language).

    Nothing where the institute has no such vocabulary.
    """
    offered = {group.key: group.choices for group in tag_choices(institute_id)}
    return {
        key: [(choice.address, str(choice.title)) for choice in offered.get(key, ())]
        for key in (PRACTICES, FUNDING)
    }


def say_terms(institute_id: InstituteId, terms: Iterable[str]) -> list[str]:
    """Return what terms are called in the reader's language; one that is gone by its address."""
    return [str(one.title or one.code) for one in named(institute_id, terms).values()]
