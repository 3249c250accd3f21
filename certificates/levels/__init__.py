"""Levels: what a person can be certified as, in order."""
