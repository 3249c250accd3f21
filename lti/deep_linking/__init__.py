"""Choosing what a course links to, and telling the platform."""
