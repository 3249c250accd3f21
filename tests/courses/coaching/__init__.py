"""Coaching sessions and hours."""
