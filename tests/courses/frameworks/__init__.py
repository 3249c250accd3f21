"""Frameworks of competencies, and vocabularies."""
