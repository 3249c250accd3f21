"""What happened to keys, for those who publish something that is signed."""

from __future__ import annotations

from dataclasses import dataclass

from institute.actors import InstituteId
from institute.keys.models import KeyPurpose


@dataclass(frozen=True, slots=True)
class KeyRotated:
    """Another key signs for this purpose from now on; what is signed anew each time it changes may be signed anew."""

    institute_id: InstituteId
    purpose: KeyPurpose
