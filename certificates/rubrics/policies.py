"""How evidence is scored by a rubric: when a second rater reads it, when a third decides, and by when.

The defaults are the practice of the large scoring programmes; each rubric may say otherwise, and a change makes a new
version of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final


class Settled(StrEnum):
    """Which scores count once a third person has scored: theirs alone, or the mean of the two closest."""

    ADJUDICATOR = "adjudicator"
    CLOSEST_PAIR = "closest_pair"


class Releasing(StrEnum):
    """Who lets scores out: nobody needs to, or the scoring lead."""

    AUTOMATIC = "automatic"
    LEAD = "lead"


@dataclass(frozen=True, slots=True)
class Policy:
    """The policy of one version of a rubric. Shares are whole percent, times whole days.

    ``raters`` is how many always score: 2 makes every score a double one. ``first`` is how many scores of a rater new
    to this rubric are doubled. ``near_cut`` is the distance of a mean from a cut within which a second score is
    asked. ``share`` of all others is drawn at random. Two scores that lie ``gap`` levels or more apart on a criterion
    go to a third person, and those on different sides of a cut where ``across_cut``. ``incomplete`` is how many
    condition codes make evidence unscorable as a whole. ``seeded`` is the share of known papers among a rater's tasks.
    """

    raters: int = 1
    first: int = 10
    retakes: bool = True
    near_cut: Fraction | None = Fraction(1, 2)
    share: int = 20
    gap: int = 2
    across_cut: bool = True
    settled: Settled = Settled.ADJUDICATOR
    releasing: Releasing = Releasing.AUTOMATIC
    calibrated: bool = True
    apart_by_employer: bool = False
    days_to_score: int = 14
    incomplete: int = 2
    seeded: int = 0
    attempts: int = 3
    days_to_revise: int = 90
    days_to_appeal: int = 90


LIMITS: Final[Mapping[str, range]] = {
    "raters": range(1, 3),
    "first": range(1_000),
    "share": range(101),
    "gap": range(1, 10),
    "days_to_score": range(1, 366),
    "incomplete": range(1, 21),
    "seeded": range(51),
    "attempts": range(1, 21),
    "days_to_revise": range(1, 731),
    "days_to_appeal": range(1, 731),
}
"""What each number of a policy may be."""
FLAGS: Final = ("retakes", "across_cut", "calibrated", "apart_by_employer")
FARTHEST_FROM_CUT: Final = 3
"""How many levels away from a cut a mean may at most count as near."""

USUAL: Final = Policy()
SINGLE: Final = Policy(first=0, retakes=False, near_cut=None, share=0)
"""One rater decides: for what no certificate rests on."""


def change_policy(policy: Policy, changed: Mapping[str, Any]) -> Policy:
    """Return a policy with some of its fields changed, given by their names. Raises TypeError for another name."""
    return replace(policy, **changed)


def write_policy(policy: Policy) -> dict[str, Any]:
    """Return a policy as JSON holds it."""
    near = policy.near_cut
    return asdict(policy) | {"near_cut": None if near is None else str(near)}


def read_policy(written: Mapping[str, Any]) -> Policy:
    """Return the policy that ``write_policy`` wrote; what an older one does not say is as usual."""
    known = {field.name for field in fields(Policy)}
    found = {name: value for name, value in written.items() if name in known}
    if found.get("near_cut") is not None:
        found["near_cut"] = Fraction(found["near_cut"])
    for name, kind in (("settled", Settled), ("releasing", Releasing)):
        if name in found:
            found[name] = kind(found[name])
    return replace(USUAL, **found)
