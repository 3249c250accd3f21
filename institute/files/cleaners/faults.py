"""What ends the cleaning of a file."""

from __future__ import annotations


class UncleanError(Exception):
    """A file cannot be cleaned. The message is a stable code for the log: it names nobody."""
