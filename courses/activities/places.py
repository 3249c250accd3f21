"""Where somebody works: a step of the version that their enrolment studies, with what it needs."""

from __future__ import annotations

from dataclasses import dataclass

from courses.catalogue.details import MaterialDetail, Step
from courses.catalogue.doing import Way
from courses.catalogue.drafts import InstrumentDraft
from courses.catalogue.outlines import ModuleLine, SegmentLine
from courses.catalogue.queries import load_material, load_segment
from courses.cohorts.pages import own_enrolment
from courses.cohorts.queries import EnrolmentHere, Standing, load_standing
from courses.cohorts.ticking import StepAddress
from courses.instruments.finding import find_instrument
from institute.actors import Actor
from institute.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class Place:
    """A step as the enrolment's version has it. ``material`` and ``instrument`` are those that it names, if any."""

    enrolment: EnrolmentHere
    standing: Standing
    module: ModuleLine
    segment: SegmentLine
    step: Step
    material: MaterialDetail | None
    instrument: InstrumentDraft | None

    @property
    def way(self) -> Way:
        """How the step is done."""
        return self.step.way

    @property
    def closed(self) -> bool:
        """Whether the segment waits for something."""
        return self.standing.gate_of(self.segment) is not None

    @property
    def done(self) -> bool:
        """Whether the step is ticked."""
        return self.step.id in self.standing.done


def find_place(address: StepAddress, *, actor: Actor) -> Place:
    """Return a step of the participant's programme. Raises NotFoundError."""
    enrolment = own_enrolment(actor)
    standing = load_standing(enrolment)
    module = standing.outline.module(address.module)
    segment = module.segment(address.segment)
    step = next((one for one in load_segment(segment.id).steps if one.key == address.key), None)
    if step is None:
        raise NotFoundError
    material = load_material(segment.id, step.material) if step.material else None
    instrument = find_instrument(enrolment.version_id, step.instrument) if step.instrument else None
    return Place(enrolment, standing, module, segment, step, material, instrument)
