"""Institutes, organisations, people, grants and who supervises whom."""
