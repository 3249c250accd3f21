"""One person with accounts at several platforms."""
