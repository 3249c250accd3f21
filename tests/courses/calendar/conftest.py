"""A coach and a participant, whose calendars are read."""

from tests.courses.coaching.conftest import make_pair, october, pair  # noqa: F401  (fixtures)
