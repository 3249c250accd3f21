"""Roles under their former name."""

from institute.actors import GRANTABLE as GRANTABLE
from institute.actors import Actor as Actor
from institute.actors import Role as Role
from institute.actors import provide as provide
