"""The evidence and raters of the scoring tests."""

from tests.certificates.scoring.conftest import (  # noqa: F401  (fixtures)
    asked,
    make_desk,
    make_story,
    make_trainer,
)
from tests.courses.conftest import make_enrolment, make_studied, studied  # noqa: F401  (fixtures)
