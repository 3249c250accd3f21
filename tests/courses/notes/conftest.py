"""The pair of coaching, for whom notes are written."""

from __future__ import annotations

from tests.courses.coaching.conftest import make_pair, october, pair

__all__ = ["make_pair", "october", "pair"]
