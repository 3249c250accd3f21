"""Stored files: kept by what they hold, checked by type and size."""
