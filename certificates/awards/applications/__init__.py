"""Applying for a level: what is true of a candidate, what is missing, what was decided."""
