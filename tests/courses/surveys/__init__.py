"""Rounds of instruments: reflection assessments, relationship surveys, programme evaluations."""
