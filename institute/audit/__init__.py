"""Decisions, append-only, sealed into a chain."""

from institute.audit.recording import record as record
