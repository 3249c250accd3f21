"""What a launch tells the other parts of the door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from institute.actors import InstituteId, PersonId
from lti.launches.models import ContextId, IdentityId, ResourceLinkId


@dataclass(frozen=True, slots=True)
class CourseBound:
    """A course was bound to a cohort: its people matter from now on."""

    institute_id: InstituteId
    context_id: ContextId


@dataclass(frozen=True, slots=True)
class LinkLaunched:
    """Somebody was let in through a link of a course. Published when the launch's row is written and flushed."""

    institute_id: InstituteId
    resource_link_id: ResourceLinkId
    context_id: ContextId
    person_id: PersonId
    identity_id: IdentityId
    is_gradable: bool
    """Whether the platform says that they learn there, and are no test user."""
    ags_scopes: frozenset[str]
    """What the platform allows the tool to do in its gradebook."""
    has_gradebook: bool
    """Whether it named a column of its gradebook, or where its columns are."""
    offers_roster: bool
    """Whether it told where the people of the course are listed, and the course is bound to a cohort."""
    custom: Mapping[str, str]
    """The custom parameters that have a value, and those of the link's address that are not among them."""
