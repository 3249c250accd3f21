"""Frameworks of competencies with their practice scales, and the institute's own vocabularies."""
