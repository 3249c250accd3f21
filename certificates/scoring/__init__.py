"""Scoring: judging evidence against a rubric."""
