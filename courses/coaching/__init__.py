"""Coaching sessions: what coaches log, what participants answer, and the hours that count."""
